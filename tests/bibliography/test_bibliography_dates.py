from __future__ import annotations

import pytest
from citing import formatted, html, library, note

from postil.bibliography.reading.dates import date, month_and_day, remedy


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("2004-05/2004-06", {"date-parts": [[2004, 5], [2004, 6]]}),
        ("2004-21", {"date-parts": [[2004, 21]]}),  # spring
        ("2004~", {"date-parts": [[2004]], "circa": True}),
        ("-0043", {"date-parts": [[-44]]}),
        ("1950/", {"literal": "1950–"}),
        ("1950/..", {"literal": "1950–"}),
        ("/1950", {"literal": "–1950"}),
        ("19XX", {"literal": "19XX"}),
        ("n.d.", {"literal": "n.d."}),
        ([{"literal": "spring 2004"}], {"literal": "spring 2004"}),
    ],
)
def test_dates_in_parts(written: object, parts: object) -> None:
    assert date(written) == parts


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3", "03"),
        ("March", "03"),
        ("mar.", "03"),
        ("Sept", "09"),
        ("jan~1", "01-01"),
        ("10~jan", "01-10"),
        ("October 3", "10-03"),
        ("July/August", "07/YEAR-08"),
        ("jul--aug", "07/YEAR-08"),
        ("Spring", "21"),
        ("13", None),
        ("0", None),
        ("ma", None),
        ("Maerz", None),
        ("1~1", None),
        ("may 32", None),
    ],
)
def test_months(written: str, meant: str | None) -> None:
    assert month_and_day(written) == meant


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("1967 [1940]", "write 1967, and 1940"),
        ("1933--1938", "write 1933/1938"),
        ("1936/37", "write 1936/1937"),
        ("2004/05", "write 2004/2005 for two years, 2004-05 for a month"),
        ("2004a", "write 2004:"),
        ("ca. 1900", "write 1900~"),
        ("200", "write 0200"),
        ("May 2004", "write 2004-05"),
        ("05/2004", "write 2004-05"),
        ("535 BCE", "write -0534"),
        ("1900s", "write 190X"),
        ("n.d.", "leave it out"),
        ("in press", "pubstate = {in press}"),
        ("whenever", "write 2004, 2004-05"),
    ],
)
def test_what_is_no_date_has_a_remedy(written: str, part: str) -> None:
    assert part in remedy(written)


# The Chicago Manual of Style, 18th edition, 14.44; Publication Manual of the APA, 7th, 9.15; MLA Handbook, 9th, 5.78
@pytest.mark.parametrize(
    ("written", "chicago", "apa", "mla"),
    [
        ("1641?", "[1641?]", "([1641?])", "[1641?]"),
        ("1640~", "ca. 1640", "(ca. 1640)", "circa 1640"),
        ("2010-05~", "ca. May 2010", "(ca. 2010)", "circa May 2010"),
        ("1640%", "[ca. 1640?]", "([ca. 1640?])", "[circa 1640?]"),
        ("1640~/1650~", "ca. 1640–1650", "(ca. 1640–1650)", "circa 1640–1650"),
    ],
)
def test_dates_that_are_approximate_or_uncertain(written: str, chicago: str, apa: str, mla: str) -> None:
    work = library(f"@book{{k, title={{T}}, author={{Roe, Rob}}, publisher={{P}}, date={{{written}}}}}")
    styles = {"chicago-notes-bibliography": chicago, "apa": apa, "modern-language-association": mla}
    for name, expected in styles.items():
        entry = html(dict(formatted(work, [note("a", "k")], to=name, language="en-US").bibliography)["k"])
        assert f" {expected}." in entry


def test_the_words_of_an_approximate_date_are_the_languages() -> None:
    work = library("@book{k, title={T}, author={Roe, Rob}, publisher={P}, date={2010-05-23~}, langid={french}}")
    answer = formatted(work, [note("a", "k")], to="iso690-note-fr", language="fr-FR")
    assert "v. 23 mai 2010" in html(dict(answer.bibliography)["k"])
