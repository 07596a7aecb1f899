"""The table of codes is whole: each is used, each that is used is in it, and each has an example of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import postil
from postil.source import codes

SOURCE = Path(postil.__file__).parent


def used() -> set[str]:
    """Every code that stands as a string of its own in the program."""
    return {
        code for path in SOURCE.rglob("*.py") for code in re.findall(r"[\"'](P\d{3})[\"']", path.read_text("utf-8"))
    }


def test_every_code_that_is_used_is_explained() -> None:
    assert used() - set(codes()) == set()


def test_every_code_that_is_explained_is_used() -> None:
    assert set(codes()) - used() == set()


def test_the_table_is_in_order() -> None:
    text = (SOURCE / "data" / "codes.toml").read_text("utf-8")
    table = re.findall(r"(?m)^\[(P\d{3})\]", text)
    assert table == sorted(table)


@pytest.mark.parametrize("code", codes())
def test_a_code_has_an_example_of_its_message(code: str) -> None:
    row = codes()[code]
    assert f"{row.severity}[{code}]: " in row.example
    assert row.title
    assert row.explanation
