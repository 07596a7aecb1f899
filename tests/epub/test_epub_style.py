"""The house style leaves to readers what is theirs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import tinycss2
from annotated_sample import STYLES

SHEET = STYLES["epub.css"]


def rules() -> Iterator[tuple[str, dict[str, str]]]:
    for rule in tinycss2.parse_stylesheet(SHEET, skip_comments=True, skip_whitespace=True):
        assert rule.type == "qualified-rule", rule
        declared = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
        assert all(declaration.type == "declaration" for declaration in declared), declared
        values = {d.name: tinycss2.serialize(d.value).strip() for d in declared}
        yield tinycss2.serialize(rule.prelude).strip(), values


RULES = list(rules())


@pytest.mark.parametrize(("selector", "values"), RULES, ids=[selector for selector, _ in RULES])
def test_colours_are_the_readers(selector: str, values: dict[str, str]) -> None:
    colours = {name: value for name, value in values.items() if "color" in name or name in {"background", "fill"}}
    if selector == "figure img":  # a drawing's paper
        assert colours == {"background-color": "#fff"}
    else:
        assert colours == {}


@pytest.mark.parametrize(("selector", "values"), RULES, ids=[selector for selector, _ in RULES])
def test_lengths_grow_with_the_readers_type(selector: str, values: dict[str, str]) -> None:
    text = " ".join(values.values())
    assert not any(unit in text for unit in ("px", "pt", "cm", "mm")), selector


@pytest.mark.parametrize(("selector", "values"), RULES, ids=[selector for selector, _ in RULES])
def test_breaks_stand_twice(selector: str, values: dict[str, str]) -> None:
    for name, value in values.items():
        if name.startswith("break-"):
            # the older property says "always" for a page (CSS Fragmentation 3, 3.4)
            assert values[f"page-{name}"] == {"page": "always"}.get(value, value), selector


def test_lines_are_neither_justified_nor_centred_for_the_reader() -> None:
    assert not any(values.get("text-align") == "justify" for _, values in RULES)
