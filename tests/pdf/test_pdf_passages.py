"""Runs of words against the direction of their lines are held together, and nothing is lost by that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import essay
from hypothesis import given
from hypothesis import strategies as st

from postil.document import ROLES, Composed, Markup, Part, Text, said
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


def _texts(element: Markup) -> Iterator[Text]:
    for node in element.children:
        if isinstance(node, Text):
            yield node
        else:
            yield from _texts(node)
