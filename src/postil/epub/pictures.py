"""The title's pictures on their way into a publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from postil.document import Image
from postil.epub import gate, paths
from postil.source import Diagnostic, Position

# The media types that every reading system shows, and how their files end.
_CORE = {
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "image/webp": ".webp",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and where it stands in the publication."""

    image: Image
    href: str


def read(images: Mapping[str, Image]) -> tuple[Mapping[str, Picture], tuple[Diagnostic, ...]]:
    """The pictures that a publication may hold, by their path in the title, and what is wrong with the others."""
    found: dict[str, Picture] = {}
    faults: list[Diagnostic] = []
    taken: set[str] = {"cover"}
    for path, image in sorted(images.items()):
        faults += (
            Diagnostic("P804", f"picture '{path}' has {fault}", Position(path), "save it as PNG, JPEG or plain SVG")
            for fault in _faults(image)
        )
        name = paths.file_name(PurePosixPath(path).stem, taken)
        found[path] = Picture(image, paths.picture(f"{name}{_CORE.get(image.media_type, '')}"))
    return found, tuple(faults)


def _faults(image: Image) -> Iterator[str]:
    if image.media_type not in _CORE:
        yield f"the media type '{image.media_type}', which reading systems need not show"
    elif image.media_type == "image/svg+xml":
        try:
            yield from gate.svg_faults(gate.parse(image.data))
        except gate.NotXmlError as error:
            yield f"markup that is not well-formed: {error}"
