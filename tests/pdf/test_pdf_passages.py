"""Runs of words against the direction of their lines are held together, and nothing is lost by that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import essay
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil.document import ROLES, Composed, Markup, Part, Text, said
from postil.xhtml import written
from postil.xhtml.passages import directed, gathered

WORDS = st.text("ab אב12,()", max_size=6)
NODES = st.recursive(
    WORDS.map(lambda words: Text(words, ((0, 7),))),
    lambda inner: st.builds(
        lambda tag, children, pairs: Markup(tag, tuple(children), pairs),
        st.sampled_from(("em", "span", "br", "p")),
        st.lists(inner, max_size=4),
        st.sampled_from(((), (("lang", "he"),), (("lang", "en"),), (("dir", "rtl"),), (("class", "x"),))),
    ),
    max_leaves=12,
)


@given(st.lists(NODES, max_size=5), st.sampled_from(("en", "he")))
def test_words_are_held_together_and_none_is_lost_or_moved(nodes: list[Composed], language: str) -> None:
    book = essay.book()
    book = replace(book, title=replace(book.title, language=language))
    before = Part("x", ROLES["chapter"], "body", "page", (), Markup("section", tuple(nodes)))
    (after,) = gathered(directed((before,), book), book)
    assert "".join(said((after.section,))) == "".join(said((before.section,)))
    offsets = [[(node, i) for node in _texts(part.section) for i in range(len(node.value))] for part in (before, after)]
    assert [node.offset(i) for node, i in offsets[0]] == [node.offset(i) for node, i in offsets[1]]
    (again,) = gathered((after,), book)
    assert again == after


@pytest.mark.parametrize(
    ("nodes", "shown"),
    [
        ((Markup("code", (Text("# אב", ()),)),), "<code># אב</code>"),
        ((Text("a ", ()), Markup("em", (Text("# אב", ()),)), Text(" b", ())), "a <em># אב</em> b"),
        (
            (Markup("em", (Text("# אב ", ()), Markup("b", (Text("ג", ()),)))),),
            '<em># <span dir="rtl">אב <b>ג</b></span></em>',
        ),
        (
            (Markup("em", (Text("אב", ()),)), Text(" ", ()), Markup("b", (Text("ג", ()),))),
            '<span dir="rtl"><em>אב</em> <b>ג</b></span>',
        ),
    ],
)
def test_a_sign_before_words_in_an_element_of_their_own_stays_where_the_line_begins(
    nodes: tuple[Composed, ...], shown: str
) -> None:
    book = essay.book()
    before = Part("x", ROLES["chapter"], "body", "page", (), Markup("pre", nodes))
    (after,) = gathered((before,), book)
    assert written(after.section.children) == shown


def _texts(element: Markup) -> Iterator[Text]:
    for node in element.children:
        if isinstance(node, Text):
            yield node
        else:
            yield from _texts(node)
