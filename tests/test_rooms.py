"""The list of rooms in the architecture is that of the folders, in the order of imports."""

from __future__ import annotations

import re
from pathlib import Path

from test_imports import ORDER, PLANNED

PAGE = Path(__file__).parents[1] / "src" / "README.md"


def rooms() -> list[str]:
    table = PAGE.read_text("utf-8").partition("## The rooms")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)


def test_the_page_lists_every_room_in_its_order() -> None:
    assert rooms() == [room for room in ORDER if room not in PLANNED and room != "__main__"]


def test_the_places_that_it_names_are_there() -> None:
    named = re.findall(r"`((?:\w+/)+\w+)(?:\.[A-Z]\w*)?`", PAGE.read_text("utf-8"))
    package = PAGE.parent / "postil"
    missing = [name for name in named if not (package / name).exists() and not (package / f"{name}.py").exists()]
    assert missing == []
