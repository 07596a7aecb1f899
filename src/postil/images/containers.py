"""The files of pictures taken apart, and put together again with only what is needed to show the picture.

Cameras and programs leave more in a file: where and when a picture was taken, by whom and on which machine, earlier
versions of it, whatever somebody appended. None of that is to be published. The pixels are not touched: what goes is
decided from lists of what may stay, part by part of the container.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Final


class OddError(ValueError):
    """A file is not built as its standard says, though it may be possible to show it."""


def bare(kind: str, data: bytes) -> bytes:
    """A file of a kind (`PNG`, `JPEG`, `GIF` or `WEBP`) with only what shows the picture, and its colour profile.

    What is within the coded pixels is not looked at. Raises OddError.
    """
    try:
        return b"".join(_PARTS[kind](data))
    except (IndexError, struct.error) as error:
        raise OddError("it breaks off") from error


# --- JPEG (ISO/IEC 10918-1, annex B) ------------------------------------------------------------------------------

_SOI, _EOI, _SOS, _DNL = 0xD8, 0xD9, 0xDA, 0xDC
_JFIF, _ICC, _ADOBE = (0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe")
_JFIF_SIZE: Final = 14
"""The bytes of a JFIF segment without its thumbnail."""
_ADOBE_SIZE: Final = 12
# frames, tables and scans; of the segments for applications, those above
_CODING: Final = frozenset(range(0xC0, 0xE0)) - frozenset(range(0xD0, _EOI + 1))
# these, and what applications (from 0xE0 on) and comments (0xFE) are in: all markers that a length stands behind
_SEGMENTS: Final = _CODING | frozenset(range(0xE0, 0xFF))
# behind the coded data of a scan: a zero is stuffed into those, and restarts are part of them
_SCAN_END: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def _jpeg(data: bytes) -> Iterator[bytes]:
    if data[:2] != bytes((0xFF, _SOI)):
        raise OddError("it does not begin as JPEG does")
    yield data[:2]
    at = 2
    while True:
        marker, at = _marker(data, at)
        if marker == _EOI:
            yield bytes((0xFF, _EOI))
            return
        (length,) = struct.unpack_from(">H", data, at)
        content, at = data[at + 2 : at + length], at + length
        if len(content) != length - 2:
            raise OddError("a segment breaks off")
        if (kept := _segment(marker, content)) is not None:
            yield struct.pack(">BBH", 0xFF, marker, len(kept) + 2) + kept
        if marker == _SOS:
            end = _SCAN_END.search(data, at)
            if end is None:
                raise OddError("it has no end, so that nobody knows what is behind it")
            yield data[at : end.start()].rstrip(b"\xff")  # what fills up before the marker
            at = end.start()


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker at a place, and the place behind it; any number of 0xFF may fill up before it."""
    if data[at] != 0xFF:  # noqa: PLR2004 -- what every marker begins with
        raise OddError("a marker is missing")
    while data[at] == 0xFF:  # noqa: PLR2004 -- likewise
        at += 1
    if data[at] != _EOI and data[at] not in _SEGMENTS:
        raise OddError("a marker is of no known kind")
    return data[at], at + 1


def _segment(marker: int, content: bytes) -> bytes | None:
    """What is kept of a segment; None for nothing."""
    if marker in _CODING:
        return content[:2] if marker == _DNL else content  # that one is a number of lines, and decoders pass it over
    if marker == _JFIF[0] and content.startswith(_JFIF[1]):
        return content[: _JFIF_SIZE - 2] + b"\0\0" if len(content) >= _JFIF_SIZE else None
    if marker == _ADOBE[0] and content.startswith(_ADOBE[1]):
        return content[:_ADOBE_SIZE]
    return content if marker == _ICC[0] and content.startswith(_ICC[1]) else None


# --- PNG (W3C, Portable Network Graphics, third edition, 5 and 11) ------------------------------------------------

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_END: Final = b"\0\0\0\0IEND\xae\x42\x60\x82"
# what the numbers of the pixels mean
_COLOURS: Final = frozenset(b"cHRM gAMA iCCP sRGB cICP mDCV cLLI".split())
# the picture, its transparency and depth, the shape of its pixels, and its animation
_CHUNKS: Final = _COLOURS | frozenset(b"IHDR PLTE IDAT tRNS sBIT bKGD pHYs acTL fcTL fdAT".split())


def png_coloured_as(data: bytes, before: bytes) -> bytes:
    """A PNG with the chunks about colours of another, from which it was made, in place of its own.

    They stand before the palette and the pixels. Raises OddError.
    """
    try:
        head, *others = (part for kind, part in _png_chunks(data) if kind not in _COLOURS)
        colours = [part for kind, part in _png_chunks(before) if kind in _COLOURS]
    except struct.error as error:
        raise OddError("it breaks off") from error
    return b"".join((_PNG, head, *colours, *others, _PNG_END))


def _png(data: bytes) -> Iterator[bytes]:
    yield _PNG
    yield from (part for kind, part in _png_chunks(data) if kind in _CHUNKS)
    yield _PNG_END


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks before the last one, IEND, each with its kind."""
    if not data.startswith(_PNG):
        raise OddError("it does not begin as PNG does")
    at = len(_PNG)
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + length + 12
        if end > len(data):
            raise OddError("a chunk breaks off")
        if kind == b"IEND":
            return
        yield kind, data[at:end]
        at = end


# --- GIF (GIF89a, Graphics Interchange Format, appendix A) --------------------------------------------------------

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_CONTROL_SIZE: Final = 4
_LOOPING: Final = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})
_LOOPS: Final = b"\x03\x01"
"""How a block of three bytes begins whose other two are the number of times."""


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
            yield _extension(data[start:at])
        elif kind == _IMAGE:
            at = _blocks_end(data, start + 10 + _colours(data[start + 9]) + 1)
            yield data[start:at]
        else:
            raise OddError("a block is of no known kind")


def _extension(data: bytes) -> bytes:
    """What is kept of an extension: how the next image is shown, and how often all of them are."""
    if data[1] == _CONTROL:
        if data[2] != _CONTROL_SIZE:
            raise OddError("a graphic control extension is of another size than any")
        return data[: 3 + _CONTROL_SIZE] + b"\0"
    if data[1] == _APPLICATION and data[3:14] in _LOOPING and data[14:16] == _LOOPS:
        return data[:18] + b"\0"
    return b""


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
"""The bytes of an `ANMF` chunk before the chunks in it."""
_METADATA: Final = 0b0000_1100
"""The flags of a `VP8X` chunk that say that Exif and XMP follow."""


def _webp(data: bytes) -> Iterator[bytes]:
    chunks = b"".join(_webp_chunks(_riff(data), _FORMS))
    yield struct.pack("<4sI4s", b"RIFF", len(chunks) + 4, b"WEBP") + chunks


def webp_is_lossy(data: bytes) -> bool:
    """Whether a WebP is a still picture that lost something when it was coded."""
    with suppress(OddError, struct.error):
        return any(_webp_chunks(_riff(data), frozenset({b"VP8 "})))
    return False


def _riff(data: bytes) -> bytes:
    """The chunks of a WebP."""
    riff, length, form = struct.unpack_from("<4sI4s", data)
    if (riff, form) != (b"RIFF", b"WEBP"):
        raise OddError("it does not begin as WebP does")
    if 8 + length > len(data):
        raise OddError("it breaks off")
    return data[12 : 8 + length]


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
