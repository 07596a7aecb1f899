"""Nodes as markup: where an address may be broken."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from postil.document import Text
from postil.xhtml import written
from postil.xhtml.breaks import breakable


@pytest.mark.parametrize(
    ("address", "broken"),
    [
        # The Chicago Manual of Style, 18th edition, 7.46: behind a double slash; before a single one and before other
        # punctuation; before or behind = and &
        ("https://www.dawn.com/news/1425673", "https://|www|.dawn|.com|/news|/1425673"),
        ("https://a.b/one-two_three~four", "https://|a|.b|/one|-two|_three|~four"),
        ("https://a.b/?p=15611&q=2", "https://|a|.b|/?p|=|15611|&|q|=|2"),
        ("https://a.b/c#d%20e", "https://|a|.b|/c|#d|%20e"),
        # a slash at the end is not left alone in a line
        ("https://a.b/c/", "https://|a|.b|/c/"),
        # the full stop of the sentence is none of the address
        ("https://doi.org/10.1162/JCWS_a_00006", "https://|doi|.org|/10|.1162|/JCWS|_a|_00006"),
    ],
)
def test_an_address_breaks_where_chicago_has_it_break(address: str, broken: str) -> None:
    shown = written(breakable(Text(f"See {address}. Or not."))).replace("<wbr/>", "|").replace("&amp;", "&")
    assert shown == f'See <span class="url">{broken}</span>. Or not.'


def test_nothing_but_opportunities_is_put_into_an_address() -> None:
    address = "https://example.org/a_(b)/c-d?e=f&g=h#i"
    assert re.sub("<[^>]*>", "", written(breakable(Text(address)))).replace("&amp;", "&") == address


@pytest.mark.parametrize(
    "text",
    ['<a href="https://x.org">', "<https://x.org/a>", "https://x.org/a&b", 'http://x.org/"><script>', "10.1/x&y<z>"],
)
def test_signs_beside_an_address_stay_signs(text: str) -> None:
    shown = etree.fromstring(f"<p>{written(breakable(Text(text)))}</p>")
    assert "".join(map(str, shown.itertext())) == text


def test_what_is_too_long_to_be_a_word_may_be_broken_anywhere() -> None:
    long = "acgt<&\u0065\u0301" * 15
    shown = written(breakable(Text(f"a {long} b")))
    assert shown.count("<wbr/>") > len(long) / 12
    assert "".join(map(str, etree.fromstring(f"<p>{shown}</p>").itertext())) == f"a {long} b"
    assert "<wbr/>\u0301" not in shown, "an accent stays with its letter"


@pytest.mark.parametrize(
    "words",
    [
        "Donaudampfschifffahrtselektrizit\u00e4tenhauptbetriebswerkbauunterbeamtengesellschaft",
        "x" * 100,
        "\u5b57" * 300,
        "\u0e01" * 300,
        "\u0639" * 300,
    ],
)
def test_words_and_scripts_without_spaces_are_left_alone(words: str) -> None:
    assert written(breakable(Text(words))) == words
