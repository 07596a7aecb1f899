"""Imports point one way: each module knows those before it in the order of its package, and none of those after it.

A package counts as one module of the package around it. What its inner modules import from one another is its own
affair, unless it has an order here, too.
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
    "direction",
    "document",
    "targets",
    "words",
    "writing",
    "css",
    "garbage",
    "records",
    "store",
    "process",
    "limits",
    "manuscript",
    "programs",
    "fonts",
    "styles",
    "images",
    "scaffold",
    "dialect",
    "bibliography",
    "maths",
    "edition",
    "characters",
    "resolve",
    "xhtml",
    "pdf",
    "epub",
    "check",
    "review",
    "build",
    "built",
    "report",
    "progress",
    "topics",
    "cli",
    "__main__",
)
PLANNED = frozenset({"review"})
ROOMS = {
    "bibliography": ("facts", "markup", "reading", "style", "checking", "citing", "groups", "library"),
    "bibliography/reading": ("dates", "unknown_names", "bibtex", "csl", "ris", "variables", "files"),
    "bibliography/citing": (
        "stream",
        "question",
        "punctuation",
        "corrections",
        "locators",
        "engines",
        "arrangement",
        "format",
    ),
}
"""The order of modules within some packages."""


def module(file: Path) -> str:
    """The module or package of the program that a file belongs to."""
    return file.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(file: Path) -> Iterator[str]:
    """The modules of the program that a file imports, wherever in it; the package itself is none."""
    return (name.split(".")[0] for name in imported_names(file))


def imported_names(file: Path) -> Iterator[str]:
    """The same with what is imported from them, such as `pdf.boxes.engine`."""
    parts = ("postil", *file.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        match node:
            case ast.Import():
                names = [alias.name for alias in node.names]
            case ast.ImportFrom():
                base = [".".join(parts[: len(parts) - node.level + 1])] if node.level else []
                path = ".".join([*base, *([node.module] if node.module else [])])
                names = [f"{path}.{alias.name}" for alias in node.names]
            case _:
                continue
        for name in names:
            first, _, rest = name.partition(".")
            if first == "postil" and rest and not rest.startswith("__version__"):
                yield rest


FILES = sorted(PACKAGE.rglob("*.py"))


def test_every_module_has_its_place_in_the_order() -> None:
    assert {module(file) for file in FILES} - {"__init__"} == set(ORDER) - PLANNED


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_those_before_it(file: Path) -> None:
    own = module(file)
    before = set() if own == "__init__" else set(ORDER[: ORDER.index(own)])
    assert set(imported(file)) - {own} <= before


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_of_a_room_has_its_place_in_the_order(room: str) -> None:
    files = {
        path.stem for path in (PACKAGE / room).iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert files - {"__init__"} == set(ROOMS[room])


@pytest.mark.parametrize(("room", "name"), [(room, name) for room, order in ROOMS.items() for name in order])
def test_a_module_of_a_room_imports_only_those_before_it(room: str, name: str) -> None:
    path = PACKAGE / room / name
    prefix = room.replace("/", ".") + "."
    files = list(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    names = (imported for file in files for imported in imported_names(file) if imported.startswith(prefix))
    before = ROOMS[room][: ROOMS[room].index(name)]
    assert {name.removeprefix(prefix).split(".")[0] for name in names} - {name} <= set(before)


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
