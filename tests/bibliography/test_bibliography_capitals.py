"""The capitals of titles. What is expected follows from the guides: The Chicago Manual of Style, 18th edition, 8.160
and 8.162 (17th edition, 8.159); the MLA Handbook, 9th edition, 2.90; the Publication Manual of the APA, 7th, 6.17.
"""

from __future__ import annotations

import pytest
from citing import formatted, html, library, need, note, style
from hypothesis import given
from hypothesis import strategies as st

from postil.bibliography.checking.style import check_style
from postil.bibliography.style.capitals import TAG, headline, headline_of, lowered, sentence
from postil.document import EngineName

CHICAGO, OLDER, MLA, APA = (
    "chicago-notes-bibliography",
    "chicago-notes-bibliography-17th-edition",
    "modern-language-association",
    "apa",
)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        # a full stop of an abbreviation ends no sentence, and its capitals stay
        (
            "The C.I.A. and America's secret wars in Asia",
            "The C.I.A. and America's Secret Wars in Asia",
        ),
        ("essays given to N.R. Ker and the F.B.I. in Oxford", "Essays Given to N.R. Ker and the F.B.I. in Oxford"),
        ("J. of C.I.A. studies", "J. of C.I.A. Studies"),
        ("U.S. v. Smith: a history", "U.S. v. Smith: A History"),
        ("Mr. and Mrs. Smith vs. the world", "Mr. and Mrs. Smith vs. the World"),
        ("report on iPhone use, e.g. in schools", "Report on iPhone Use, e.g. in Schools"),
        (
            "symphony no. 5 in St. Petersburg, i.e. a work of art",
            "Symphony No. 5 in St. Petersburg, i.e. a Work of Art",
        ),
        ("Jones et al. and the law", "Jones et al. and the Law"),
        # but a sentence that ends is one
        ("War. The sequel", "War. The Sequel"),
        # within quotation marks and brackets words are words of the title
        ("war “and the people” at home (of a man)", "War “and the People” at Home (of a Man)"),
        ("'not to be' in a play", "'Not to Be' in a Play"),
        # the first word of a subtitle, and the last of a title
        ("Who lost Russia? a history: the world we live in", "Who Lost Russia? A History: The World We Live In"),
        # markup stands within words
        ("the H<sub>2</sub>O problem and <i>a play</i>", "The H<sub>2</sub>O Problem and <i>a Play</i>"),
        ('on <span class="nocase">den berg</span> of al-Qaeda', 'On <span class="nocase">den berg</span> of al-Qaeda'),
        # compounds: a prefix is no word of its own
        ("self-reliant co-operation in up-to-date states", "Self-Reliant Co-operation in Up-to-Date States"),
        ("letters of Vincent van Gogh", "Letters of Vincent van Gogh"),
        ("Vitamin A Deficiency", "Vitamin A Deficiency"),
        ("Such A Mess Of Things", "Such a Mess of Things"),
        ("THE HISTORY OF RUSSIA", "THE HISTORY OF RUSSIA"),
    ],
)
def test_a_headline_in_every_guide(title: str, expected: str) -> None:
    assert [headline(title, headline_of(name)) for name in (CHICAGO, OLDER, MLA, APA)] == [expected] * 4


@pytest.mark.parametrize(
    ("title", "chicago", "older", "mla", "apa"),
    [
        ("Treaty between Us", "Treaty Between Us", "Treaty between Us", "Treaty between Us", "Treaty Between Us"),
        ("Treaty Between Us", "Treaty Between Us", "Treaty between Us", "Treaty between Us", "Treaty Between Us"),
        ("Gone with the Wind", "Gone with the Wind", "Gone with the Wind", "Gone with the Wind", "Gone With the Wind"),
        ("Slow yet Sure", "Slow Yet Sure", "Slow Yet Sure", "Slow yet Sure", "Slow yet Sure"),
        ("What if They Come", "What If They Come", "What If They Come", "What If They Come", "What if They Come"),
        # an adverb that its writer gave a capital keeps it
        ("Growing Up in War", "Growing Up in War", "Growing Up in War", "Growing Up in War", "Growing Up in War"),
    ],
)
def test_a_headline_by_the_rule_of_each_guide(title: str, chicago: str, older: str, mla: str, apa: str) -> None:
    found = [headline(title, headline_of(name)) for name in (CHICAGO, OLDER, MLA, APA)]
    assert found == [chicago, older, mla, apa]


