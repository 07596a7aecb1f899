"""Single values of a `book.toml`: what is wrong with one, and its best form.

Each function takes a value as it is written and returns it as it is meant; its mistake is one of pydantic's, with the
code, the message and the hint that `mistakes.explain` reads.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import uuid
from collections.abc import Callable
from typing import Final, Literal

from pydantic_core import PydanticCustomError

from postil.document import EDITIONS, FORMATS
from postil.manuscript.relators import RELATORS

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")

# RFC 5646: language, extended language, script, region, variants, extensions, private use.
_LANGUAGE = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"
    r"(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?",
    re.IGNORECASE | re.ASCII,
)

_PLACE: Final = re.compile(r"\{\w+\}")
_LONGEST_TAG: Final = 100  # the longest that are registered have some 30

_Code = Literal["P911", "P913", "P914", "P915", "P916", "P917", "P918"]


def _wrong(code: _Code, message: str, hint: str) -> PydanticCustomError:
    """A mistake in a single value, as `mistakes.explain` reads it."""
    return PydanticCustomError(code, "{message}", {"message": message, "hint": hint})


LONGEST_LINE: Final = 1000
"""The most code points of a title, a name or a label: it must have room on a page and in a shop's list."""
LONGEST_TEXT: Final = 10_000
"""The most code points of what a shop shows of a book; ONIX allows some 4,000, and few shops show more."""
PAIRS: Final = 4
"""How many marks two pairs have."""
LONGEST_MARK: Final = 4
"""The most code points of a mark of quotation, its space included."""
LAST_YEAR: Final = 2107
"""The last year that the container of an EPUB, a zip file, can tell."""


def line(value: str) -> str:
    """Words on one line, with single spaces."""
    return _bounded(value, LONGEST_LINE)


def text(value: str) -> str:
    """A paragraph about the book, with single spaces."""
    return _bounded(value, LONGEST_TEXT)


def word(english: str) -> Callable[[str], str]:
    """A form of words for that of English, with the same places to fill in: `{number}. ábra` for `figure {number}`."""
    places = sorted(_PLACE.findall(english))

    def validate(value: str) -> str:
        value = name(value)
        if sorted(re.findall("[{}][^{}]*}?", value)) != places:
            wanted = f"has {' and '.join(places)} in it, once" if places else "has no braces in it"
            raise _wrong("P914", f"'{value}' does not say what goes where", f"it {wanted}, as in '{english}'")
        return value

    return validate


def quotes(value: list[str]) -> list[str]:
    """Marks of quotation: the outer pair and the inner pair, with spaces that go inside."""
    if len(value) != PAIRS or not all(0 < len(mark) <= LONGEST_MARK for mark in value):
        hint = 'write the outer pair and the inner pair: quotes = ["“", "”", "‘", "’"]'
        raise _wrong("P914", "'quotes' must be four marks", hint)
    return value


def _bounded(value: str, most: int) -> str:
    if len(value) > most:
        raise _wrong("P914", f"this is {len(value)} characters long, and may be {most}", "say it in fewer words")
    if found := _UNPRINTABLE.search(value):
        message = f"control character U+{ord(found[0]):04X} cannot stand in a book"
        raise _wrong("P914", message, "delete it")
    return " ".join(value.split())


def path(value: str) -> str:
    """The name of a file, as it is."""
    if not value.strip():
        raise PydanticCustomError("empty", "empty")
    return value


def date(value: dt.date) -> dt.date:
    """A day that the outputs can tell."""
    if value.year > LAST_YEAR:
        message = f"the date is after {LAST_YEAR}, the last year that an EPUB can be dated to"
        raise _wrong("P914", message, "write the day of publication, such as: date = 2026-11-23")
    return value


def name(value: str) -> str:
    """Words that may not be missing."""
    if not (words := line(value)):
        raise PydanticCustomError("empty", "empty")
    return words


def kind_name(value: str) -> str:
    """The word by which a manuscript calls a kind of annotation."""
    if not re.fullmatch("[a-z][a-z0-9-]*", value) or value == "reply":
        hint = "use small letters a to z, digits and hyphens; 'reply' is taken"
        raise _wrong("P914", f"'{value}' cannot name a kind of annotation", hint)
    return value


def language(value: str) -> str:
    """A BCP 47 language tag."""
    if len(value) > _LONGEST_TAG or not _LANGUAGE.fullmatch(value):
        hint = "write a BCP 47 tag, such as 'en', 'en-GB', 'de-CH' or 'zh-Hant'"
        raise _wrong("P915", f"'{value}' is not a language tag", hint)
    return value


