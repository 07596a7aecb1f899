"""The words that Postil itself sets ("Contents", "figure", the marks of quotation), in the title's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

FALLBACK = "en"


@cache
def _table() -> Mapping[str, Mapping[str, str | list[str]]]:
    return tomllib.loads(files("postil").joinpath("data/words.toml").read_text("utf-8"))


def known(language: str) -> bool:
    """Whether there are words of its own for a BCP 47 language tag (the tag's first subtag decides)."""
    return language.split("-", maxsplit=1)[0].lower() in _table()


@cache
def words(language: str) -> Mapping[str, str]:
    """The generated words for a language by key, those of English where the language has none."""
    table = _table()
    tables = (table[FALLBACK], table.get(language.split("-", maxsplit=1)[0].lower(), {}))
    return {key: value for rows in tables for key, value in rows.items() if isinstance(value, str)}


def quotes(language: str) -> tuple[str, str, str, str]:
    """The outer pair of quotation marks and the inner pair, each with the spaces that go inside."""
    table = _table()
    marks = table.get(language.split("-", maxsplit=1)[0].lower(), table[FALLBACK])["quotes"]
    return marks[0], marks[1], marks[2], marks[3]
