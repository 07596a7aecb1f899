"""A law: a sign of Markdown's syntax, of any common dialect, that reaches the output as text has a message at its line.

The notations of each dialect are composed with prose, in blocks of any kind. Where each begins is known by
construction; if that place is in the words of the tree, outside of code, something is said of its line. A backslash
before its signs says that it is meant as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_dialect_cases import KINDS

from postil.dialect import parse
from postil.document import Chapter, Element, Parsed, Text
from postil.document.tree import Branch
from postil.source import Source

IN_LINE: dict[str, tuple[str, ...]] = {
    "Markdown": (
        *("**strong", "__strong", "`code", "``code", "[words](https://x.org", "[words] (https://x.org)"),
        *("(words)[https://x.org]", "[words][nope]", "[nope][]", "![words](a.png", "![words][nope]", "<https://x.org"),
        *("<b>strong", "</b>", "<!-- remark", "&nope;", "<div>", "<script>x</script>"),
    ),
    "pandoc": (
        *("~~struck", "struck~~", "^[note", "[^note", "[^nope]", "[@key", "{.class}", "{#id .class}", "`x`{=html}"),
        *("\\vspace{1cm}", "\\newpage", "$$x", "\\textbf{x}", "\\alpha"),
    ),
    "GitHub": (":smile:", "[!NOTE]", "$`x`"),
    "Obsidian": (
        *("[[page]]", "[[page|words]]", "![[a.png]]", "==words==", "%%remark%%", "[key:: value]", "(key:: value)"),
    ),
    "MultiMarkdown": (
        "x^2",
        "{{file.txt}}",
        "{{TOC}}",
        "[p. 23][#Doe:2006]",
        "[#Doe:2006]",
        "[>ABC]",
        "{++new",
        "old--}",
    ),
    "kramdown": ("{: .class}", "{:.class}", "{::comment}", "{:/}", "{:toc}", "\\\\(x^2\\\\)", "{% liquid %}"),
    "MyST": ("{ref}`x`", "{cite:p}`key`", "{sub-ref}`today`"),
    "R Markdown": ("(ref:words)", "(\\#fig:x)", "\\index{x}", "\\ref{x}", "\\cite{x}"),
    "Quarto": ("{{< video x >}}", "{{< pagebreak >}}", "${x}"),
    "AsciiDoc": (
        *("xref:x[y]", "footnote:[x]", "link:x.html[y]", "kbd:[x]", "<<x>>", "[.role]#words#", "image:x.png[y]"),
        *("https://x.org[words]",),
    ),
    "Djot": ("{=words=}", "{+new+}", "{-old-}", "{_x_}", "{*x*}", "{~x~}", "{^x^}", "$`x`", ":symbol:"),
    "others": (
        "++new++",
        "^^new^^",
        "''words''",
        ":ref:`x`",
        "<% x %>",
        "[fn:1]",
        ">!words!<",
        "{!x.md!}",
        "[TOC]",
        "@[toc]",
    ),
}
LINES: dict[str, tuple[str, ...]] = {
    "Markdown": ("#Heading", "####### Seven", "-one\n-two", ": caption", "| a | b |"),
    "pandoc": ("Table: caption", "Listing: caption", "::: nope", "::: {.a}", "```{=latex}", "$$", "\\begin{center}"),
    "Obsidian": ("#tag #other", "%%\nremark\n%%", "words ^block", "key:: value"),
    "kramdown": ("{:.class}", "^", "{::options x /}"),
    "MyST": ("(label)=", "+++", ":::{note}", "% remark"),
    "bookdown": ("(PART) One", "(APPENDIX) Two"),
    "MkDocs": ('=== "Tab"', "/// note", '--8<-- "x"', "!include x"),
    "AsciiDoc": (
        *("= Title", "== Section", "[source,ruby]", "|===", "====", "image::x.png[]", "include::x[]", ".Title", "'''"),
        *("<<<", "// remark", "[NOTE]"),
    ),
    "others": (".. note::", "#+TITLE: x", "<<[x.md]", "[comment]: <> (x)", "• one", "[1] Note words", "[x] task"),
}
SIGN = re.compile(r"\\\\[(\[]|[^\w\s]+")
"""The sign that a notation begins with, behind letters as in `x^2` and `xref:`."""
WORDS = (
    "some",
    "words",
    "of prose,",
    "it is.",
    "She said:",
    "so",
    "end",
    "don't",
    "10",
    "*stress*",
    '"quoted"',
    "`code`",
)


class Notation(NamedTuple):
    dialect: str
    text: str


PARTS = [Notation(dialect, text) for dialect, texts in IN_LINE.items() for text in texts]
WHOLE = [Notation(dialect, text) for dialect, texts in LINES.items() for text in texts]
SPECIAL = re.escape("\\`*_{}[]()>#+-.!|\"'=~<@^$&:%")
BOXES = "☐☑"
"""What stands for the brackets of a task."""
IGNORED = "P6"
"""The hundred of messages on typography, which say nothing of notations."""


def shown(nodes: tuple[Parsed, ...]) -> Iterator[int]:
    """The offsets of all words outside of code and formulas."""
    for node in nodes:
        if isinstance(node, Text):
            places = ((node.offset(index), sign) for index, sign in enumerate(node.value))
            yield from (place for place, sign in places if place is not None and sign not in BOXES)
        elif isinstance(node, Branch) and not (isinstance(node, Element) and node.tag in {"code", "pre"}):
            for inner in node.inner:
                yield from shown(inner)


def unsaid(text: str, signs: list[int]) -> list[str]:
    """The lines on which one of the signs, by their offsets, stands as text with nothing said of it."""
    chapter: Chapter[Parsed]
    chapter, found = parse(Source("a.md", text), KINDS)
    words = {place for each in chapter.texts for place in shown(each)}
    messages = [each for each in found if not each.code.startswith(IGNORED)]
    said = {each.position.line for each in messages if each.position}
    said |= {int(line) for each in messages for line in re.findall(r"(?:in|to) line (\d+)", each.message)}
    lines = text.split("\n")
    silent = (text.count("\n", 0, sign) + 1 for sign in signs if sign in words)
    return [lines[line - 1] for line in silent if line not in said]


class Composer:
    """A text that grows, with the offsets of the signs in it."""

    def __init__(self) -> None:
        self.text = "# Title\n\n"
        self.signs: list[int] = []

    def add(self, text: str, *, sign: bool = False) -> None:
        if sign and (found := SIGN.search(text)):
            self.signs.append(len(self.text) + found.start())
        self.text += text


BEGINNINGS = {
    "": "\n",
    "> ": "\n> ",
    "- ": "\n  ",
    "1. ": "\n   ",
    "## ": " ",
    "[^n]: ": "\n    ",
    "::: {.note}\n": "\n",
    "> - ": "\n>   ",
    "| a |\n|---|\n| ": " |\n| ",
    "Term\n:   ": "\n    ",
    "| ": "\n| ",
}
"""What begins a block, and what stands between two of its lines."""
AROUND = {"": "", "(": ")", '"': '"', "*": "*", "**": "**", "[": "]{lang=fr}"}
"""What may stand before a notation, and behind it."""


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[int]]:
    """A chapter of prose in any blocks with notations in it, and where their signs stand."""
    made = Composer()
    for _ in range(draw(st.integers(1, 4))):
        if draw(st.booleans()):
            beginning = draw(st.sampled_from(["", *BEGINNINGS]))
            made.add(beginning)
            for number in range(draw(st.integers(1, 6))):
                made.add(draw(st.sampled_from([" ", BEGINNINGS[beginning]])) if number else "")
                notation = draw(st.none() | st.sampled_from(PARTS))
                if notation is None:
                    made.add(draw(st.sampled_from(WORDS)))
                else:
                    around = draw(st.sampled_from(["", "", *AROUND]))
                    made.add(around)
                    made.add(notation.text, sign=True)
                    made.add(AROUND[around] + draw(st.sampled_from(("", "", ",", "."))))
            made.add({":::": "\n:::", "| a": " |"}.get(beginning[:3], ""))
        else:
            made.add(draw(st.sampled_from(WHOLE)).text, sign=True)
        made.add("\n\n")
    made.add("Last[^n].\n\n[^n]: Note.\n")
    return made.text, made.signs


@settings(max_examples=400, deadline=None, derandomize=True)
@given(texts())
def test_a_sign_that_stands_as_text_has_a_message_at_its_line(made: tuple[str, list[int]]) -> None:
    text, signs = made
    assert unsaid(text, signs) == []


@pytest.mark.parametrize("notation", PARTS, ids=lambda each: each.text)
@pytest.mark.parametrize("around", ["Words {} and more.", "{} and words.", "Words ({}).", "- *Words* {}", "> Words {}"])
def test_each_notation_alone_has_a_message(notation: Notation, around: str) -> None:
    made = Composer()
    before, _, behind = around.partition("{}")
    made.add(before)
    made.add(notation.text, sign=True)
    made.add(behind + "\n")
    assert unsaid(made.text, made.signs) == []


@pytest.mark.parametrize("notation", WHOLE, ids=lambda each: each.text.split("\n")[0])
@pytest.mark.parametrize("around", ["{}\n\nWords.", "Words.\n\n{}", "> {}", "- {}"])
def test_each_notation_on_lines_of_its_own_has_a_message(notation: Notation, around: str) -> None:
    made = Composer()
    before, _, behind = around.partition("{}")
    made.add(before)
    made.add(notation.text, sign=True)
    made.add(behind + "\n")
    assert unsaid(made.text, made.signs) == []


@pytest.mark.parametrize("notation", PARTS, ids=lambda each: each.text)
def test_a_backslash_before_each_sign_says_that_it_is_text(notation: Notation) -> None:
    text = re.sub(rf"(?<!\\)[{SPECIAL}]", r"\\\g<0>", notation.text.replace("\\", ""))
    _, found = parse(Source("a.md", f"# Title\n\nWords {text} and more.\n"), KINDS)
    assert [each.code for each in found if not each.code.startswith(IGNORED)] == []
