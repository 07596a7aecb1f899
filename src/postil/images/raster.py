"""Pictures made of pixels."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from PIL import Image as Raster
from PIL import ImageFile, UnidentifiedImageError
from PIL.ExifTags import Base
from PIL.JpegImagePlugin import JpegImageFile, get_sampling

from postil.document import Image
from postil.images.containers import OddError, bare, png_coloured_as, webp_is_lossy
from postil.source import Diagnostic, Position

PIXEL_LIMIT: Final = 50_000_000
"""The most pixels that a picture may have: an A4 page at 600 dpi has 35 million."""

# What both outputs can show (the EPUB core media types), under the names of Pillow.
_TYPES: Final = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
# A JPEG with others behind it, of which the first is shown: many telephones write those.
_KINDS: Final = {"MPO": "JPEG"}
# what to do with the pixels for each value of Orientation but 1, which is for nothing (Exif 2.32, 4.6.4)
_TURNS: Final = {
    2: Raster.Transpose.FLIP_LEFT_RIGHT,
    3: Raster.Transpose.ROTATE_180,
    4: Raster.Transpose.FLIP_TOP_BOTTOM,
    5: Raster.Transpose.TRANSPOSE,
    6: Raster.Transpose.ROTATE_270,
    7: Raster.Transpose.TRANSVERSE,
    8: Raster.Transpose.ROTATE_90,
}
_ASIDE: Final = frozenset(_TURNS[orientation] for orientation in range(5, 9))
"""Those that make columns of rows."""

# How coarse the colours of a JPEG are beside its light, under the numbers of Pillow.
_SAMPLINGS_KEPT: Final = frozenset({0, 2})
"""As fine (4:4:4), or half as fine along rows and columns (4:2:0)."""
_SAMPLING_OF_ROWS: Final = 1
"""Half as fine along rows only (4:2:2)."""
_ADOBE: Final = re.compile(rb"\xff\xee\x00\x0eAdobe.{7}", re.DOTALL)
"""The segment APP14 as Pillow writes it."""


def read_raster(path: str, data: bytes, at: Position, limit: int = PIXEL_LIMIT) -> Image | Diagnostic:
    """A picture of at most `limit` pixels, each of them one CSS px, or why it cannot be used.

    Its type is what its bytes say, whatever its name says. Every pixel is decoded once, so that a file which
    breaks off is found here and not on the page. What the file says besides the picture and its colour profile is left
    out, and a picture that is to be shown turned (Exif 2.32, 4.6.4) is turned. Raises MemoryError.
    """
    try:
        # Pillow has a limit of its own, which it tells of by a warning, as it does of what is odd about a file.
        with warnings.catch_warnings(action="ignore"):
            warnings.simplefilter("error", Raster.DecompressionBombWarning)
            picture = Raster.open(io.BytesIO(data), formats=tuple(_TYPES))
        with picture:
            width, height = picture.size
            if width * height > limit:
                return _too_large(path, at, f"{width} × {height} pixels")
            with _strict():
                picture.load()
            kind = _KINDS.get(picture.format or "", picture.format or "")
            turn = _turn(picture, kind)
            if turn is None and (left := _left(kind, data, picture.size)):
                return Image(path, _TYPES[kind], left, float(width), float(height))
            shown = picture if turn is None else picture.transpose(turn)
            data = bare(kind, _written(shown, picture, kind, data, aside=turn in _ASIDE))
            return Image(path, _TYPES[kind], data, float(shown.width), float(shown.height))
    except UnidentifiedImageError:
        hint = "save it as SVG, PNG, JPEG, GIF or WebP"
        return Diagnostic("P510", f"'{path}' is not a picture of a known type", at, hint)
    except (Raster.DecompressionBombWarning, Raster.DecompressionBombError):
        return _too_large(path, at, "far too many pixels")
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 -- what Pillow raises for a damaged file may be anything
        return Diagnostic("P512", f"picture '{path}' is damaged: {error}", at, "save it anew from the original")


def _turn(picture: Raster.Image, kind: str) -> Raster.Transpose | None:
    """What to do with the pixels: a camera that was held upright only says so, and leaves the picture lying."""
    if kind != "JPEG" and getattr(picture, "is_animated", False):
        return None  # an animation, which no camera takes
    exif = Raster.Exif()  # and not what Pillow makes of XMP besides, which no browser heeds
    try:
        exif.load(picture.info.get("exif", b""))
        found = exif.get(Base.Orientation)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- Exif may hold anything, too
        return None
    return _TURNS.get(found) if isinstance(found, int) else None


def _left(kind: str, data: bytes, size: tuple[int, int]) -> bytes | None:
    """What is left of a file of which only the picture is wanted; None if it is too odd for that."""
    try:
        left = bare(kind, data)
        with warnings.catch_warnings(action="ignore"), Raster.open(io.BytesIO(left), formats=(kind,)) as picture:
            if getattr(picture, "is_animated", False):  # of which it may turn out late that one is amiss
                with _strict():
                    picture.load()
            return left if picture.size == size else None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- as where the file itself is opened
        return None


def _written(shown: Raster.Image, picture: Raster.Image, kind: str, data: bytes, *, aside: bool) -> bytes:
    """A picture written anew, as much like the file that it comes from as can be: only where the file cannot stay.

    `aside` says that its rows have become its columns.
    """
    options: dict[str, Any] = {"icc_profile": picture.info.get("icc_profile")}
    if isinstance(picture, JpegImageFile):
        options |= {"progressive": "progressive" in picture.info, **_coding(picture, aside=aside)}
    elif getattr(picture, "is_animated", False):
        options["save_all"] = True
    if kind == "WEBP":
        options |= {"quality": 95} if webp_is_lossy(data) else {"lossless": True, "exact": True}
    file = io.BytesIO()
    shown.save(file, kind, **options)
    written = file.getvalue()
    if kind == "PNG":
        with suppress(OddError):
            return png_coloured_as(written, data)
    if kind == "JPEG" and picture.mode == "CMYK" and "adobe" not in picture.info:
        # Pillow marks each one as Adobe's, and who shows it may take its inks for reversed then
        return _ADOBE.sub(b"", written, 1)
    return written


def _coding(picture: JpegImageFile, *, aside: bool) -> dict[str, Any]:
    """How to code a JPEG again so that almost nothing is lost: with the same quantization and sampling of its colours.

    Values that are rounded already are so to the same steps, the tables of which are turned with the picture. Colours
    that are coarse along the rows only (4:2:2), or in a way that Pillow cannot write, are written in full.
    """
    sampling = get_sampling(picture)
    full = sampling not in _SAMPLINGS_KEPT and (aside or sampling != _SAMPLING_OF_ROWS)
    options: dict[str, Any] = {"subsampling": 0 if full else sampling}
    tables = [picture.quantization.get(number, []) for _, _, _, number in picture.layer]
    if not all(tables):
        return options | {"quality": 95}  # they stand between scans, where Pillow does not look
    if picture.mode == "CMYK":
        # it may have been coded as YCCK, which Pillow does not write: no ink is to be coarser than any of those was
        tables = [[min(steps) for steps in zip(*tables, strict=True)]]
    if aside:
        tables = [[table[n % 8 * 8 + n // 8] for n in range(64)] for table in tables]
    return options | {"qtables": tables}


@contextmanager
def _strict() -> Iterator[None]:
    """Hold a picture that breaks off to be damaged: WeasyPrint, once imported, has Pillow fill it up with grey."""
    lenient = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _too_large(path: str, at: Position, pixels: str) -> Diagnostic:
    hint = f"save it smaller, with at most {PIXEL_LIMIT // 1_000_000} million; print needs 300 to the inch"
    return Diagnostic("P511", f"picture '{path}' has {pixels}", at, hint)
