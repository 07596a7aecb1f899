"""Every word of what pages and EPUB are written from leads back to its place in the manuscript.

For the words of pages, see `test_pdf_titles`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from postil.build import Order, Stages, compose
from postil.document import EDITIONS, Book, Composed, Part, Text
from postil.source import Source
from postil.writing import Folder
from postil.xhtml import printed, reflowed, written

TESTS = Path(__file__).parents[1]
TITLES = [*sorted((TESTS / "books").iterdir()), TESTS.parent / "manuscript/pakistan-russia"]
SETTINGS = [
    pytest.param((folder, edition), marks=[pytest.mark.slow] if folder.parent.name == "manuscript" else [])
    for folder in TITLES
    for edition in EDITIONS
]
WORD = re.compile(r"[^\W\d_]{3,}")
Place = tuple[str, Source, int]


@pytest.fixture(scope="module", params=SETTINGS, ids=lambda setting: f"{setting[0].name}-{setting[1]}")
def book(request: pytest.FixtureRequest, answers: Folder) -> Book:
    folder, edition = request.param
    made, _ = compose(folder, Order(edition, (), answers), Stages())
    assert made is not None
    return made


def composed(nodes: Iterable[Composed], source: Source | None) -> Iterator[tuple[Text, Source | None]]:
    for node in nodes:
        if isinstance(node, Text):
            yield node, source
        else:
            yield from composed(node.children, node.source or source)


def in_markup(parts: Iterable[Part]) -> Iterator[Place]:
    for part in parts:
        for text, source in composed((part.section,), part.source):
            for word in WORD.finditer(text.value):
                offset = text.offset(word.start())
                if source is not None and offset is not None:
                    yield word[0], source, offset


def some(places: Iterable[Place]) -> list[Place]:
    """Two hundred of them, the same ones every time; all where there are not so many."""
    found = list(places)
    return random.Random(8).sample(found, min(200, len(found)))  # noqa: S311 -- no secret


def check(places: list[Place]) -> None:
    assert places
    for word, source, offset in places:
        assert source.text[offset : offset + len(word)] == word, source.position(offset)


@pytest.mark.parametrize("compose_", [printed, reflowed])
def test_a_word_of_the_markup_is_at_its_place(book: Book, compose_: type) -> None:
    check(some(in_markup(compose_(book))))


def test_nothing_of_it_is_in_what_is_written(book: Book) -> None:
    for compose_ in (printed, reflowed):
        assert all("data-source" not in written([part.section]) for part in compose_(book))
