"""Pictures made of pixels."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from PIL import Image as Raster
from PIL import ImageFile, UnidentifiedImageError
from PIL.ExifTags import Base
from PIL.JpegImagePlugin import get_sampling

from postil.document import Image
from postil.images.containers import OddError, bare
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
            shown = _upright(picture, kind)
            if shown is not picture:
                data = _written(shown, picture, kind)
            try:
                data = bare(kind, data)
            except OddError:
                data = bare(kind, _written(shown, picture, kind))
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


def _upright(picture: Raster.Image, kind: str) -> Raster.Image:
    """The picture as it is to be seen: a camera that was held upright only says so, and leaves the pixels lying."""
    if kind != "JPEG" and getattr(picture, "n_frames", 1) > 1:
        return picture  # an animation, which no camera takes
    try:
        turn = _TURNS.get(picture.getexif().get(Base.Orientation, 1))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- Exif may hold anything, too
        return picture
    return picture if turn is None else picture.transpose(turn)


def _written(shown: Raster.Image, picture: Raster.Image, kind: str) -> bytes:
    """A picture written anew, as much like the file that it comes from as can be: only where the file cannot stay."""
    options: dict[str, Any] = {"icc_profile": picture.info.get("icc_profile")}
    if kind == "JPEG":
        options |= {"qtables": getattr(picture, "quantization", None), "progressive": "progressive" in picture.info}
        if (sampling := get_sampling(picture)) >= 0:
            options["subsampling"] = sampling
    elif getattr(picture, "n_frames", 1) > 1:
        options["save_all"] = True
    if kind == "WEBP":
        options |= {"lossless": True, "exact": True}
    file = io.BytesIO()
    shown.save(file, kind, **options)
    return file.getvalue()


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
