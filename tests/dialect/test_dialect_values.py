"""Values of attributes that become fields of the outputs: what a checker of EPUB would refuse is an error here."""

from __future__ import annotations

import re

import notation
import pytest
from test_dialect_cases import KINDS

from postil.dialect import parse, typography
from postil.document import Citation, Text, plain, walk
from postil.source import Source

MOMENTS = """2004 2004-02 2004-02-23 02-23 --02-23 2004-W05 14:20 14:20:05 14:20:05.123 2004-02-23T14:20
    2004-02-23T14:20Z 2004-02-23T14:20:05+02:00 2004-02-23T14:20+0200 P4D PT4H P4DT3H2M1.5S""".split()  # noqa: SIM905 -- a list of words reads best as words
NO_MOMENTS = "99999 999-01-01 2004-2 Z +02:00 14:20Z P P1Y P4W PT P4 yesterday _ \u0662\u0660\u0660\u0664".split()  # noqa: SIM905 -- a list of words reads best as words


@pytest.mark.parametrize("value", MOMENTS)
def test_a_time_that_html_knows(value: str) -> None:
    assert codes(f'<time datetime="{value}">then</time>') == []


@pytest.mark.parametrize("value", NO_MOMENTS)
def test_a_time_that_html_does_not_know(value: str) -> None:
    assert codes(f'<time datetime="{value}">then</time>') == ["P122"]


def codes(text: str) -> list[str]:
    _, found = parse(Source("a.md", f"A {text} b\n"), KINDS)
    return [diagnostic.code for diagnostic in found]


def test_the_words_of_a_citation_have_the_quotation_marks_of_the_language() -> None:
    text = 'Er sagt "ja" [so "\'nein\' und ja" bei @a, 3, und "ja"]\n'
    chapter, _ = parse(Source("a.md", text), KINDS, typography("de"))
    (cite,) = (cite for node in walk(chapter.body) if isinstance(node, Citation) for cite in node.cites)
    assert (plain(cite.prefix), plain(cite.suffix)) == ("so „‚nein‘ und ja“ bei", ", und „ja“")


@pytest.mark.parametrize(
    ("written", "before", "behind"),
    [
        ("[see *Ghost Wars* and @a, 23 and *passim*]", "see em[Ghost Wars] and", "and em[passim]"),
        (r"[see \*x\* @a]", "see *x*", ""),
        ("[see [x]{.smallcaps} @a]", "see span.smallcaps[x]", ""),
        ("[see [x](https://e.org/) @a]", "see a{href=https://e.org/}[x]", ""),
        ("[see @a, and ![pic](a.png)]", "see", ", and ![pic](a.png)"),
        ("[see @a, and [](#fig)]", "see", ", and [](#fig)"),
        ("[*unclosed @a, see @b]", "*unclosed", ", see @b"),
        ("[@a [nested] x]", "", "[nested] x"),
        ("@a [23, *so*]", "", ", em[so]"),
    ],
)
def test_the_words_around_a_work_are_read_like_any_others(written: str, before: str, behind: str) -> None:
    chapter, found = parse(Source("a.md", f"A {written} b\n"), KINDS)
    assert found == ()
    (citation,) = (node for node in walk(chapter.body) if isinstance(node, Citation))
    (cite,) = citation.cites
    assert (notation.nodes(cite.prefix), notation.nodes(cite.suffix)) == (before, behind)


def test_the_words_around_a_work_have_their_places() -> None:
    text = "> A [see *two*\n> lines @a, 3, and\n> *more*] b\n"
    chapter, _ = parse(Source("a.md", text), KINDS)
    (citation,) = (node for node in walk(chapter.body) if isinstance(node, Citation))
    (cite,) = citation.cites
    texts = [node for words in (cite.prefix, cite.suffix) for node in walk(words) if isinstance(node, Text)]
    words = [(word[0], node.offset(word.start())) for node in texts for word in re.finditer(r"\w+", node.value)]
    assert words == [(word, text.index(word)) for word in ("see", "two", "lines", "and", "more")]


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://x.org/a/logo.png?raw=1", "figures/logo.png"),
        ("../images/flash.jpg", "figures/flash.jpg"),
        ("https://x.org/badge", "figures/map.svg"),
    ],
)
def test_a_picture_from_somewhere_else_has_a_path_to_put_it_at(address: str, path: str) -> None:
    _, (found,) = parse(Source("a.md", f"# A\n\n![B]({address})\n"), {})
    assert (found.code, found.hint) == (
        "P313",
        f"put the picture into the title's folder, and give its path there, as in '{path}'",
    )
