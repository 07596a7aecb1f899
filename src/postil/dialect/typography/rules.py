"""How languages set what is typed: marks of quotation, spaces, dashes, apostrophes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple

from postil.words import quotes as quotes_of
from postil.words.locales import locales

NO_BREAK, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
EN_DASH, EM_DASH = "–", "—"


class Quotes(NamedTuple):
    """The quotation marks of a language, the inner ones within the others; a space inside belongs to its mark."""

    opening: str
    closing: str
    inner_opening: str
    inner_closing: str


@dataclass(frozen=True, slots=True)
class Typography:
    """How a language sets what is typed.

    `spaces` are those before a punctuation mark, `inside` those within guillemets, by the mark, if the language has
    these; `dash` is what `--` is beside a space, `ellipsis` what `...` is; `bound` says whether no line begins with a
    dash. An apostrophe stands before `elided` words.
    """

    quotes: Quotes
    spaces: Mapping[str, str] = field(default_factory=dict)
    inside: Mapping[str, str] = field(default_factory=dict)
    dash: str = EN_DASH
    ellipsis: str = "…"
    bound: bool = False
    elided: re.Pattern[str] | None = None


SPACES: Final[Mapping[str, Mapping[str, str]]] = {
    "fr": {";": NARROW, "!": NARROW, "?": NARROW, ":": NO_BREAK},  # Lexique de l'Imprimerie nationale
    "fr-CH": {";": NARROW, "!": NARROW, "?": NARROW, ":": NARROW},  # Guide du typographe
    "fr-CA": {":": NO_BREAK},  # Office québécois de la langue française
}
GUILLEMETS: Final = frozenset("«»‹›")
DASHES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("ru", "uk", "be", "bg"), EM_DASH),  # Мильчин, Справочник издателя: only the long one is a dash
    **dict.fromkeys(("es", "ca", "gl", "pt"), EM_DASH),  # RAE, Ortografía, 3.4.6: raya; Portuguese: travessão
    **dict.fromkeys(("zh", "ja", "yue"), EM_DASH * 2),  # GB/T 15834, 4.13; JIS X 4051
}
ELLIPSES: Final[Mapping[str, str]] = dict.fromkeys(("zh", "ja", "yue"), "……")  # GB/T 15834, 4.11
BOUND: Final = frozenset({"ru", "uk", "be", "bg"})
ELIDED: Final[Mapping[str, str]] = {
    "en": "tis|tisn|twas|twasn|twere|twill|twould|tain|em|til|n|nuff|cos|coz|cuz|gainst|neath|twixt",
    "nl": "[stnkmr]|ie|ns",
    "af": "[ntk]",
    "de": "[sn]|ne|nem|nen|ner|nes",
    "cy": "[rniwmu]|ch",
}
"""Words that begin with an apostrophe and that no quotation begins with, whatever follows."""


@cache
def typography(language: str, quotes: Quotes | None = None) -> Typography:
    """How text in a language, by its BCP 47 tag, is set; with other quotation marks, if these are given."""
    chain = locales(language)
    elided = next((ELIDED[locale] for locale in chain if locale in ELIDED), None)
    quotes = quotes or Quotes(*quotes_of(language))
    return Typography(
        quotes,
        next((SPACES[locale] for locale in chain if locale in SPACES), {}),
        {own.strip(): own.replace(own.strip(), "") for own in quotes if own.strip() in GUILLEMETS},
        next((DASHES[locale] for locale in chain if locale in DASHES), EN_DASH),
        next((ELLIPSES[locale] for locale in chain if locale in ELLIPSES), "…"),
        not BOUND.isdisjoint(chain),
        re.compile(rf"(?:{elided})\b", re.IGNORECASE) if elided else None,
    )


ENGLISH: Final = typography("en")
