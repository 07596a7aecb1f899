"""Pictures made of pixels."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PIL import Image as Raster
from PIL import ImageFile, UnidentifiedImageError

from postil.document import Image
from postil.source import Diagnostic, Position

PIXEL_LIMIT: Final = 50_000_000
"""The most pixels that a picture may have: an A4 page at 600 dpi has 35 million."""

# What both outputs can show (the EPUB core media types), under the names of Pillow.
_TYPES: Final = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}


def read_raster(path: str, data: bytes, at: Position, limit: int = PIXEL_LIMIT) -> Image | Diagnostic:
    """A picture of at most `limit` pixels, each of them one CSS px, or why it cannot be used.

    Its type is what its bytes say, whatever its name says. Every pixel is decoded once, so that a file which
    breaks off is found here and not on the page.
    """
    try:
        # Pillow has a limit of its own, which it tells of by a warning.
        with warnings.catch_warnings(action="error", category=Raster.DecompressionBombWarning):
            picture = Raster.open(io.BytesIO(data), formats=tuple(_TYPES))
        with picture:
            width, height = picture.size
            if width * height > limit:
                return _too_large(path, at, f"{width} × {height} pixels")
            with _strict():
                picture.load()
            return Image(path, _TYPES[picture.format or ""], data, float(width), float(height))
    except UnidentifiedImageError:
        hint = "save it as SVG, PNG, JPEG, GIF or WebP"
        return Diagnostic("P510", f"'{path}' is not a picture of a known type", at, hint)
    except (Raster.DecompressionBombWarning, Raster.DecompressionBombError):
        return _too_large(path, at, "far too many pixels")
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        return Diagnostic("P512", f"picture '{path}' is damaged: {error}", at, "save it anew from the original")


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
