from __future__ import annotations

from functools import cache

import pytest
from citing import formatted, html, library, need, note, style, work

from postil.bibliography import Formatted
from postil.bibliography.citing.locators import Locator, located
from postil.dialect import parse
from postil.document import Citation, EngineName, walk
from postil.source import Source

CHICAGO, APA = "chicago-notes-bibliography", "apa"
BOOK = "@book{b, author={Roe, Rob}, title={Plain Title}, date={1985}, publisher={Press}}"


# The Chicago Manual of Style, 18th edition: 14.20 and 14.52 to 14.58 for labels, 9.62 for the dash of a range
LABELLED = {
    written: (chicago, apa)
    for written, chicago, apa in (
        ("nos. 6 and 7", "nos. 6 and 7", "nos. 6 and 7"),
        ("chap. 3 and 4", "chaps. 3 and 4", "chaps. 3 and 4"),
        ("bks. 2, l. 44", "bk. 2, l. 44", "bk. 2, l. 44"),
        ("bk. 2, l. 44", "bk. 2, l. 44", "bk. 2, l. 44"),
        ("figs. 2 & 3", "figs. 2 &amp; 3", "Figures 2 &amp; 3"),
        ("chap. IV", "chap. IV", "chap. IV"),
        ("xii-xv, 21-29", "xii–xv, 21–29", "pp. xii–xv, 21–29"),
        ("33 and 44", "33 and 44", "pp. 33 and 44"),
        ("vol. 2, 33-44", "2:33–44", "vol. 2, 33–44"),
        ("vol. 2, pp. 33-44", "2:33–44", "vol. 2, pp. 33–44"),
        ("vol. 2, chap. 3, pp. 33-44, 50", "vol. 2, chap. 3, pp. 33–44, 50", "vol. 2, chap. 3, pp. 33–44, 50"),
        ("vols. 2-3", "vols. 2–3", "Volumes 2–3"),
        ("no. 6, 7", "nos. 6, 7", "Issues 6, 7"),
        ("fol. 12r-13v", "fols. 12r–13v", "Folios 12r–13v"),
    )
}


@cache
def located_by(engine: EngineName, to: str) -> Formatted:
    """A book cited with each of these locators, by what is written."""
    need(engine)
    series = [note(written, work("b", cited(f"[@b, {written}]").cites[0].locator)) for written in LABELLED]
    return formatted(library(BOOK), [note("first", "b"), *series], to=to, language="en-US", engine=engine)


@pytest.mark.parametrize("written", LABELLED)
@pytest.mark.parametrize("engine", ["pandoc", "citeproc-js"])
def test_labels_and_ranges(written: str, engine: EngineName) -> None:
    assert cited(f"[@b, {written}]").cites[0].suffix == ()
    chicago, apa = LABELLED[written]
    assert html(located_by(engine, CHICAGO).notes[written]) == f"Roe, <em>Plain Title</em>, {chicago}."
    assert html(located_by(engine, APA).inline[written]) == f"(Roe, 1985, {apa})"


@pytest.mark.parametrize(
    ("written", "suffix"),
    [("33, and elsewhere", ", and elsewhere"), ("pp. 3, 5 and passim", "and passim"), ("12, fig. 3", ", fig. 3")],
)
def test_what_is_no_number_is_no_locator(written: str, suffix: str) -> None:
    assert html(cited(f"[@b, {written}]").cites[0].suffix) == suffix


def test_what_is_more_than_labels_and_numbers_is_left_to_the_engine() -> None:
    assert located("s.v. War", style(CHICAGO)) == Locator("s.v. War")
    assert located("vol. 2, 33", style("ieee")) == Locator(as_written="vol. 2, 33")


def cited(text: str) -> Citation:
    chapter, found = parse(Source("a.md", text), {})
    assert found == ()
    [citation] = (node for node in walk(chapter.body) if isinstance(node, Citation))
    return citation
