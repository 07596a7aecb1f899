"""What each edition shows, from DESIGN's table of editions: one source, three readers."""

from __future__ import annotations

import pytest

from postil.dialect import parse
from postil.document import (
    EDITIONS,
    Annotation,
    Change,
    Chapter,
    Citation,
    EditionSettings,
    Element,
    Highlight,
    Kind,
    NoteCall,
    Parsed,
    Point,
    Presented,
    Revision,
    plain,
    walk,
)
from postil.edition import decision, open_queries, present, undecided
from postil.manuscript.settings import KINDS
from postil.source import Source

TEXT = """\
# Title

It sold {--badly--}{++well++}[^yes] and {--never--}{++always++}[^no] in {++modern ++}London.
The {==first edition==}[^gloss] is {==rare==}[^query]; see here[^point].

{--A paragraph that goes.--}[^gone]

[^yes]: {.comment status=accepted} Yes.
[^no]: {.comment status=rejected} No.
[^gone]: {.comment status=accepted} Cut.
[^gloss]: {.gloss} Two issues.
[^query]: {.query to=author} Is it?
[^point]: {.context} Here.
"""


KINDS_BY_NAME = {name: Kind(name, name, row.audience) for name, row in KINDS.items()}


def chapter(text: str = TEXT) -> Chapter[Parsed]:
    parsed, found = parse(Source("a.md", text), KINDS_BY_NAME)
    assert [d.code for d in found if d.severity == "error"] == []
    return parsed


def shown(edition: str, text: str = TEXT, changes: str = "decided") -> Chapter[Presented]:
    settings = EditionSettings("", changes)  # type: ignore[arg-type] # the parameter's values are the literal's
    return present(chapter(text), EDITIONS[edition], settings)[0]


@pytest.mark.parametrize("edition", ["annotated", "clean"])
def test_accepted_changes_show_the_new_text_all_others_the_old(edition: str) -> None:
    assert plain(shown(edition).body).startswith("Title It sold well and never in London.")


def test_changes_can_all_be_accepted_but_what_was_rejected_stays_rejected() -> None:
    assert "well and never in modern London" in plain(shown("clean", changes="accept").body)


def test_a_paragraph_emptied_by_a_deletion_goes() -> None:
    paragraphs = [n for n in shown("clean").body if getattr(n, "tag", "") == "p"]
    assert len(paragraphs) == 1


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("> {--Gone.--}[^y]\n", "Title Stays."),
        ("- {--Gone.--}[^y]\n- Kept.\n", "Title Kept. Stays."),
        ("- *{--Gone.--}[^y]*\n", "Title Stays."),
        ("::: {.epigraph}\n{--Gone.--}[^y]\n:::\n", "Title Stays."),
        ("| a | b |\n| - | - |\n| {--1--}[^y] | {--2--}[^y] |\n| 3 | {--4--}[^y] |\n", "Title a b 3 Stays."),
        ("## {--Gone--}[^y] {#gone}\n", "Title Stays."),
        ("[{--Gone.--}[^y]](#title)\n", "Title Stays."),
    ],
)
def test_what_a_deletion_leaves_empty_goes(source: str, left: str) -> None:
    made = shown("clean", f"# Title\n\n{source}\nStays.\n\n[^y]: {{.comment status=accepted}} Yes.\n")
    assert plain(made.body) == left
    elements = [node for node in walk(made.body) if isinstance(node, Element)]
    assert [e.tag for e in elements if not e.children] == (["td"] if "| 4" in source or "{--4" in source else [])


def test_what_was_empty_in_the_manuscript_stays() -> None:
    (cell, item) = (
        node
        for node in walk(shown("clean", "# T\n\n| a |\n| - |\n|   |\n\n<ul><li></li></ul>\n").body)
        if isinstance(node, Element) and node.tag in ("td", "li")
    )
    assert (cell.tag, item.tag) == ("td", "li")


def test_a_caption_a_note_and_an_annotation_that_a_deletion_leaves_empty_go_with_their_signs() -> None:
    text = """\
# T

![alt](f.svg "{--Gone.--}[^y]") One[^1] {==two==}[^g].

![alt](f.svg "{--Gone.--}[^y]")

[^y]: {.comment status=accepted} Yes.
[^1]: {--Gone.--}[^y]
[^g]: {.gloss} {--Gone.--}[^y]
"""
    made = shown("annotated", text)
    assert not made.notes
    assert not made.annotations
    assert not any(isinstance(n, NoteCall | Highlight) for n in walk(made.body))
    assert not any(isinstance(n, Element) and n.tag == "figcaption" for n in walk(made.body))


