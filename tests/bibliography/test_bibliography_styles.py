"""Styles beside Chicago's notes, by the rules of their own guides: Chicago 18 author-date, MLA 9, APA 7."""

from __future__ import annotations

from pathlib import Path

import pytest
from citing import formatted, html, note, read, work

from postil.bibliography import Formatted

ENTRIES = Path(__file__).with_name("chicago.bib")

EXPECTED = {
    "chicago-author-date": {
        "book": (
            "(Westad 2005, 23–25)",
            (
                "Westad, Odd Arne. 2005. <em>The Global Cold War: Third World Interventions and the Making of Our "
                "Times</em>. Cambridge University Press."
            ),
        ),
        "article": (
            "(Mastny 2010, 23–25)",
            (
                "Mastny, Vojtech. 2010. “The Soviet Union’s Partnership with India.” <em>Journal of Cold War "
                "Studies</em> 12 (3): 50–90. https://doi.org/10.1162/JCWS_a_00006."
            ),
        ),
        "two-authors": (
            "(Graham and Knuth 1994, 23–25)",
            "Graham, Ronald L., and Donald E. Knuth. 1994. <em>Concrete Mathematics</em>. 2nd ed. Addison-Wesley.",
        ),
        "three-authors": (
            "(Strunk et al. 2005, 23–25)",
            "Strunk, William, E. B. White, and Maira Kalman. 2005. <em>The Elements of Style</em>. Penguin Press.",
        ),
        "newspaper": (
            "(Tanner 1971, 23–25)",
            (
                "Tanner, Henry. 1971. “Soviet Vetoes a U.S. Plan in Council for Cease-Fire.” <em>New York Times</em>, "
                "December 5."
            ),
        ),
    },
    "modern-language-association": {
        "book": (
            "(Westad 23–25)",
            (
                "Westad, Odd Arne. <em>The Global Cold War: Third World Interventions and the Making of Our "
                "Times</em>. Cambridge UP, 2005."
            ),
        ),
        "article": (
            "(Mastny 23–25)",
            (
                "Mastny, Vojtech. “The Soviet Union’s Partnership with India.” <em>Journal of Cold War "
                "Studies</em>, vol. 12, no. 3, 2010, pp. 50–90, https://doi.org/10.1162/JCWS_a_00006."
            ),
        ),
        "three-authors": (
            "(Strunk et al. 23–25)",
            "Strunk, William, et al. <em>The Elements of Style</em>. Penguin Press, 2005.",
        ),
        "newspaper": (
            "(Tanner 23–25)",
            (
                "Tanner, Henry. “Soviet Vetoes a U.S. Plan in Council for Cease-Fire.” <em>New York Times</em>, 5 Dec. "
                "1971."
            ),
        ),
    },
    "apa": {
        "book": (
            "(Westad, 2005, pp. 23–25)",
            (
                "Westad, O. A. (2005). <em>The global Cold War: Third World interventions and the making of our "
                "times</em>. Cambridge University Press."
            ),
        ),
        "article": (
            "(Mastny, 2010, pp. 23–25)",
            (
                "Mastny, V. (2010). The Soviet Union’s partnership with India. <em>Journal of Cold War Studies</em>, "
                "<em>12</em>(3), 50–90. https://doi.org/10.1162/JCWS_a_00006"
            ),
        ),
        "two-authors": (
            "(Graham &amp; Knuth, 1994, pp. 23–25)",
            "Graham, R. L., &amp; Knuth, D. E. (1994). <em>Concrete mathematics</em> (2nd ed.). Addison-Wesley.",
        ),
        "three-authors": (
            "(Strunk et al., 2005, pp. 23–25)",
            "Strunk, W., White, E. B., &amp; Kalman, M. (2005). <em>The elements of style</em>. Penguin Press.",
        ),
        "newspaper": (
            "(Tanner, 1971, pp. 23–25)",
            (
                "Tanner, H. (1971, December 5). Soviet vetoes a U.S. plan in council for cease-fire. <em>New York "
                "Times</em>."
            ),
        ),
        "chapter": (
            "(Saikal, 2010, pp. 23–25)",
            (
                "Saikal, A. (2010). Islamism, the Iranian revolution, and the Soviet invasion of Afghanistan. In M. P. "
                "Leffler &amp; O. A. Westad (Eds.), <em>The Cambridge history of the Cold War</em> (Vol. 3, pp. "
                "112–134). Cambridge University Press."
            ),
        ),
    },
}
CASES = [pytest.param(name, key, id=f"{name}: {key}") for name, entries in EXPECTED.items() for key in entries]


@pytest.fixture(scope="module")
def answers() -> dict[str, Formatted]:
    references = read(ENTRIES)
    return {
        name: formatted(references, [note(key, work(key, "23-25")) for key in entries], to=name)
        for name, entries in EXPECTED.items()
    }


@pytest.mark.parametrize(("name", "key"), CASES)
def test_citation_and_entry(answers: dict[str, Formatted], name: str, key: str) -> None:
    answer = answers[name]
    citation, entry = EXPECTED[name][key]
    assert (html(answer.inline[key]), html(dict(answer.bibliography)[key])) == (citation, entry)
