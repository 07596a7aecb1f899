"""In which languages words are broken at the ends of lines, and which of these there are patterns for."""

from __future__ import annotations

from typing import Final

import pyphen

from postil.words.locales import locales

UNBROKEN: Final = frozenset(
    """am ar as bn bo ckb dv dz fa gu he hi ja km kn ko ks lo ml mni mr my ne nqo or pa ps sa sat sd si ta te th ti ug
    ur vi yi yue zh""".split()  # noqa: SIM905 -- a list would have a line for each
)
"""Languages that do without a hyphen at the end of a line: by their script, or as Vietnamese by its short words."""
ALIASES: Final = {"no": "nb", "sh": "sr-Latn"}
"""Languages for which there are patterns by another name. `print.css` says so to the typesetter."""


def lacks_patterns(language: str) -> bool:
    """Whether words in a language would be broken, but nobody knows where."""
    name = language.split("-", maxsplit=1)[0].lower()
    known = pyphen.language_fallback(language) or name in ALIASES
    return not known and not UNBROKEN.intersection((name, locales(language)[-1]))
