"""A chapter without a title is said with what to write: its first heading, or what its file is called."""

from __future__ import annotations

import pytest

from postil.dialect import parse
from postil.dialect.headings import openings
from postil.source import Source


@pytest.mark.parametrize(
    ("path", "text", "hint"),
    [
        ("ch01-01.md", "## Installation\n\nWords.\n", "write '#' for '##'"),
        ("2 - Trees_and more.md", "Words.\n\n## Then\n", "'# Trees and more'"),
        ("part/02.md", "Words.\n", "'# …'"),
    ],
)
def test_what_is_to_be_the_title_is_said(path: str, text: str, hint: str) -> None:
    [found] = openings(parse(Source(path, text), {})[0])
    assert found.code == "P142"
    assert found.hint is not None
    assert hint in found.hint


@pytest.mark.parametrize("text", ["# One\n\nWords.\n", "Words.\n\n# One\n", ""])
def test_a_chapter_with_a_title_lacks_none(text: str) -> None:
    assert list(openings(parse(Source("1.md", text), {})[0])) == []
