"""What the dialect relies on in Python-Markdown."""

from xml.etree import ElementTree as ET

import pytest
from markdown import Markdown

from postil.dialect.skeleton import FOLDED, Emphasis


def written(root: ET.Element) -> str:
    return ET.tostring(root, "unicode")


def test_only_emphasis_and_line_breaks_are_left_to_it() -> None:
    markdown = Markdown()
    for name in FOLDED:
        markdown.inlinePatterns.deregister(name)  # raises if there is no such pattern
    left = {type(pattern).__name__ for pattern in markdown.inlinePatterns}
    assert left <= {"SubstituteTagInlineProcessor", "DelimiterProcessor", "AsteriskProcessor", "UnderscoreProcessor"}


@pytest.mark.parametrize(
    ("skeleton", "expected"),
    [
        ("a *b* **c** _d_", "<p>a <em>b</em> <strong>c</strong> <em>d</em></p>"),
        ("a  \nb", "<p>a<br />b</p>"),
        ("a [b](c) <d> &e; `f` \\*", "<p>a [b](c) &lt;d&gt; &amp;e; `f` \\*</p>"),
        ("- a\n    # b\n", "<p>- a\n    # b\n</p>"),
    ],
)
def test_its_tree_is_what_the_document_is_made_from(skeleton: str, expected: str) -> None:
    assert written(Emphasis().read(skeleton)) == expected


def test_one_parser_reads_many_texts() -> None:
    parser = Emphasis()
    parser.read("*b **c")
    assert written(parser.read("# *a*")) == "<p># <em>a</em></p>"
