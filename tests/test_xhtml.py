"""Nodes as markup: where an address may be broken."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from postil.document import Text
from postil.xhtml import written
from postil.xhtml.addresses import sound
from postil.xhtml.breaks import breakable
from postil.xhtml.lists import indent, numbers


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


@pytest.mark.parametrize(
    ("address", "written_as"),
    [
        # URL Standard, 4.1: these signs are in no address but as %20 and the like
        ("https://x.org/[a]|b^c`d{e}", "https://x.org/%5Ba%5D%7Cb%5Ec%60d%7Be%7D"),
        ("https://x.org/%zz%20", "https://x.org/%25zz%20"),
        ("https://x.org/ü?q=ß#a#b", "https://x.org/ü?q=ß#a%23b"),
        ("https://[::1]/x", "https://[::1]/x"),
        ("doi:10.1/x<y>", "https://doi.org/10.1/x%3Cy%3E"),
        ("mailto:a@b.org", "mailto:a@b.org"),
        ("#sec-[a]", "#sec-[a]"),
    ],
)
def test_an_address_is_written_as_every_program_takes_it(address: str, written_as: str) -> None:
    assert sound(address) == written_as
    assert sound(written_as) == written_as


def test_items_have_the_numbers_that_html_gives_them() -> None:
    """HTML Standard, 4.4.5: `value` begins anew, and a list that counts down begins with how many items it has."""
    assert numbers(None, [None, None], down=False) == [1, 2]
    assert numbers("8", [None, None, "3", None], down=False) == [8, 9, 3, 4]
    assert numbers(None, [None, None, None], down=True) == [3, 2, 1]
    assert numbers("5", [None, "2", None], down=True) == [5, 2, 1]


def test_only_wide_numbers_need_more_room() -> None:
    assert indent(None, [1, 99]) is None
    assert indent("a", [1, 26]) is None
    assert indent("i", [1, 2]) is None
    widths = [indent(kind, [number]) for kind, number in ((None, 100), (None, 1986), ("i", 88), ("I", 3888))]
    assert widths == sorted(width for width in widths if width)