def test_annotations_on_a_note_are_kept_as_long_as_the_note_is_called() -> None:
    text = "# T\n\nOne[^1]{--, two[^2]--}[^y].\n\n[^1]: {==A==}[^g].\n[^2]: {==B==}[^h].\n"
    text += "[^g]: {.gloss} G.\n[^h]: {.gloss} H.\n[^y]: {.comment status=accepted} Yes.\n"
    assert set(shown("annotated", text).annotations) == {"g"}


def test_readers_see_no_replies() -> None:
    text = '# T\n\n{==One==}[^g]\n\n[^g]: {.gloss} G.\n\n    - {.reply by="B"} Not so.\n'
    assert shown("annotated", text).annotations["g"].replies == ()


def test_an_annotation_on_a_change_that_says_it_is_open_is_a_query() -> None:
    text = "{++a++}[^y][^x]\n\n[^y]: {.comment status=accepted} Yes.\n[^x]: {.query status=open} Sure?\n"
    assert [a.id for a in open_queries(chapter(text))] == ["x"]


def test_the_proof_keeps_every_mark_and_annotation() -> None:
    written, proof = chapter(), shown("proof")
    assert plain(proof.body) == plain(written.body)
    assert (proof.notes.keys(), proof.annotations.keys()) == (written.notes.keys(), written.annotations.keys())
    texts = [text for node in walk(written.body) if isinstance(node, Change) for text in node.inner if text]
    assert [node.children for node in walk(proof.body) if isinstance(node, Revision)] == texts
    kept = [type(node) for node in walk(written.body) if isinstance(node, Point | NoteCall | Citation)]
    assert [type(node) for node in walk(proof.body) if isinstance(node, Point | NoteCall | Citation)] == kept


def test_readers_see_annotations_for_readers_only() -> None:
    assert set(shown("annotated").annotations) == {"gloss", "point"}


@pytest.mark.parametrize("kind", [Change, Highlight, Point, Annotation])
def test_the_clean_edition_has_no_mark_and_no_annotation(kind: type) -> None:
    clean = shown("clean")
    assert not clean.annotations
    assert not any(isinstance(node, kind) for node in walk(clean.body))


def test_an_undecided_change_is_a_warning_where_it_stands() -> None:
    _, found = present(chapter(), EDITIONS["annotated"], EditionSettings(""))
    assert [(d.code, d.position.line, d.position.column) for d in found if d.position] == [
        ("P420", 3, TEXT.splitlines()[2].index("{++modern") + 1)
    ]


def test_a_release_refuses_open_queries_and_undecided_changes() -> None:
    assert sorted(d.code for d in undecided(chapter())) == ["P421", "P422"]


def test_a_release_refuses_an_undecided_change_in_a_reply() -> None:
    text = "A {==word==}[^q].\n\n[^q]: {.query status=resolved} Is it?\n\n    - {.reply} No: {--a--}{++b++}.\n"
    assert [(d.code, d.position.line) for d in undecided(chapter(text)) if d.position] == [("P422", 5)]


def test_a_comment_on_a_change_is_no_query() -> None:
    assert [a.id for a in open_queries(chapter("{++a++}[^x]\n\n[^x]: {.query} Should it?\n"))] == []


def test_a_reader_annotation_on_a_change_has_the_shown_text_as_its_lemma() -> None:
    text = "An {--old--}{++new++}[^c][^g] word.\n\n[^c]: {.comment status=accepted} Yes.\n[^g]: {.gloss} New.\n"
    (lemma,) = (node for node in walk(shown("annotated", text).body) if isinstance(node, Highlight))
    assert plain(lemma.children) == "new"
    assert lemma.annotations == ("g",)


def test_a_note_called_only_from_deleted_text_goes_with_it() -> None:
    text = "One {--two[^1]--}[^c] three.\n\n[^1]: A note.\n[^c]: {.comment status=accepted} Yes.\n"
    assert not shown("clean", text).notes


def test_without_an_annotation_a_change_is_proposed() -> None:
    (change,) = (node for node in walk(chapter("{++a++}\n").body) if isinstance(node, Change))
    assert decision(change, {}) == "proposed"
