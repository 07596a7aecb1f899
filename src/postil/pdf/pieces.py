"""Objects of a PDF as plain data, cut where the number of another object stands: that is known in the file only.

>>> pieces = Pieces()
>>> pieces.value(pydyf.Dictionary({"Type": "/Mask", "G": group}), picture)
Piece((b"<</Type /Mask/G ", b">>"), ("5f0c…",))
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

import pydyf

from postil.pdf.fragment import Piece

FONTS = "fonts"
"""The dictionary of all fonts of the file."""
COLOURS = "colours"
"""The dictionary of its colour spaces."""

_REFERENCE = re.compile(rb"\0([^\0]*)\0")
_NUMBERED = re.compile(rb"\b[0-9]+ 0 R\b")
_LEVEL = 9


def reference(name: str) -> bytes:
    """What stands for the number of an object until it has one: no PDF has a zero byte in its syntax."""
    return b"\0" + name.encode() + b"\0"


def plain(item: Any) -> bytes:
    """An object of pydyf's, a number or a word as it is written."""
    written: bytes = pydyf._to_bytes(item)
    return written


def cut(data: bytes, stream: bytes | None = None) -> Piece:
    """An object in parts, between which the names of others stand."""
    parts = _REFERENCE.split(data)
    return Piece(tuple(parts[::2]), tuple(name.decode() for name in parts[1::2]), stream)


Naming = Callable[[str], str]
"""The name of the object of a picture, by that which it has among the resources of a page."""


def _unnamed(name: str) -> str:
    raise KeyError(name)


class Pieces:
    """Objects of pydyf's as plain data; those that others refer to have their digests for names."""

    def __init__(self) -> None:
        self._kept: dict[str, Piece] = {}

    @property
    def kept(self) -> tuple[tuple[str, Piece], ...]:
        """All that others refer to, each behind those to which it refers itself."""
        return tuple(self._kept.items())

    def value(self, value: Any, picture: Naming = _unnamed) -> Piece:
        """What an object is that stands within another."""
        return cut(self._written(value, picture))

    def keep(self, value: Any, picture: Naming = _unnamed, references: Mapping[bytes, str] | None = None) -> str:
        """Keep an object; its name.

        `references` are the names of those that it refers to by their numbers in a file of pydyf's.
        """
        extra, data = value, None
        if isinstance(value, pydyf.Stream):
            extra, data = dict(value.extra), b"\n".join(map(plain, value.stream))
            if "Filter" not in extra:
                extra["Filter"], data = "/FlateDecode", zlib.compress(data, _LEVEL)
            extra["Length"] = len(data)
        written = self._written(extra, picture)
        if references:
            written = _NUMBERED.sub(lambda found: reference(references[found[0]]), written)
        piece = cut(written, data)
        name = sha256(repr(piece).encode()).hexdigest()[:24]
        self._kept[name] = piece
        return name

    def _written(self, value: Any, picture: Naming) -> bytes:
        if isinstance(value, pydyf.Stream):
            return reference(self.keep(value, picture))
        if isinstance(value, dict):
            entries = (b"/" + name.encode() + b" " + self._entry(name, each, picture) for name, each in value.items())
            return b"<<" + b"".join(entries) + b">>"
        if isinstance(value, (list, tuple)):
            return b"[" + b" ".join(self._written(each, picture) for each in value) + b"]"
        return plain(value)

    def _entry(self, name: str, value: Any, picture: Naming) -> bytes:
        """An entry of a dictionary: WeasyPrint fills in fonts and pictures when it writes the file."""
        if value is None:
            return reference(FONTS if name == "Font" else picture(name))
        return self._written(value, picture)
