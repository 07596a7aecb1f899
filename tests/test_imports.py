"""Imports point one way: each module knows those before it in the program's order, and none of those after it.

A package counts as one module; what its inner modules import from one another is its own affair.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import postil

PACKAGE = Path(postil.__file__).parent
ORDER = (
    "streams",
    "source",
    "guesses",
    "document",
    "targets",
    "words",
    "writing",
    "css",
    "garbage",
    "limits",
    "manuscript",
    "styles",
    "images",
    "scaffold",
    "dialect",
    "bibliography",
    "edition",
    "characters",
    "resolve",
    "xhtml",
    "pdf",
    "epub",
    "check",
    "review",
    "build",
    "report",
    "progress",
    "cli",
    "__main__",
)
PLANNED = frozenset({"review"})


def module(file: Path) -> str:
    """The module or package of the program that a file belongs to."""
    return file.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(file: Path) -> Iterator[str]:
    """The modules of the program that a file imports, wherever in it; the package itself is none."""
    parts = ("postil", *file.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        match node:
            case ast.Import():
                names = [alias.name for alias in node.names]
            case ast.ImportFrom():
                base = [".".join(parts[: len(parts) - node.level + 1])] if node.level else []
                path = ".".join([*base, *([node.module] if node.module else [])])
                names = [f"{path}.{alias.name}" if path == "postil" else path for alias in node.names]
            case _:
                continue
        for name in names:
            first, _, rest = name.partition(".")
            if first == "postil" and rest and not rest.startswith("__version__"):
                yield rest.split(".")[0]


FILES = sorted(PACKAGE.rglob("*.py"))


def test_every_module_has_its_place_in_the_order() -> None:
    assert {module(file) for file in FILES} - {"__init__"} == set(ORDER) - PLANNED


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_those_before_it(file: Path) -> None:
    own = module(file)
    before = set() if own == "__init__" else set(ORDER[: ORDER.index(own)])
    assert set(imported(file)) - {own} <= before


def test_the_reader_of_imports_sees_all_forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("test_imports.PACKAGE", tmp_path)
    file = tmp_path / "pdf" / "boxes" / "press.py"
    file.parent.mkdir(parents=True)
    file.write_text(
        "import postil.check\nimport os.path\nfrom postil import build, __version__\nfrom postil.words import words\n"
        "from . import sheet\nfrom ...cli import main\nfrom .. import folios\n"
        "def f():\n    from postil.epub.paths import COVER\n",
        "utf-8",
    )
    assert sorted(imported(file)) == ["build", "check", "cli", "epub", "pdf", "pdf", "words"]
