"""Parts as units of layout, and what is made of their markup."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

import essay
import pytest

from postil.document import Matter, Opening, Part
from postil.pdf.composition import FOOT_WORDS, Document, compose, endnotes, long_annotations
from postil.pdf.expectation import expected
from postil.pdf.fragment import Slot
from postil.pdf.units import units


def part(
    name: str, matter: Matter = "body", opening: Opening = "run-on", role: str = "chapter", inside: str = ""
) -> Part:
    return essay.part(name, role, matter, opening, (), inside)


def document(inside: str, numbers: Mapping[Slot, str] | None = None, in_text: frozenset[str] = frozenset()) -> Document:
    return compose(Document("en", "annotated"), [part("a", inside=inside)], numbers or {}, in_text=in_text)


def composed(inside: str, in_text: frozenset[str] = frozenset()) -> ET.Element:
    return document(inside, {}, in_text).root


@pytest.mark.parametrize(
    ("parts", "groups"),
    [
        ([part("a", opening="recto"), part("b"), part("c")], [["a", "b", "c"]]),
        ([part("a"), part("b", opening="page"), part("c")], [["a"], ["b", "c"]]),
        ([part("a", "front"), part("b")], [["a"], ["b"]]),
        ([part("a", "front", role="titlepage"), part("b", "front")], [["a"], ["b"]]),
    ],
)
def test_parts_that_run_on_are_one_unit(parts: list[Part], groups: list[list[str]]) -> None:
    assert [[each.id for each in unit.parts] for unit in units(parts)] == groups


def test_white_space_at_the_edges_of_blocks_goes_and_that_between_words_stays() -> None:
    paragraph = composed("\n<p>\n  one <em>two</em>\n  three\n</p>\n").find(".//p")
    assert paragraph is not None
    assert "".join(paragraph.itertext()) == "one two three"


def test_code_keeps_its_white_space() -> None:
    block = composed("<pre><code>a\n  b\n</code></pre>").find(".//code")
    assert block is not None
    assert block.text == "a\n  b\n"


def test_an_annotation_is_set_for_margin_and_foot() -> None:
    root = composed('<p>word<aside class="annotation" id="x" data-words="1"><p>note</p></aside>, more</p>')
    assert [aside.get("class") for aside in root.iter("aside")] == ["annotation panel", "annotation beside"]
    assert "".join(root.find(".//section").itertext()) == "wordnotenote, more"  # type: ignore[union-attr] # it is there


def test_an_annotation_on_an_annotation_stands_behind_it() -> None:
    inner = '<aside class="annotation" id="y"><p>inner</p></aside>'
    root = composed(f'<p>word<aside class="annotation" id="x"><p>out{inner}er</p></aside> more</p>')
    asides = [(aside.get("id"), "".join(aside.itertext())) for aside in root.iter("aside")]
    assert asides == [("x", "outer"), ("x", "outer"), ("y", "inner"), ("y", "inner")]


def test_more_than_eighty_words_go_to_the_foot() -> None:
    asides = "".join(f'<aside class="annotation" id="{n}" data-words="{n}"><p/></aside>' for n in (80, 81))
    assert long_annotations(document(f"<p>word{asides}</p>")) == ["81"]


def test_a_note_too_long_for_any_foot_is_a_block_behind_its_paragraph() -> None:
    words = "word " * (FOOT_WORDS + 1)
    root = composed(f'<p>one<span class="footnote" id="n"><span class="p">{words}</span></span> two</p><p>three</p>')
    section = root.find(".//section")
    assert section is not None
    assert [child.tag for child in section] == ["p", "div", "p"]
    assert (section[0].text, section[1].get("id")) == ("one two", "n")


def test_lines_of_verse_become_blocks() -> None:
    stanza = composed('<div class="verse"><p>one <em>two</em><br/>\nthree</p></div>').find(".//p")
    assert stanza is not None
    assert ["".join(line.itertext()) for line in stanza] == ["one two", "three"]


def test_a_number_bound_later_gets_its_likely_width() -> None:
    made = document('<p><a data-page-of="x">000</a><a data-page-of="y">000</a></p>', {Slot("x", "page"): "000"})
    assert [link.text for link in made.root.iter("a")] == ["000", "00"]


def test_expected_folios_grow_with_the_text() -> None:
    parts = [part("a", inside=f'<p id="p">{"x" * 50_000}</p><p id="q">y</p>')]
    known = expected(parts)
    assert known.shape(Slot("p", "page")) == "0"
    assert known.shape(Slot("q", "page")) == "00"


def test_long_notes_of_one_paragraph_keep_their_order() -> None:
    words = "word " * (FOOT_WORDS + 1)
    notes = "".join(f'<span class="footnote" id="{n}">{words}</span>' for n in "abc")
    section = composed(f"<p>one{notes}</p><p>two</p>").find(".//section")
    assert section is not None
    assert [each.get("id") for each in section] == [None, "a", "b", "c", None]


def test_a_note_without_room_at_any_foot_is_a_block_behind_its_paragraph() -> None:
    inside = '<p>one<span class="footnote" id="a">x</span> two<span class="footnote" id="b">y</span></p>'
    section = composed(inside, frozenset({"b"})).find(".//section")
    assert section is not None
    assert [(each.tag, each.get("class")) for each in section] == [("p", None), ("div", "long-note")]
    assert section[1].get("id") == "b"


def test_the_annotations_on_a_note_that_is_a_block_stand_in_it() -> None:
    note = f'<span class="footnote" id="n">one <a class="key" href="#x">a</a> {"word " * FOOT_WORDS}</span>'
    root = composed(f'<p>two{note}<aside class="annotation" id="x" data-words="1"><p>three</p></aside> four</p>')
    block, paragraph = root.find(".//div"), root.find(".//p")
    assert block is not None
    assert paragraph is not None
    assert [each.get("id") for each in block.iter("aside")] == ["x", "x"]
    assert "".join(paragraph.itertext()) == "two four"


@pytest.mark.parametrize(
    ("between", "sign"),
    [("", ","), (" ", None), (" and", None), ('<span class="lemma">x</span>', None)],
)
def test_two_keys_in_a_row_are_parted_by_a_comma(between: str, sign: str | None) -> None:
    first, second = (f'<a class="key" href="#{n}">{n}</a><aside class="annotation" id="{n}"><p/></aside>' for n in "ab")
    root = composed(f"<p>word{first}{between}{second}</p>")
    assert [each.text for each in root.iter("span") if each.get("class") == "between"] == [None, sign]


def test_endnotes_are_the_notes_of_the_list_without_what_is_called_in_them() -> None:
    call = '<a class="key" href="#a" id="call-a">a</a>'
    notes = f'<ol class="endnotes"><li id="n1"><p>A{call}</p><aside id="a">B</aside></li></ol>'
    assert endnotes(document(f"{notes}<ol><li id='x'>C</li></ol>")) == {"n1": "call-n1"}
