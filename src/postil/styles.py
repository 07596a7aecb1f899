"""The style sheets that a title is set in: the house style, and what a project or a title has in its place."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

from postil.css import FETCHING, address, names, tokens
from postil.document import EDITIONS, FORMATS, Edition
from postil.manuscript.files import TEXT_LIMIT, read_source
from postil.manuscript.titles import project
from postil.source import Diagnostic, Position, Source

STYLES: Final = "styles"
FONT: Final = "font:"
PRINT_FONTS: Final = "print-fonts.css"
"""The style sheet that is made from what `book.toml` says of fonts."""
DEEPEST: Final = 30


def load(folder: Path) -> tuple[Mapping[str, Source], tuple[Diagnostic, ...]]:
    """The style sheets for the title in `folder`, by name (such as `print-proof.css`), and what is wrong with them.

    The house style, with those files replaced or added that a `styles/` folder beside `manuscript/` has, and then
    those of one inside the title. What cannot be read is left out.
    """
    house = _house()
    names = {path.relative_to(house).as_posix(): path for path in sorted(house.rglob("*.css"))}
    own, found = _own(folder)
    return {name: Source(name, path.read_text("utf-8")) for name, path in names.items()} | own, found


def missing(styles: Mapping[str, Source], edition: Edition) -> Iterator[Diagnostic]:
    """The style sheets without which an edition has no page."""
    for name in edition.styles("pdf"):
        if name not in styles and name != PRINT_FONTS:
            hint = (
                f"write {STYLES}/{name} for the title, with the measures of its page, as print-annotated.css has them"
            )
            yield Diagnostic("P709", f"the {edition.name} edition has no style sheet '{name}'", None, hint)


def named(sheets: Mapping[str, Source]) -> frozenset[str]:
    """The classes and `data-` attributes that the title's own style sheets name, but for those of the house style.

    A style sheet that no edition is set in has no say. The house style's are given by the outputs themselves:
    `.footnote` is what is set at the foot of a page, and words of the manuscript of that class would be, too.
    """
    house = _house()
    used = {name for edition in EDITIONS.values() for output in FORMATS for name in edition.styles(output)}
    own = (sheet for name, sheet in sheets.items() if name in used and sheet.path != name)
    made = {name for path in house.rglob("*.css") for name in names(path.read_text("utf-8"))}
    return frozenset(name for sheet in own for name in names(sheet.text)) - made


def _own(folder: Path) -> tuple[dict[str, Source], tuple[Diagnostic, ...]]:
    sheets: dict[str, Source] = {}
    found: list[Diagnostic] = []
    around = project(folder)
    for owner in (folder,) if around is None else (around, folder):
        for path in _files(owner):
            name = path.relative_to(owner).as_posix()
            at = Position(Path(os.path.relpath(path, folder)).as_posix())
            source, wrong = read_source(owner, name, at, TEXT_LIMIT)
            found += wrong
            if source is not None:
                sheet = Source(at.path, source.text)
                sheets[name.removeprefix(f"{STYLES}/")] = sheet
                found += _faults(sheet)
    return sheets, tuple(found)


def _files(owner: Path) -> Iterator[Path]:
    """The style sheets of a title or a project. A folder that is a link is not entered, but is among them."""
    top = owner / STYLES
    if top.is_symlink():
        yield top
        return
    for path in sorted(top.rglob("*")):
        if path.suffix == ".css" or (path.is_symlink() and path.is_dir()):
            yield path


def _faults(source: Source) -> Iterator[Diagnostic]:
    """What a style sheet would fetch, and where it is nested too deeply for anybody to read."""
    for node, depth in tokens(source.text):
        at = source.offset(node.source_line, node.source_column)
        if depth > DEEPEST:
            hint = f"no more than {DEEPEST} brackets can stand in one another"
            yield source.diagnostic("P932", at, "this is nested too deeply", hint)
            return
        target = address(node)
        if node.type == "at-keyword" and node.lower_value == "import":
            target = "@import"
        elif node.type == "function" and node.lower_name in FETCHING:
            target = f"{node.name}()"
        if target is not None and not target.startswith(FONT):
            hint = f"a style sheet stands by itself; fonts are named as '{FONT}family/normal' or '{FONT}family/italic'"
            yield source.diagnostic("P805", at, f"the style sheet takes in '{target}'", hint)


def _house() -> Path:
    """The house style: data of the package where it is installed, a folder of the repository where it is edited."""
    installed = Path(str(files("postil") / STYLES))
    return installed if installed.is_dir() else Path(__file__).parents[2] / STYLES