def identifier(value: str) -> str:
    """A URN or URI."""
    hint = "write a URN or URI, such as 'urn:uuid:…' with a new UUID, or give an isbn instead"
    value = line(value)
    if value.lower().startswith("urn:uuid:"):
        try:
            uuid.UUID(value[9:])
        except ValueError:
            raise _wrong("P914", f"'{value}' is not a UUID", hint) from None
    if not value or " " in value:
        raise _wrong("P914", f"'{value}' cannot identify a book", hint)
    return value


def isbn(value: str) -> str:
    """An ISBN of 13 digits, with or without hyphens."""
    digits = value.replace("-", "").replace(" ", "")
    if re.fullmatch("[0-9]{9}[0-9Xx]", digits):
        hint = f"write it as ISBN-13: {_with_check_digit('978' + digits[:9])}"
        raise _wrong("P916", f"'{value}' is an ISBN of the old form, with 10 digits", hint)
    if not re.fullmatch("97[89][0-9]{10}", digits):
        hint = "an ISBN has 13 digits and begins with 978 or 979"
        raise _wrong("P916", f"'{value}' is not an ISBN", hint)
    if _with_check_digit(digits[:12]) != digits:
        hint = f"compare the digits: if the first 12 are right, the last is {_with_check_digit(digits[:12])[-1]}"
        raise _wrong("P916", f"the check digit of ISBN '{value}' is wrong", hint)
    return value


def _with_check_digit(twelve: str) -> str:
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(twelve))
    return f"{twelve}{-total % 10}"


def role(value: str) -> str:
    """A MARC relator code."""
    if value not in RELATORS:
        names = {name: code for code, name in RELATORS.items()}
        close = difflib.get_close_matches(value.lower(), [*RELATORS, *names], n=1)
        code = names.get(close[0], close[0]) if close else "aut"
        hint = f"write a MARC relator code, such as '{code}' for {RELATORS[code]}"
        raise _wrong("P917", f"'{value}' is not a role", hint)
    return value


def edition_name(value: str) -> str:
    """The name of an edition."""
    if value not in EDITIONS:
        close = difflib.get_close_matches(value, EDITIONS, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"keys here are {', '.join(EDITIONS)}"
        raise _wrong("P911", f"unknown key '{value}'", hint)
    return value


def trim(value: str) -> str:
    """A size of page that an edition is designed for."""
    size = re.sub(r"\s|in(?=$)", "", value.replace("×", "x")).upper().replace("X", "x")
    known = {trim for edition in EDITIONS.values() for trim in edition.trims}
    if size not in known:
        hint = f"the house style has {', '.join(sorted(known))}"
        raise _wrong("P918", f"'{value}' is not a trim size", hint)
    return size


def script(value: str) -> str:
    """The code of a script in ISO 15924."""
    if value in {"Zyyy", "Zinh", "Zzzz", "Zxxx"}:
        raise _wrong("P914", f"'{value}' is no script", "write 'Zsym' for symbols, 'Zsye' for emoji")
    if not re.fullmatch("[A-Z][a-z]{3}", value):
        hint = "write its code in ISO 15924: 'Hebr' for Hebrew, 'Arab' for Arabic, 'Hans' for simplified Chinese"
        raise _wrong("P914", f"'{value}' is not the code of a script", hint)
    return value


def every_output(value: object) -> object:
    """`isbn = "…"` is short for a table that has the same number for each output."""
    if isinstance(value, str):
        return {name: value for name, each in FORMATS.items() if each.published}
    if not isinstance(value, dict):
        known = " and ".join(f"'{name}'" for name in FORMATS)
        raise _wrong("P913", f"'isbn' must be text, or a table with {known}", "put it in quotation marks")
    return value


_MACRO = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand)\*?(?:\{\\[A-Za-z]+\}|\\[A-Za-z]+)(?:\[\d\])?\{.*\}"
    r"|\\DeclareMathOperator\*?\{\\[A-Za-z]+\}\{.+\}",
    re.DOTALL,
)


def macro(value: str) -> str:
    """The definition of a command for formulas, as the preamble of LaTeX has it."""
    if not _MACRO.fullmatch(definition := line(value)):
        hint = r"write it as '\newcommand{\R}{\mathbb{R}}' or '\DeclareMathOperator{\rank}{rank}', one in each text"
        raise _wrong("P914", f"'{definition[:40]}' defines no command", hint)
    return definition
