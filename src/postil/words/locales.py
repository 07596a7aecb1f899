"""Which locales say something of a language: its own, and those that it goes back to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

SCRIPT = 4
"""How many letters the subtag of a script has."""


@cache
def cldr() -> Mapping[str, Any]:
    """What `.github/cldr.py` has taken from the Unicode CLDR: `locales` by tag, and `aliases` of tags."""
    made: Mapping[str, Any] = json.loads(files("postil").joinpath("data/cldr.json").read_text("utf-8"))
    return made


@cache
def locales(language: str) -> tuple[str, ...]:
    """Where to look for a BCP 47 language tag, the nearest first: "zh-TW" is "zh-Hant-TW", "zh-Hant", then "zh".

    That is the lookup of RFC 4647, 3.4, with the script of regions that have one of their own.
    """
    subtags = [_cased(index, subtag) for index, subtag in enumerate(language.split("-"))]
    singleton = next((index for index, subtag in enumerate(subtags) if len(subtag) == 1), len(subtags))
    subtags = subtags[:singleton]
    for length in range(len(subtags), 0, -1):
        head = "-".join(subtags[:length])
        if alias := cldr()["aliases"].get(head):
            region = subtags[length - 1 : length] if length > 1 else []
            subtags = [*alias.split("-"), *region, *subtags[length:]]
            break
    return tuple("-".join(subtags[:length]) for length in range(len(subtags), 0, -1))


def _cased(index: int, subtag: str) -> str:
    """A subtag in the letters that are usual for it: "zh", "Hant", "TW"."""
    if not index:
        return subtag.lower()
    return subtag.capitalize() if len(subtag) == SCRIPT else subtag.upper()
