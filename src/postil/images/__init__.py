"""The pictures of a title, read and found safe."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from pathlib import Path
from typing import Final

from postil.document import Image
from postil.images.raster import read_raster
from postil.images.svg import read_svg
from postil.manuscript.files import read_bytes
from postil.source import Diagnostic, Position

__all__ = ["located", "read"]

SIZE_LIMIT: Final = 32 << 20
"""The most bytes that a picture may have."""

_BEGINNINGS: Final = tuple("\ufeff<".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


def located(folder: Path, chapter: str, path: str) -> str:
    """The path of a picture from the title's folder, which a chapter names from its own folder or from the title's."""
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(chapter), path))
    return beside if (folder / beside).is_file() or path.startswith("..") else path


def read(folder: Path, path: str, at: Position) -> Image | Diagnostic:
    """A picture of the title in `folder`, or everything that is wrong with it.

    `at` is the place that names the picture; what is wrong inside an SVG has its own place there. The picture's bytes
    are those that are published: without what a camera or a program keeps in the file besides. The file stays as it is.
    """
    data = read_bytes(folder, path, at, SIZE_LIMIT)
    if isinstance(data, Diagnostic):
        return data
    drawn = data.lstrip().startswith(b"<") or data.startswith(_BEGINNINGS)
    picture = read_svg(path, data) if drawn else read_raster(path, data, at)
    return picture if isinstance(picture, Diagnostic) else replace(picture, at=at)
