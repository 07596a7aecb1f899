"""What the dialect relies on in Python-Markdown."""

from xml.etree import ElementTree as ET

import pytest
from markdown import Markdown

from postil.dialect import parse
from postil.dialect.skeleton import FOLDED, Blocks
from postil.document import plain
from postil.source import Source


def written(root: ET.Element) -> str:
    return ET.tostring(root, "unicode")


def test_only_emphasis_and_line_breaks_are_left_to_it() -> None:
    markdown = Markdown(extensions=["tables", "def_list", "sane_lists"])
    for name in FOLDED:
        markdown.inlinePatterns.deregister(name)  # raises if there is no such pattern
    left = {type(pattern).__name__ for pattern in markdown.inlinePatterns}
    assert left <= {"SubstituteTagInlineProcessor", "DelimiterProcessor", "AsteriskProcessor", "UnderscoreProcessor"}


@pytest.mark.parametrize(
    ("skeleton", "expected"),
    [
        ("a *b* **c** _d_", "<div><p>a <em>b</em> <strong>c</strong> <em>d</em></p></div>"),
        ("a  \nb", "<div><p>a<br />b</p></div>"),
        ("a [b](c) <d> &e; `f` \\*", "<div><p>a [b](c) &lt;d&gt; &amp;e; `f` \\*</p></div>"),
        ("3. a\n4. b", '<div><ol start="3"><li>a</li><li>b</li></ol></div>'),
        ("    a\n    > b", "<div><pre><code>a\n&amp;gt; b\n</code></pre></div>"),
        ("a\n:   b", "<div><dl><dt>a</dt><dd>b</dd></dl></div>"),
    ],
)
def test_its_tree_is_what_the_document_is_made_from(skeleton: str, expected: str) -> None:
    assert written(Blocks().read(skeleton)) == expected


def test_a_cell_says_how_it_is_aligned() -> None:
    root = Blocks().read("a | b\n:-|-:\nc | d")
    assert [cell.get("align") for cell in root.iter("td")] == ["left", "right"]


def test_one_parser_reads_many_texts() -> None:
    parser = Blocks()
    parser.read("- a\n\n*b **c")
    assert written(parser.read("    a")) == "<div><pre><code>a\n</code></pre></div>"
    assert written(parser.words("# *a*")) == "<caption># <em>a</em></caption>"


def test_what_it_cannot_read_stays_in_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Blocks, skeleton: str) -> ET.Element:
        raise RecursionError(skeleton)

    monkeypatch.setattr(Blocks, "read", fail)
    chapter, found = parse(Source("a.md", "- one {++two++}\n\n> *three*\n"), {})
    assert plain(chapter.body) == "- one two > *three*"
    assert [diagnostic.code for diagnostic in found] == ["P151"]
