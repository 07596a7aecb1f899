"""The style sheets that a title is set in: the house style, and what a project or a title has in its place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

from postil.manuscript.files import TEXT_LIMIT, read_source
from postil.manuscript.titles import project
from postil.source import Diagnostic, Position

STYLES: Final = "styles"


def styles(folder: Path) -> Mapping[str, str]:
    """The style sheets for the title in `folder`: CSS by name, such as `print.css` or `editions/proof.css`.

    The house style, with those files replaced or added that a `styles/` folder beside `manuscript/` has, and then
    those of one inside the title.
    """
    return _layered(folder)[0]


def mistakes(folder: Path) -> tuple[Diagnostic, ...]:
    """What is wrong with the files of a project's and a title's own styles: what cannot be read is left out."""
    return _layered(folder)[1]


def _layered(folder: Path) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    around = project(folder)
    layers = [_house(), *([around / STYLES] if around else []), folder / STYLES]
    sheets: dict[str, str] = {}
    found: list[Diagnostic] = []
    for layer in layers:
        for path in sorted(layer.rglob("*.css")):
            name = path.relative_to(layer).as_posix()
            at = Position(Path(os.path.relpath(path, folder)).as_posix())
            source, wrong = read_source(layer, name, at, TEXT_LIMIT)
            found += wrong
            if source is not None:
                sheets[name] = source.text
    return sheets, tuple(found)


def _house() -> Path:
    """The house style: data of the package where it is installed, a folder of the repository where it is edited."""
    installed = Path(str(files("postil") / STYLES))
    return installed if installed.is_dir() else Path(__file__).parents[2] / STYLES
