"""The files of pictures taken apart, and put together again with only what is needed to show the picture.

Cameras and programs leave more in a file: where and when a picture was taken, by whom and on which machine, earlier
versions of it, whatever somebody appended. None of that is to be published. The pixels are not touched: what goes is
decided from lists of what may stay, part by part of the container.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Final


class OddError(ValueError):
    """A file is not built as its standard says, though it may be possible to show it."""


def bare(kind: str, data: bytes) -> bytes:
    """A file of a kind (`PNG`, `JPEG`, `GIF` or `WEBP`) with only what shows the picture, and its colour profile.

    Raises OddError.
    """
    try:
        return b"".join(_PARTS[kind](data))
    except (IndexError, struct.error) as error:
        message = "it breaks off"
        raise OddError(message) from error


# --- JPEG (ISO/IEC 10918-1, annex B) ------------------------------------------------------------------------------

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_JFIF, _ICC, _ADOBE = (0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe")
_JFIF_SIZE: Final = 14
"""The bytes of a JFIF segment without its thumbnail."""
_ADOBE_SIZE: Final = 12
# frames, tables, scans and restarts; of the segments for applications, those above
_CODING: Final = frozenset(range(0xC0, 0xE0)) - frozenset(range(0xD0, _EOI + 1))
# behind the coded data of a scan: a zero is stuffed into those, and restarts are part of them
_SCAN_END: Final = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


def _jpeg(data: bytes) -> Iterator[bytes]:
    if data[:2] != bytes((0xFF, _SOI)):
        raise OddError("it does not begin as JPEG does")
    yield data[:2]
    at = 2
    while True:
        if data[at] != 0xFF:  # noqa: PLR2004 -- what every marker begins with
            raise OddError("a marker is missing")
        while data[at] == 0xFF:  # noqa: PLR2004 -- and what may fill up before it
            at += 1
        marker = data[at]
        if marker == _EOI:
            yield bytes((0xFF, _EOI))
            return
        (length,) = struct.unpack_from(">H", data, at + 1)
        content, at = data[at + 3 : at + 1 + length], at + 1 + length
        if len(content) != length - 2:
            raise OddError("a segment breaks off")
        if (kept := _segment(marker, content)) is not None:
            yield struct.pack(">BBH", 0xFF, marker, len(kept) + 2) + kept
        if marker == _SOS:
            end = _SCAN_END.search(data, at)
            if end is None:
                yield data[at:] + bytes((0xFF, _EOI))
                return
            yield data[at : end.start()]
            at = end.start()


def _segment(marker: int, content: bytes) -> bytes | None:
    """What is kept of a segment; None for nothing."""
    if marker in _CODING:
        return content
    if marker == _JFIF[0] and content.startswith(_JFIF[1]):
        return content[: _JFIF_SIZE - 2] + b"\0\0" if len(content) >= _JFIF_SIZE else None
    if marker == _ADOBE[0] and content.startswith(_ADOBE[1]):
        return content[:_ADOBE_SIZE]
    return content if marker == _ICC[0] and content.startswith(_ICC[1]) else None


# --- PNG (W3C, Portable Network Graphics, third edition, 5 and 11) ------------------------------------------------

_PNG: Final = b"\x89PNG\r\n\x1a\n"
# the picture, its transparency, its colours and their profile, the shape of its pixels, and its animation
_CHUNKS: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs acTL fcTL fdAT".split()
)


def _png(data: bytes) -> Iterator[bytes]:
    if not data.startswith(_PNG):
        raise OddError("it does not begin as PNG does")
    yield _PNG
    at, kind = len(_PNG), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + length + 12
        if end > len(data):
            raise OddError("a chunk breaks off")
        if kind in _CHUNKS:
            yield data[at:end]
        at = end


# --- GIF (GIF89a, Graphics Interchange Format, appendix A) --------------------------------------------------------

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOPING: Final = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})


def _gif(data: bytes) -> Iterator[bytes]:
    if data[:6] not in {b"GIF87a", b"GIF89a"}:
        raise OddError("it does not begin as GIF does")
    at = 13 + _colours(data[10])
    yield data[:at]
    while True:
        start, kind = at, data[at]
        if kind == _TRAILER:
            yield bytes((_TRAILER,))
            return
        if kind == _EXTENSION:
            at = _blocks_end(data, start + 2)
            application = data[start + 3 : start + 14]
            if data[start + 1] == _CONTROL or (data[start + 1] == _APPLICATION and application in _LOOPING):
                yield data[start:at]
        elif kind == _IMAGE:
            at = _blocks_end(data, start + 10 + _colours(data[start + 9]) + 1)
            yield data[start:at]
        else:
            raise OddError("a block is of no known kind")


def _colours(flags: int) -> int:
    """How many bytes a table of colours has, if the flags before it say that there is one."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _blocks_end(data: bytes, at: int) -> int:
    """Where blocks of data end, each behind a byte that says how long it is; the last one is empty."""
    while data[at]:
        at += data[at] + 1
    return at + 1


# --- WebP (RFC 9649, 2) -------------------------------------------------------------------------------------------

_FORMS: Final = frozenset({b"VP8X", b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"})
_FRAME: Final = frozenset({b"ALPH", b"VP8 ", b"VP8L"})
_FRAME_HEAD: Final = 16
_METADATA: Final = 0b0000_1100
"""The flags of a `VP8X` chunk that say that Exif and XMP follow."""


def _webp(data: bytes) -> Iterator[bytes]:
    riff, length, form = struct.unpack_from("<4sI4s", data)
    if (riff, form) != (b"RIFF", b"WEBP"):
        raise OddError("it does not begin as WebP does")
    if 8 + length > len(data):
        raise OddError("it breaks off")
    chunks = b"".join(_webp_chunks(data[12 : 8 + length], _FORMS))
    yield struct.pack("<4sI4s", riff, len(chunks) + 4, form) + chunks


def _webp_chunks(data: bytes, kept: frozenset[bytes]) -> Iterator[bytes]:
    at = 0
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        content = data[at + 8 : at + 8 + length]
        if len(content) != length:
            raise OddError("a chunk breaks off")
        if kind in kept:
            if kind == b"VP8X":
                content = bytes((content[0] & ~_METADATA,)) + content[1:]
            elif kind == b"ANMF":
                content = content[:_FRAME_HEAD] + b"".join(_webp_chunks(content[_FRAME_HEAD:], _FRAME))
            yield struct.pack("<4sI", kind, len(content)) + content + bytes(len(content) % 2)
        at += 8 + length + length % 2


_PARTS: Final[Mapping[str, Callable[[bytes], Iterator[bytes]]]] = {
    "JPEG": _jpeg,
    "PNG": _png,
    "GIF": _gif,
    "WEBP": _webp,
}
