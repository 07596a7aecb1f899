"""What holds for any text whatever."""

import html
import re
import time

import markdown
import notation
import pytest
from cmarkgfm import markdown_to_html  # type: ignore[import-untyped] # it has no types
from hypothesis import assume, given
from hypothesis import strategies as st
from test_dialect_cases import KINDS
from test_dialect_positions import everything

from postil.dialect import parse, typography
from postil.document import Element, Text, walk
from postil.source import Source

SIGNS = (
    *("{==", "==}", "{--", "--}", "{++", "++}", "{~~", "~>", "~~}", "{>>", "<<}", "[^a]", "[^1]", "[", "]", "](", ")"),
    *("[^a]: {.query}", "[^1]:", "](#id)", "![", "{.index}", "{#id}", "{.page}", "{.smallcaps}", "{", "}", "`", "``"),
    *("*", "**", "_", "__", "\n", "\n\n", "\n    ", "\n- ", "\n1. ", "\n> ", "\n# ", "\n| ", " | ", "|", "\n|--|--|\n"),
    *(
        "\n: ",
        "\n---\n",
        "\n===\n",
        "```\n",
        "\n```\n",
        "::: {.note}\n",
        "\n:::\n",
        "<em>",
        "</em>",
        "<div>\n",
        "</div>",
    ),
    *(
        "<br>",
        "&amp;",
        "&nope;",
        "@",
        "@key",
        "[@k, 3]",
        ";",
        '"',
        "'",
        "--",
        "...",
        "\\",
        "\\*",
        "\t",
        "  \n",
        "Table: ",
    ),
    *(
        "https://x.y",
        "<https://x.y>",
        '<a href="#id">',
        "</a>",
        '<img src="a.png" alt="a">',
        "\n<div>\n",
        "</div>\n",
        "\n<figure>",
        "</figure>\n",
        "<figcaption>",
        "</figcaption>",
        "\n<details><summary>s</summary>",
        "</details>\n",
        "^[",
        "^",
        "~~",
        "%%",
        "(",
        "=",
        "+",
        "~",
        "é",
        "中文",
        "\xa0",
        "\x02",
        "\x03",
        "\U000f0000",
        "\U00020001",
    ),
    *("- {.reply by=x} ", "    ", ".", ",", "!", ":", "\r", "<script>", "1986. ", "[x]{.index entry=q}", "😀"),
)
WORD = "w{:04d}"
markup = st.lists(st.sampled_from(["w", "w", "w", " ", " ", *SIGNS]), max_size=60)
TYPED = {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": ".", "′": "'", "″": '"'}


def numbered(parts: list[str]) -> str:
    """The parts as one text, each lone `w` a word of its own."""
    return "".join(WORD.format(number) if part == "w" else part for number, part in enumerate(parts))


@given(st.text())
def test_parsing_never_fails(text: str) -> None:
    parse(Source("a.md", text), KINDS)


@given(markup)
def test_every_character_stands_where_its_run_says(parts: list[str]) -> None:
    text = numbered(parts)
    chapter, _ = parse(Source("a.md", text), KINDS)
    for this in everything(chapter):
        if isinstance(this, Text):
            for index, sign in enumerate(this.value):
                place = this.offset(index)
                assert place is not None
                typed = text[place]
                blank = sign.isspace() and typed.isspace()
                assert typed in {sign, TYPED.get(sign), "&", "\\"} or blank


@given(markup)
def test_no_word_is_lost_or_invented(parts: list[str]) -> None:
    text = numbered(parts)
    chapter, found = parse(Source("a.md", text), KINDS)
    shown = " ".join(this.value for this in everything(chapter) if isinstance(this, Text))
    known = repr((chapter.body, chapter.notes, chapter.annotations))
    faulty = {found_.position.line for found_ in found if found_.position}
    again = any(found_.code == "P403" for found_ in found)
    for word in re.finditer(r"w\d{4}", text):
        line = text.count("\n", 0, word.start()) + 1
        assert shown.count(word.group()) <= 1
        assert word.group() in known or line in faulty or again


@given(markup)
def test_the_same_text_gives_the_same_chapter(parts: list[str]) -> None:
    source = Source("a.md", numbered(parts))
    assert parse(source, KINDS) == parse(source, KINDS)


plain = st.lists(st.sampled_from(["a", "bc", "*d*", "**e f**", "`g`", "h,", "don't", '"i"']), min_size=1, max_size=5)


@given(st.lists(st.tuples(plain, st.sampled_from(["", "=", "+"])), min_size=1, max_size=6))
def test_without_their_signs_marked_words_are_what_they_are_unmarked(runs: list[tuple[list[str], str]]) -> None:
    marked = " ".join(f"{{{s * 2}{' '.join(words)}{s * 2}}}" if s else " ".join(words) for words, s in runs)
    unmarked = " ".join(" ".join(words) for words, _ in runs)
    shown = notation.nodes(parse(Source("a.md", marked), KINDS)[0].body)
    expected = notation.nodes(parse(Source("a.md", unmarked), KINDS)[0].body)
    assert re.sub(r"\{[=+]|[=+]\}", "", shown) == expected


# What begins a line, and what it goes on with: every way in which blocks of CommonMark can stand in one another.
BEGINNINGS = (
    "",
    "",
    "",
    " ",
    "  ",
    "   ",
    "    ",
    "     ",
    "\t",
    "> ",
    ">",
    "- ",
    "* ",
    "-   ",
    "1. ",
    "2. ",
    "10) ",
    "-\t",
)
WORDS = (
    "a",
    "b c",
    "",
    "d",
    "# e",
    "## f #",
    "---",
    "===",
    "***",
    "```",
    "~~~",
    "-",
    "1.",
    "*g* h",
    "**i**",
    "j  ",
    "k\\",
)
line = st.tuples(st.lists(st.sampled_from(BEGINNINGS), max_size=3).map("".join), st.sampled_from(WORDS)).map("".join)


def as_html(chapter_body: tuple[object, ...]) -> str:
    written = ""
    for this in chapter_body:
        if isinstance(this, Text):
            written += this.value
        elif isinstance(this, Element):
            start = f" start={this.get('start')}" if this.get("start") else ""
            written += f"<{this.tag}{start}>{as_html(this.children)}</{this.tag}>"
    return written


@given(st.lists(line, max_size=12))
def test_blocks_nest_as_commonmark_says(lines: list[str]) -> None:
    text = "\n".join(each if each.strip() else "" for each in lines)  # cmark reads the spaces of a blank line
    assume(not re.match(r"---[ ]*\n---[ ]*(?:\n|\Z)", text))  # which is front matter, and none of CommonMark's
    chapter, found = parse(Source("a.md", text), KINDS)
    assume(not {each.code for each in found} & {"P126", "P152"})  # a fence that nothing closes is no code here
    expected = markdown_to_html(text)
    expected = html.unescape(re.sub(r"<(br|hr) ?/>", r"<\1></\1>", re.sub(r'start="(\d+)"', r"start=\1", expected)))
    expected = re.sub(r" class=\S+(?=>)", "", expected)
    shown = as_html(chapter.body).replace("—", "---").replace("–", "--")
    if re.search("#|---|===|[*]{3}|```|~~~", text):  # behind which cmark takes no blank line for one within an item
        shown, expected = (re.sub("</?p>", "", each) for each in (shown, expected))
    assert re.sub(r"\s+", "", shown) == re.sub(r"\s+", "", expected)


phrases = st.lists(
    st.sampled_from(
        [
            "He said,",
            '"Come here,"',
            '"Why?"',
            "'No,'",
            "don't",
            "the '90s",
            "James's",
            "--",
            "and ...",
            '("so")',
            "end.",
            "the dogs' bowl",
            "a--b",
            "a---b",
            '*"emphasis"*',
            "it's",
            "\"'Quoted' words,\"",
            "word",
        ]
    ),
    min_size=1,
)


@given(phrases)
def test_ordinary_prose_is_set_as_smarty_sets_it(words: list[str]) -> None:
    text = "Once " + " ".join(words)
    expected = html.unescape(re.sub(r"<[^>]+>", "", markdown.markdown(text, extensions=["smarty"])))
    shown = "".join(this.value for this in walk(parse(Source("a.md", text), KINDS)[0].body) if isinstance(this, Text))
    assert shown == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "“a ‘b’ don’t”"),
        ("fr", "«\xa0a “b” don’t\xa0»"),
        ("de", "„a ‚b‘ don’t“"),
    ],
)
def test_quotation_marks_are_those_of_the_language(language: str, expected: str) -> None:
    chapter, _ = parse(Source("a.md", "\"a 'b' don't\""), KINDS, typography(language))
    assert notation.nodes(chapter.body) == f"p[{expected}]"


