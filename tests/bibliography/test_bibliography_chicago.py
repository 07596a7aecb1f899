"""Chicago 18 notes and bibliography, to the last comma.

What is expected follows from the rules of *The Chicago Manual of Style*, 18th edition, chapters 13 and 14: full first
notes without the publisher's place, short forms without an initial article, "et al." for three and more authors in
notes, up to six in the bibliography, commas and full stops within quotation marks.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from citing import formatted, html, library, need, note, read, work

from postil.bibliography import Formatted
from postil.document import EngineName

ENTRIES = Path(__file__).with_name("chicago.bib")

FULL = {
    "book": (
        "Odd Arne Westad, <em>The Global Cold War: Third World Interventions and the Making of Our Times</em> "
        "(Cambridge University Press, 2005), 23–25."
    ),
    "two-authors": (
        "Ronald L. Graham and Donald E. Knuth, <em>Concrete Mathematics</em>, 2nd ed. (Addison-Wesley, 1994), 23–25."
    ),
    "three-authors": "William Strunk et al., <em>The Elements of Style</em> (Penguin Press, 2005), 23–25.",
    "many-authors": "Alfred Aho et al., <em>Compilers Compared</em> (Pearson, 2006), 23–25.",
    "others": (
        "Donald E. Knuth et al., <em>Mathematical Writing</em> (Mathematical Association of America, 1989), 23–25."
    ),
    "edited": (
        "Melvyn P. Leffler and Odd Arne Westad, eds., <em>The Cambridge History of the Cold War</em>, vol. 3, "
        "<em>Endings</em> (Cambridge University Press, 2010), 23–25."
    ),
    "chapter": (
        "Amin Saikal, “Islamism, the Iranian Revolution, and the Soviet Invasion of Afghanistan,” in <em>The Cambridge "
        "History of the Cold War</em>, vol. 3, ed. Melvyn P. Leffler and Odd Arne Westad (Cambridge University Press, "
        "2010), 23–25."
    ),
    "translated": (
        "Leo Tolstoy, <em>War and Peace</em>, trans. Richard Pevear and Larissa Volokhonsky (Knopf, 2007), 23–25."
    ),
    "anonymous": "<em>The Kybalion: A Study of Hermetic Philosophy</em> (Yogi Publication Society, 1908), 23–25.",
    "article": (
        "Vojtech Mastny, “The Soviet Union’s Partnership with India,” <em>Journal of Cold War Studies</em> 12, no. 3 "
        "(2010): 23–25, https://doi.org/10.1162/JCWS_a_00006."
    ),
    "no-issue": "A. M. Turing, “Computing Machinery and Intelligence,” <em>Mind</em> 59 (1950): 23–25.",
    "question": (
        "Ernst Mayr, “What Is a Species, and What Is Not?,” <em>Philosophy of Science</em> 63, no. 2 (1996): 23–25."
    ),
    "newspaper": (
        "Henry Tanner, “Soviet Vetoes a U.S. Plan in Council for Cease-Fire,” <em>New York Times</em>, December 5, "
        "1971, 23–25."
    ),
    "magazine": "John Hersey, “Hiroshima,” <em>New Yorker</em>, August 31, 1946, 23–25.",
    "thesis": (
        "Claude E. Shannon, “An Algebra for Theoretical Genetics” (PhD diss., Massachusetts Institute of Technology, "
        "1940), 23–25."
    ),
    "treaty": "Treaty of Peace, Friendship and Co-operation, August 9, 1971, 23–25.",
    "page": (
        "“Our History,” Pakistan Steel, 23–25, accessed November 20, 2026, "
        "http://www.paksteel.com.pk/organ_our_history.html."
    ),
    "data": (
        "World Bank, “World Development Indicators,” 2024, 23–25, "
        "https://databank.worldbank.org/source/world-development-indicators."
    ),
    "report": (
        "Pieter D. Wezeman et al., <em>Trends in International Arms Transfers, 2021</em>, Fact sheet (Stockholm "
        "International Peace Research Institute, 2022), 23–25."
    ),
    "particle": "Vincent van Gogh, <em>Letters</em> (Little, Brown, 1958), 23–25.",
    "undated-data": (
        "Stockholm International Peace Research Institute, “SIPRI Arms Transfers Database,” 23–25, accessed November "
        "20, 2026, https://www.sipri.org/databases/armstransfers."
    ),
    "article-before-journal": (
        "Edward N. Luttwak, “From Geopolitics to Geo-economics,” <em>National Interest</em>, no. 20 (1990): 23–25."
    ),
    "resolution": "United Nations Security Council, Resolution 1172, S/RES/1172 (June 6, 1998), 23–25.",
    "resolution-with-title": (
        "United Nations General Assembly, Resolution 217 (III), <em>Universal Declaration of Human Rights</em>, "
        "A/RES/217 (III) (December 10, 1948), 23–25."
    ),
    "unsigned": "“Pakistan, Russia Agree to Improve Trade,” <em>Nation</em>, October 13, 2023, 23–25.",
    "newspaper-as-author": "“Steel Mill Reopens,” <em>News</em>, March 4, 2014, 23–25.",
    "headline": (
        "Rose Macaulay, <em>Not So Fast, Yet Once upon a Time: A War Between Brothers After the Fall</em> (Collins, "
        "1956), 23–25."
    ),
    "two-titles": "Ann Lee, <em>What Now? The Road to Peace</em> (Hurst, 1999), 23–25.",
}

SHORT = {
    "book": "Westad, <em>Global Cold War</em>, 30.",
    "two-authors": "Graham and Knuth, <em>Concrete Mathematics</em>, 30.",
    "three-authors": "Strunk et al., <em>Elements of Style</em>, 30.",
    "many-authors": "Aho et al., <em>Compilers Compared</em>, 30.",
    "others": "Knuth et al., <em>Mathematical Writing</em>, 30.",
    "chapter": "Saikal, “Islamism, the Iranian Revolution, and the Soviet Invasion of Afghanistan,” 30.",
    "translated": "Tolstoy, <em>War and Peace</em>, 30.",
    "anonymous": "<em>Kybalion</em>, 30.",
    "article": "Mastny, “Soviet Union’s Partnership with India,” 30.",
    "no-issue": "Turing, “Computing Machinery and Intelligence,” 30.",
    "question": "Mayr, “What Is a Species, and What Is Not?,” 30.",
    "newspaper": "Tanner, “Soviet Vetoes a U.S. Plan in Council for Cease-Fire,” 30.",
    "magazine": "Hersey, “Hiroshima,” 30.",
    "thesis": "Shannon, “Algebra for Theoretical Genetics,” 30.",
    "treaty": "Treaty of Peace, Friendship and Co-operation, 30.",
    "page": "Pakistan Steel, “Our History,” 30.",
    "data": "World Bank, “World Development Indicators,” 30.",
    "report": "Wezeman et al., <em>Trends in International Arms Transfers, 2021</em>, 30.",
    "particle": "Van Gogh, <em>Letters</em>, 30.",
    "resolution": "United Nations Security Council, Resolution 1172, 30.",
    "resolution-with-title": "United Nations General Assembly, Resolution 217 (III), 30.",
    "headline": "Macaulay, <em>Not So Fast, Yet Once upon a Time</em>, 30.",
    "two-titles": "Lee, <em>What Now?</em>, 30.",
    "article-within": "Lee, <em>Hepatitis A in the City</em>, 30.",
}

BIBLIOGRAPHY = {
    "book": (
        "Westad, Odd Arne. <em>The Global Cold War: Third World Interventions and the Making of Our Times</em>. "
        "Cambridge University Press, 2005."
    ),
    "two-authors": (
        "Graham, Ronald L., and Donald E. Knuth. <em>Concrete Mathematics</em>. 2nd ed. Addison-Wesley, 1994."
    ),
    "three-authors": (
        "Strunk, William, E. B. White, and Maira Kalman. <em>The Elements of Style</em>. Penguin Press, 2005."
    ),
    "many-authors": "Aho, Alfred, Monica Lam, Ravi Sethi, et al. <em>Compilers Compared</em>. Pearson, 2006.",
    "others": "Knuth, Donald E., et al. <em>Mathematical Writing</em>. Mathematical Association of America, 1989.",
    "edited": (
        "Leffler, Melvyn P., and Odd Arne Westad, eds. <em>The Cambridge History of the Cold War</em>. Vol. 3, "
        "<em>Endings</em>. Cambridge University Press, 2010."
    ),
    "chapter": (
        "Saikal, Amin. “Islamism, the Iranian Revolution, and the Soviet Invasion of Afghanistan.” In <em>The "
        "Cambridge History of the Cold War</em>, vol. 3, edited by Melvyn P. Leffler and Odd Arne Westad. Cambridge "
        "University Press, 2010."
    ),
    "translated": (
        "Tolstoy, Leo. <em>War and Peace</em>. Translated by Richard Pevear and Larissa Volokhonsky. Knopf, 2007."
    ),
    "anonymous": "<em>The Kybalion: A Study of Hermetic Philosophy</em>. Yogi Publication Society, 1908.",
    "article": (
        "Mastny, Vojtech. “The Soviet Union’s Partnership with India.” <em>Journal of Cold War Studies</em> 12, no. 3 "
        "(2010): 50–90. https://doi.org/10.1162/JCWS_a_00006."
    ),
    "no-issue": "Turing, A. M. “Computing Machinery and Intelligence.” <em>Mind</em> 59 (1950): 433–60.",
    "question": (
        "Mayr, Ernst. “What Is a Species, and What Is Not?” <em>Philosophy of Science</em> 63, no. 2 (1996): 262–77."
    ),
    "newspaper": (
        "Tanner, Henry. “Soviet Vetoes a U.S. Plan in Council for Cease-Fire.” <em>New York Times</em>, December 5, "
        "1971."
    ),
    "magazine": "Hersey, John. “Hiroshima.” <em>New Yorker</em>, August 31, 1946.",
    "thesis": (
        "Shannon, Claude E. “An Algebra for Theoretical Genetics.” PhD diss., Massachusetts Institute of Technology, "
        "1940."
    ),
    "treaty": "Treaty of Peace, Friendship and Co-operation, August 9, 1971.",
    "page": (
        "Pakistan Steel. “Our History.” Accessed November 20, 2026. http://www.paksteel.com.pk/organ_our_history.html."
    ),
    "data": (
        "World Bank. “World Development Indicators.” 2024. "
        "https://databank.worldbank.org/source/world-development-indicators."
    ),
    "report": (
        "Wezeman, Pieter D., Alexandra Kuimova, and Siemon T. Wezeman. <em>Trends in International Arms Transfers, "
        "2021</em>. Fact sheet. Stockholm International Peace Research Institute, 2022."
    ),
    "particle": "Gogh, Vincent van. <em>Letters</em>. Little, Brown, 1958.",
    "undated-data": (
        "Stockholm International Peace Research Institute. “SIPRI Arms Transfers Database.” Accessed November 20, "
        "2026. https://www.sipri.org/databases/armstransfers."
    ),
    "article-before-journal": (
        "Luttwak, Edward N. “From Geopolitics to Geo-economics.” <em>National Interest</em>, no. 20 (1990): 17–23."
    ),
    "resolution": "United Nations Security Council. Resolution 1172. S/RES/1172. June 6, 1998.",
    "resolution-with-title": (
        "United Nations General Assembly. Resolution 217 (III), <em>Universal Declaration of Human Rights</em>. "
        "A/RES/217 (III). December 10, 1948."
    ),
    "unsigned": "<em>Nation</em>. “Pakistan, Russia Agree to Improve Trade.” October 13, 2023.",
    "newspaper-as-author": "<em>News</em>. “Steel Mill Reopens.” March 4, 2014.",
}

ENGINES = get_args(EngineName)
WRONG: dict[str, str] = {}


def cases(part: str, expected: dict[str, str]) -> list[object]:
    def case(key: str, engine: EngineName) -> object:
        reason = WRONG.get(f"{part} {key}", "")
        return pytest.param(key, engine, id=f"{key} {engine}", marks=[pytest.mark.xfail(reason=reason)] * bool(reason))

    return [case(key, engine) for key in expected for engine in ENGINES]


@cache
def chicago(engine: EngineName) -> Formatted:
    need(engine)
    references = read(ENTRIES)
    series = [
        entry
        for key in references
        for entry in (note(f"{key}, full", work(key, "23-25")), note(f"{key}, short", work(key, "30")))
    ]
    return formatted(references, series, engine=engine)


@pytest.mark.parametrize(("key", "engine"), cases("full", FULL))
def test_the_first_note_gives_the_facts_in_full(key: str, engine: EngineName) -> None:
    assert html(chicago(engine).notes[f"{key}, full"]) == FULL[key]


@pytest.mark.parametrize(("key", "engine"), cases("short", SHORT))
def test_a_later_note_gives_name_short_title_and_page(key: str, engine: EngineName) -> None:
    assert html(chicago(engine).notes[f"{key}, short"]) == SHORT[key]


@pytest.mark.parametrize(("key", "engine"), cases("bibliography", BIBLIOGRAPHY))
def test_the_bibliography_inverts_the_first_name(key: str, engine: EngineName) -> None:
    assert html(dict(chicago(engine).bibliography)[key]) == BIBLIOGRAPHY[key]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_bibliography_is_in_the_order_of_names_and_titles(engine: EngineName) -> None:
    keys = [key for key, _ in chicago(engine).bibliography]
    assert keys.index("many-authors") < keys.index("two-authors") < keys.index("magazine") < keys.index("book")
    assert keys.index("others") < keys.index("anonymous") < keys.index("edited"), "an initial article does not count"


LISTED = """
@book{directorate, author={Coll, Steve}, title={Directorate S}, publisher={P}, date={2018}}
@book{bin-ladens, author={Coll, Steve}, title={The Bin Ladens}, publisher={P}, date={2008}}
@book{atlas, author={Coll, Steve}, title={An Atlas}, publisher={P}, date={2009}}
@book{with-another, author={Coll, Steve and Aziz, Ann}, title={A Day}, publisher={P}, date={2010}}
@book{dawn, title={Dawn}, publisher={P}, date={2003}}
@book{news, title={The News}, publisher={P}, date={2001}}
@book{star, title={The Daily Star}, publisher={P}, date={2002}}
@book{oman, author={Oman, Ali}, title={Oil}, publisher={P}, date={2002}}
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_articles_do_not_count_in_the_order_of_the_bibliography(engine: EngineName) -> None:
    need(engine)
    references = library(LISTED)
    listed = formatted(references, [note(key, key) for key in references], engine=engine).bibliography
    expected = ["atlas", "bin-ladens", "directorate", "with-another", "star", "dawn", "news", "oman"]
    assert [key for key, _ in listed] == expected
