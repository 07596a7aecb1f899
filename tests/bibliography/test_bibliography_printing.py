from __future__ import annotations

import pytest
from citing import style

from postil.bibliography.style.printing import shows

PAGE = frozenset({"author", "title", "URL", "accessed"})
BOOK = frozenset({"author", "title", "publisher", "publisher-place", "issued"})


# these styles want a date of access where there is no other date, or always
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("chicago-notes-bibliography", ["undated"]),
        ("chicago-notes-bibliography-access-dates", ["dated", "undated"]),
        ("apa", ["undated"]),
        ("iso690-note-fr", ["dated", "undated"]),
        ("nlm-citation-sequence", ["dated", "undated"]),
    ],
)
def test_whether_a_style_prints_the_date_of_access(name: str, expected: list[str]) -> None:
    pages = {"dated": PAGE | {"issued"}, "undated": PAGE}
    assert [page for page in pages if shows(style(name).data, "accessed", "webpage", pages[page])] == expected


def test_whether_a_style_prints_the_place_of_a_publisher() -> None:
    names = ("chicago-notes-bibliography", "infoclio-de", "apa")
    assert [name for name in names if shows(style(name).data, "publisher-place", "book", BOOK)] == ["infoclio-de"]


CSL = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
  <macro name="one"><text macro="two"/></macro>
  <macro name="two"><text macro="one"/><group><number variable="volume"/></group></macro>
  <citation><layout><text macro="one"/><choose>
    <if variable="DOI URL" match="none"><text variable="title"/></if>
    <else-if type="book chapter" match="any"><text variable="publisher"/></else-if>
    <else><date variable="issued"/></else>
  </choose></layout></citation>
</style>"""


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("book", (), ["volume", "title"]),
        ("chapter", ("URL",), ["volume", "publisher"]),
        ("map", ("URL", "DOI"), ["volume", "issued"]),
    ],
)
def test_conditions_and_macros_are_followed(kind: str, given: tuple[str, ...], expected: list[str]) -> None:
    variables = ("volume", "title", "publisher", "issued", "DOI")
    assert [name for name in variables if shows(CSL.encode(), name, kind, frozenset(given))] == expected
