"""What the style guides want, work by work and to the last comma: the cases in `golden/`, a file for each style.

`works.yaml` has the works. A case gives the expected `note` and `short` (a later note) or, where citations stand in the
text, `cite`; and the `entry` in the bibliography. Italics are between stars. `locator` and `later` are what the two
citations point to. `variants` are other styles that read the same; `without` are works that the guide does not list.
Where an engine does otherwise, `[work.wrong]` (every engine), or a table named after the engine, gives the reason: the
case stays, and says so as soon as it passes.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, get_args

import pytest
from citing import authors_note, formatted, html, need, note, read, work

from postil.bibliography import Formatted
from postil.document import EngineName

GOLDEN = Path(__file__).with_name("golden")
STYLES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*.toml"))}
ENGINES = get_args(EngineName)
FORMS = ("note", "short", "cite", "entry")


@cache
def shown(name: str, style: str, engine: EngineName) -> Formatted:
    """Every work cited twice, each citation apart from the next of the same work."""
    need(engine)
    works = cases(name)
    first = [note(f"{key}, note", work(key, row.get("locator", "71-72"))) for key, row in works.items()]
    later = [note(f"{key}, short", work(key, row.get("later", "80"))) for key, row in works.items()]
    language = STYLES[name]["language"]
    return formatted(read(GOLDEN / "works.yaml"), [*first, *later], to=style, language=language, engine=engine)


def cases(name: str) -> dict[str, dict[str, Any]]:
    return {key: row for key, row in STYLES[name].items() if isinstance(row, dict)}


def params() -> list[object]:
    found: list[object] = []
    for name, style in [(file, style) for file in STYLES for style in styles(file)]:
        for key, row in cases(name).items():
            for form in FORMS:
                for engine in ENGINES if form in row else ():
                    reason = row.get(engine, {}).get(form) or row.get("wrong", {}).get(form)
                    marks = [pytest.mark.xfail(reason=reason)] if reason else []
                    case = f"{style} {key} {form} {engine}"
                    found.append(pytest.param(name, style, key, form, engine, id=case, marks=marks))
    return found


def styles(name: str) -> list[str]:
    return [STYLES[name]["style"], *STYLES[name].get("variants", [])]


@pytest.mark.parametrize(("name", "style", "key", "form", "engine"), params())
def test_as_the_style_guide_has_it(name: str, style: str, key: str, form: str, engine: EngineName) -> None:
    answer = shown(name, style, engine)
    nodes = {
        "note": lambda: answer.notes[f"{key}, note"],
        "short": lambda: answer.notes[f"{key}, short"],
        "cite": lambda: answer.inline[f"{key}, note"],
        "entry": lambda: dict(answer.bibliography)[key],
    }[form]()
    number = f"{list(cases(name)).index(key) + 1}. " if STYLES[name].get("numbered") and form == "entry" else ""
    assert with_stars(html(nodes)) == number + cases(name)[key][form]


def with_stars(markup: str) -> str:
    """Markup as the cases have it: stars for italics, spaces that may break, raised letters as letters."""
    stars = (
        re.sub(r"</?em>", "*", re.sub(r'<span class="nowrap">(.*?)</span>', r"\1", markup))
        .replace("<sup>o</sup>", "ᵒ")
        .replace("<sup>e</sup>", "ᵉ")
    )
    return unescape(stars).translate({0x00A0: " ", 0x202F: " "})


@pytest.mark.parametrize("name", STYLES)
def test_a_style_is_tested_over_all_common_types(name: str) -> None:
    assert {*cases(name), *STYLES[name].get("without", [])} == set(read(GOLDEN / "works.yaml"))
    assert len(cases(name)) >= 25


SERIES = (
    # a first note in full; the same work right behind it; the same page; another page
    (("book", "12"), "Barbara W. Tuchman, *The Guns of August* (Macmillan, 1962), 12."),
    (("book", "13"), "Ibid., 13."),
    (("book", "13"), "Ibid."),
    (("article", "170"), "Susan Satterfield, “Livy and the *Pax Deum*,” *Classical Philology* 111, no. 2 (2016): 170."),
    (("book", "14"), "Tuchman, *Guns of August*, 14."),
    # a note of the author's without a citation ends the run
    (None, ""),
    (("book", "15"), "Tuchman, *Guns of August*, 15."),
    (("book", "16"), "Ibid., 16."),
    # a note that cites several works leaves open which is meant
    (("book", "17"), ("article", "171"), "Ibid., 17; Satterfield, “Livy and the *Pax Deum*,” 171."),
    (("article", "171"), "Satterfield, “Livy and the *Pax Deum*,” 171."),
)


@pytest.mark.parametrize("engine", ENGINES)
def test_ibid_in_chicago_18_refers_to_the_one_work_of_the_note_before(engine: EngineName) -> None:
    need(engine)
    series = [
        note(str(number), *(work(*cited) for cited in row[:-1] if cited)) if row[0] else authors_note(str(number))
        for number, row in enumerate(SERIES)
    ]
    [to] = STYLES["chicago-notes-bibliography"]["variants"]
    answer = formatted(read(GOLDEN / "works.yaml"), series, to=to, language="en-US", engine=engine)
    shown = [with_stars(html(answer.notes.get(str(number), ()))) for number in range(len(SERIES))]
    assert shown == [row[-1] for row in SERIES]
