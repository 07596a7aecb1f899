from __future__ import annotations

from collections.abc import Mapping

import pytest
from annotated_sample import IMAGE, MODIFIED, STYLES, WORDS, Opened, Write, parts, title

from postil import epub
from postil.document import EDITIONS, Book, Part


@pytest.fixture(scope="session")
def book() -> Book:
    return Book(title(), EDITIONS["annotated"], (), {IMAGE.path: IMAGE}, WORDS)


@pytest.fixture(scope="session")
def sample(book: Book) -> bytes:
    """The whole edition as an EPUB."""
    return epub.write(book, parts(), STYLES, MODIFIED)


@pytest.fixture(scope="session")
def opened(sample: bytes) -> Opened:
    return Opened(sample)


@pytest.fixture
def write(book: Book) -> Write:
    def written(book: Book = book, parts: tuple[Part, ...] = parts(), css: Mapping[str, str] = STYLES) -> Opened:
        return Opened(epub.write(book, parts, css, MODIFIED))

    return written
