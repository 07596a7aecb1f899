"""The prose cases in tests/cases/: each file describes one construct, with examples of what it becomes.

A case is a block between lines of four backticks: the text of a chapter, a line with a single full stop, the chapter in
the notation of notation.py, and after another full stop the diagnostics that are expected, if any. In a block that is
marked `everywhere` the text is inline, and is tried in a paragraph, a heading, a list item, a table cell and a note;
where it is marked `outside notes`, in all of them but the last.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import notation
import pytest

from postil.dialect import parse
from postil.document import Audience, Kind
from postil.source import Source

KINDS = {
    name: Kind(name, name.title(), audience)
    for audience, names in (
        (Audience.READER, ("gloss", "source", "correction", "context", "translation")),
        (Audience.EDITOR, ("query", "fact", "style", "legal", "comment")),
    )
    for name in names
}
FILES = sorted((Path(__file__).parent.parent / "cases").glob("*.md"))
BLOCK = re.compile(r"^````(?P<where>[^\n`]*)\n(?P<case>.*?)\n````$", re.MULTILINE | re.DOTALL)
DEFINITIONS = """

[^q]: {.query by="A. Editor"} Is it?
[^g]: {.gloss} It is.
"""
NOTE_1 = "[^1]: One.\n"


class Case(NamedTuple):
    source: str
    tree: list[str]
    diagnostics: list[str]


def blocks() -> Iterator[tuple[str, str, str]]:
    for path in FILES:
        text = path.read_text("utf-8")
        for found in BLOCK.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield f"{path.stem}:{line}", found["where"].strip(), found["case"]


def read(case: str) -> Case:
    parts = re.split(r"^\.$\n?", case, flags=re.MULTILINE)
    assert len(parts) in {2, 3}, "a case is a text, a full stop, and what it becomes"
    source, tree, found = (*parts, "")[:3]
    return Case(source.removesuffix("\n"), tree.splitlines(), found.splitlines())


PLAIN = [pytest.param(read(case), id=name) for name, where, case in blocks() if not where]
CONTEXTS = {
    "paragraph": ("{}", "p[{}]"),
    "heading": ("# {} {{#h}}", "h1#h[{}]"),
    "item": ("- {}", "ul[li[{}]]"),
    "cell": (
        "| head | second |\n|------|--------|\n| {} | cell |",
        "table[thead[tr[th[head]th[second]]]tbody[tr[td[{}]td[cell]]]]",
    ),
    "note": ("Call[^n].\n\n[^n]: {}", "^n: p[{}]"),
}
EVERYWHERE = [
    pytest.param(read(case), context, id=f"{name}-{context}")
    for name, where, case in blocks()
    if where
    for context in CONTEXTS
    if context != "note" or where == "everywhere"
]


@pytest.mark.parametrize("case", PLAIN)
def test_a_chapter_becomes_what_its_case_says(case: Case) -> None:
    parsed, found = parse(Source("a.md", case.source), KINDS)
    assert list(notation.chapter(parsed)) == case.tree
    assert list(notation.diagnostics(found)) == case.diagnostics


@pytest.mark.parametrize(("case", "context"), EVERYWHERE)
def test_words_become_the_same_wherever_they_stand(case: Case, context: str) -> None:
    text, expected = CONTEXTS[context]
    source = text.format(case.source) + DEFINITIONS + (NOTE_1 if "[^1]" in case.source else "")
    parsed, found = parse(Source("a.md", source), KINDS)
    (tree,) = case.tree
    assert expected.format(tree) in list(notation.chapter(parsed))
    here = source.index(case.source)
    line, start = source.count("\n", 0, here) + 1, here - source.rfind("\n", 0, here) - 1
    moved = [re.sub(r"^1:(\d+)", lambda place: f"{line}:{int(place[1]) + start}", row) for row in case.diagnostics]
    assert [row for row in notation.diagnostics(found) if not row.endswith("P402")] == moved


def test_every_block_of_every_file_is_a_case() -> None:
    assert FILES
    for path in FILES:
        fences = [line for line in path.read_text("utf-8").splitlines() if line.startswith("````")]
        assert len(fences) == 2 * len(BLOCK.findall(path.read_text("utf-8"))), path.name
        assert {line[4:].strip() for line in fences} <= {"", "everywhere", "outside notes"}, path.name
