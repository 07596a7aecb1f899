"""What Postil itself sets in a book, in the title's language: its words, quotation marks and dates."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from postil.words.dates import moment, written_out
from postil.words.locales import cldr, locales

__all__ = ["ENGLISH", "known", "languages", "moment", "quotes", "signals", "words", "written_out"]

_FALLBACK = "en"
_FOLDER = files("postil").joinpath("data/words")


@cache
def _table(locale: str) -> Mapping[str, str | list[str]]:
    """What the file of a locale says, where there is one."""
    file = _FOLDER.joinpath(f"{locale}.toml")
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


@cache
def _words(language: str) -> Mapping[str, str]:
    rows = [_table(locale) for locale in (*locales(language), _FALLBACK)]
    return {key: value for row in reversed(rows) for key, value in row.items() if isinstance(value, str)}


ENGLISH: Mapping[str, str] = _words(_FALLBACK)
"""The words in English, by key: all that there are."""


def languages() -> tuple[str, ...]:
    """The tags of the languages that have words of their own."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in _FOLDER.iterdir() if file.name.endswith(".toml")))


def known(language: str) -> bool:
    """Whether there are words of its own for a BCP 47 language tag."""
    return any(_table(locale) for locale in locales(language))


def words(language: str, own: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """The generated words for a language by key, those of English where it has none; but a title's `own` before all."""
    return {**_words(language), **(own or {})}


def signals(language: str) -> tuple[str, ...]:
    """What is said before a citation, such as "see" and "cf.", in a language; in English where it has none."""
    rows = (_table(locale).get("signals") for locale in (*locales(language), _FALLBACK))
    return tuple(next(row for row in rows if row))


def quotes(language: str) -> tuple[str, str, str, str]:
    """The outer pair of quotation marks and the inner pair, each with the spaces that go inside.

    They are CLDR's, but where the file of the words says why not.
    """
    for locale in locales(language):
        found = _table(locale).get("quotes") or cldr()["locales"].get(locale, {}).get("quotes")
        if found:
            return found[0], found[1], found[2], found[3]
    return quotes(_FALLBACK)