@pytest.mark.parametrize(
    ("title", "expected", "changed"),
    [
        # where most words are small, the capitals are those of names
        ("The C.I.A. and America's secret wars", "The C.I.A. and America's secret wars", []),
        ("A history of Russia", "A history of Russia", []),
        # in a headline only those stay that no headline has made
        ("The H<sub>2</sub>O Problem and NATO", "The H<sub>2</sub>O problem and NATO", ["Problem"]),
        ("Who Lost Russia? An Essay", "Who lost russia? An essay", ["Lost", "Russia", "Essay"]),
        ('Who Lost <span class="nocase">Russia</span>', 'Who lost <span class="nocase">Russia</span>', ["Lost"]),
        ("The Life of Mr. Smith and N.R. Ker", "The life of Mr. Smith and N.R. Ker", ["Life"]),
        ("A History of U.S. Law", "A history of U.S. law", ["History", "Law"]),
        ("Brown v. Board of Education: A Study", "Brown v. Board of Education: A study", ["Study"]),
        ("Plan B and Vitamin A Deficiency", "Plan B and vitamin A deficiency", ["Vitamin", "Deficiency"]),
    ],
)
def test_a_sentence_keeps_what_is_no_headlines(title: str, expected: str, changed: list[str]) -> None:
    assert (sentence(title), [*lowered(title)]) == (expected, changed)


@given(st.text("aB. -:?'“”<ib>/É1ß", max_size=30))
def test_only_capitals_change(title: str) -> None:
    for changed in (headline(title, headline_of(CHICAGO)), sentence(title)):
        assert changed.casefold() == title.casefold()
        assert TAG.findall(changed) == TAG.findall(title)


BIB = r"""
@article{k, author={Doe, Ann},
  title={The C.I.A. and the H\textsubscript{2}O Problem: Plan~B of Mr. and Mrs. Smith},
  journaltitle={J. of C.I.A. Studies}, date={2015}}
"""


@pytest.mark.parametrize("engine", ["pandoc", "citeproc-js"])
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            CHICAGO,
            "The C.I.A. and the H<sub>2</sub>O Problem: Plan\u00a0B of Mr. and Mrs. Smith.” <em>J. of C.I.A. Stud",
        ),
        (APA, "The C.I.A. and the H<sub>2</sub>O problem: Plan\u00a0B of Mr. and Mrs. Smith. <em>J. of C.I.A. Stud"),
    ],
)
def test_engines_leave_capitals_alone(name: str, expected: str, engine: EngineName) -> None:
    need(engine)
    answer = formatted(library(BIB), [note("a", "k")], to=name, engine=engine, language="en-US")
    assert expected in html(dict(answer.bibliography)["k"])


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (r"On \mkbibquote{quoted} things", "“On ‘Quoted’ Things,”"),
        (r"On \enquote{quoted} things", "“On ‘Quoted’ Things,”"),
        ("The boys' games and 'not to be' in rock 'n' roll", "“The Boys’ Games and ‘Not to Be’ in Rock ’n’ Roll,”"),
        ("Songs of the '60s and the boys' games", "“Songs of the ’60s and the Boys’ Games,”"),
    ],
)
def test_quotation_marks_in_bibtex(title: str, expected: str) -> None:
    entry = f"@article{{k, author={{Doe, Ann}}, title={{{title}}}, journaltitle={{J}}, date={{2015}}}}"
    answer = formatted(library(entry), [note("a", "k")], language="en-US")
    assert expected in html(answer.notes["a"])


def test_a_title_that_loses_capitals_is_said_where_the_style_takes_them() -> None:
    entries = library(BIB.replace("The C.I.A.", "Russia, the C.I.A."))
    assert list(check_style(entries.values(), style(CHICAGO), "en-US")) == []
    [found] = check_style(entries.values(), style(APA), "en-US")
    assert found.position is not None
    assert (found.code, found.position.line, found.position.column) == ("P222", 3, 3)
    assert "'Problem'" in found.message
