"""What the style guides want, work by work and to the last comma: the cases in `golden/`, a file for each style.

`works.yaml` has the works. A case gives the expected `note` and `short` (a later note) or, where citations stand in the
text, `cite`; and the `entry` in the bibliography. Italics are between stars. `locator` and `later` are what the two
citations point to. Where an engine does otherwise, `[work.wrong]` (every engine), or a table named after the engine,
gives the reason: the case stays, and says so as soon as it passes.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from citing import formatted, html, note, read, work

from postil.bibliography import Formatted

GOLDEN = Path(__file__).with_name("golden")
STYLES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*.toml"))}
ENGINES = ("pandoc",)
FORMS = ("note", "short", "cite", "entry")


@cache
def shown(name: str, engine: str) -> Formatted:
    """Every work cited twice, each citation apart from the next of the same work."""
    expected = STYLES[name]
    works = cases(name)
    first = [note(f"{key}, note", work(key, row.get("locator", "71-72"))) for key, row in works.items()]
    later = [note(f"{key}, short", work(key, row.get("later", "80"))) for key, row in works.items()]
    return formatted(read(GOLDEN / "works.yaml"), [*first, *later], to=expected["style"], language=expected["language"])


def cases(name: str) -> dict[str, dict[str, Any]]:
    return {key: row for key, row in STYLES[name].items() if isinstance(row, dict)}


def params() -> list[object]:
    found = []
    for name in STYLES:
        for key, row in cases(name).items():
            for form in FORMS:
                for engine in ENGINES if form in row else ():
                    reason = row.get(engine, {}).get(form) or row.get("wrong", {}).get(form)
                    marks = [pytest.mark.xfail(reason=reason)] if reason else []
                    found.append(pytest.param(name, key, form, engine, id=f"{name} {key} {form} {engine}", marks=marks))
    return found


@pytest.mark.parametrize(("name", "key", "form", "engine"), params())
def test_as_the_style_guide_has_it(name: str, key: str, form: str, engine: str) -> None:
    answer = shown(name, engine)
    nodes = {
        "note": lambda: answer.notes[f"{key}, note"],
        "short": lambda: answer.notes[f"{key}, short"],
        "cite": lambda: answer.inline[f"{key}, note"],
        "entry": lambda: dict(answer.bibliography)[key],
    }[form]()
    assert with_stars(html(nodes)) == cases(name)[key][form]


def with_stars(markup: str) -> str:
    return markup.replace("<em>", "*").replace("</em>", "*").replace("&amp;", "&")


@pytest.mark.parametrize("name", STYLES)
def test_a_style_is_tested_over_all_common_types(name: str) -> None:
    assert len(cases(name)) >= 25
