"""Where every word stands, known by construction."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from manuscripts import long_chapter
from test_dialect_cases import KINDS

from postil.dialect import parse
from postil.dialect.scanner import CYCLE
from postil.document import Chapter, Citation, Element, Parsed, Text, walk
from postil.source import Source

BREAK = "\n\n"
TITLES = Path(__file__).parent.parent.parent / "manuscript"


def everything(chapter: Chapter[Parsed]) -> Iterator[Parsed]:
    yield from walk(chapter.body)
    for note in chapter.notes.values():
        yield from walk(note.body)
    for annotation in chapter.annotations.values():
        yield from walk(annotation.body)
        for reply in annotation.replies:
            yield from walk(reply.body)


def test_every_word_of_a_long_chapter_is_at_its_place() -> None:
    text, words = long_chapter(3000)
    chapter, found = parse(Source("a.md", text), KINDS)
    assert found == ()
    places = {
        word.group(): (this.offset(word.start()), this.offset(word.end() - 1))
        for this in everything(chapter)
        if isinstance(this, Text)
        for word in re.finditer(r"w\d{6}", this.value)
    }
    in_alternative_texts = {word for word in words if f"[{word}" in text or f"{word}](figures" in text} - places.keys()
    assert len(in_alternative_texts) <= 2 * text.count("](figures")
    assert places == {w: (at, at + 6) for w, at in words.items() if w not in in_alternative_texts}


def test_no_word_of_a_long_chapter_is_there_twice() -> None:
    text, _ = long_chapter(600)
    chapter, _ = parse(Source("a.md", text), KINDS)
    shown = " ".join(this.value for this in everything(chapter) if isinstance(this, Text))
    assert max(Counter(re.findall(r"w\d{6}", shown)).values()) == 1


def test_a_chapter_with_more_words_than_code_points_keeps_them_apart() -> None:
    text = "".join(f"*w{number}*{' ' if number % 100 else BREAK}" for number in range(CYCLE + 100))
    chapter, _ = parse(Source("a.md", text), KINDS)
    shown = [this for this in walk(chapter.body) if isinstance(this, Text) and this.value.startswith("w")]
    assert [this.value for this in shown] == [f"w{number}" for number in range(CYCLE + 100)]
    assert all(text.startswith(f"{this.value}*", this.offset(0) or 0) for this in shown)


@pytest.mark.parametrize("path", sorted(TITLES.glob("*/*.md")), ids=lambda path: path.name)
def test_every_word_of_the_shipped_title_is_at_its_place(path: Path) -> None:
    source = Source(path.name, path.read_text("utf-8"))
    chapter, _ = parse(source, KINDS)
    for this in everything(chapter):
        if isinstance(this, Text):
            for word in re.finditer(r"\w+", this.value):
                place = this.offset(word.start())
                assert place is not None
                assert source.text[place : place + len(word.group())] == word.group()


def test_marks_notes_and_citations_are_at_their_places() -> None:
    text = "A {==word==}[^q], {--old--}{++new++}, a[^1], b[^p], [see @k, 3; @l], @m [4], [](#x), [i]{.index}.\n\n"
    text += "[^q]: {.query} Q.\n[^1]: N.\n[^p]: {.gloss} P.\n"
    chapter, _ = parse(Source("a.md", text), KINDS)
    spans = [this.span for this in walk(chapter.body) if not isinstance(this, Text | Element)]
    assert [text[span.start : span.end] for span in spans] == [
        "{==word==}",
        "{--old--}{++new++}",
        "[^1]",
        "[^p]",
        "[see @k, 3; @l]",
        "@m [4]",
        "[](#x)",
        "[i]{.index}",
    ]
    cites = [cite for this in walk(chapter.body) if isinstance(this, Citation) for cite in this.cites]
    assert [text[cite.span.start : cite.span.end] for cite in cites] == ["@k", "@l", "@m"]
    definitions = [annotation.span for annotation in chapter.annotations.values()]
    definitions += [note.span for note in chapter.notes.values()]
    assert [text[span.start : span.end] for span in definitions] == [
        "[^q]: {.query} Q.",
        "[^p]: {.gloss} P.",
        "[^1]: N.",
    ]