HOSTILE = {
    "brackets": "[" * 10_000,
    "openers": "{++ " * 25_000,
    "nested marks": "{++ " * 10_000 + "x" + " ++}" * 10_000,
    "nested emphasis": "*a _b " * 1_500 + "_*" * 1_500,
    "backticks": "` " * 10_000,
    "runs of backticks": " ".join("`" * (n % 200 + 1) for n in range(2_500)),
    "stars": "a*" * 10_000,
    "emphasis": "*a* " * 20_000,
    "links": "[a](" * 10_000,
    "images": "![a](" * 10_000,
    "columns of dashes": "-- --\nx\n\n" * 5_000,
    "heads above dashes": "---\nx y\n" * 5_000 + "-- --\n",
    "environments": "\\begin{align}\n" * 5_000,
    "citations": "[@a " * 10_000 + "]" * 10_000,
    "attributes": '{a="' * 10_000,
    "comments": "{>> <!-- " * 10_000,
    "comment lines": "<!--\n" * 10_000,
    "elements": "<div>\n" * 10_000,
    "nested elements": "<div>\n" * 1_500 + "</div>\n" * 1_500,
    "definitions": "[^a]:\n" * 10_000,
    "containers": "::: {.note}\n" * 2_500,
    "fences": "".join("`" * (3 + n % 500) + "\n" for n in range(2_500)),
    "quotations": ">" * 10_000,
    "lists": "".join("    " * n + "- a\n" for n in range(200)),
    "headings": "# a\n" * 5_000,
    "underlines": "a\n---\n" * 2_500,
    "definition lists": "a\n: b\n" * 1_000,
    "rows": "a|b\n-|-\n" + "c|d\n" * 2_500,
    "quotes": "\"a\" 'b' " * 10_000,
    "elisions": "'09 'n' b 'a " * 10_000,
    "primes": "6'2\" " * 10_000 + '"1" ' * 10_000,
    "hyphens": "a - 1-2 b " * 10_000,
    "spaces": "a ! « b » : " * 5_000,
    "emphasis and spaces": "*a* ! " * 5_000,
    "points": ". . . " * 10_000 + "..." * 10_000,
    "abbreviations": "".join(f"*[a{n}]: b\n" for n in range(2_500)) + "a5 " * 10_000,
    "abbreviations that begin alike": "".join(f"*[A b{n}]: c\n" for n in range(4_000)) + "\nA " * 4_000,
    "footnotes without a definition": "".join(f"x[^{n}]\n\n[^y{n}]: z\n\n" for n in range(2_000)),
    "elements around Markdown that never end": "<section>\n\n" * 4_000,
    "comments in one line": "{>>a<<} " * 5_000,
    "annotations": "".join(f"x[^a{n}]\n\n[^a{n}]: {{.query}} y[^a{n + 1}]\n\n" for n in range(1_000)),
}
SECONDS = 3  # what is linear takes less than one, what is quadratic more than five


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_takes_long(text: str) -> None:
    start = time.process_time()
    parse(Source("a.md", text), KINDS, typography("fr"))
    assert time.process_time() - start < SECONDS


class _Searched(str):
    """A text that counts how often all of it is searched for something."""

    __slots__ = ("times",)

    def rfind(self, *arguments: object) -> int:
        self.times: int = getattr(self, "times", 0) + (len(arguments) == 1)
        return super().rfind(*arguments)  # type: ignore[arg-type]


def test_a_text_is_not_searched_again_for_each_of_its_notes() -> None:
    text = _Searched("".join(f"x[^{n}]\n\n[^{n}]: y\n\n" for n in range(100)))
    chapter, found = parse(Source("a.md", text), KINDS)
    assert (len(chapter.notes), found) == (100, ())
    assert text.times == 1
