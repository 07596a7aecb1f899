"""What a camera or a program keeps in a picture's file is not published; what shows the picture stays as it is."""

from __future__ import annotations

import base64
import contextlib
import io
import random
import re
import struct
import time
import warnings
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Raster
from PIL import ImageChops, ImageCms, ImageFilter, ImageOps, ImageStat
from PIL.JpegImagePlugin import JpegImageFile, get_sampling
from PIL.PngImagePlugin import PngInfo

from postil.document import Image
from postil.images import read
from postil.images.containers import OddError, bare
from postil.images.raster import _coding, read_raster
from postil.images.svg import read_svg
from postil.source import Diagnostic, Position

AT = Position("01.md", 3, 5)
SECRET = b"Secret-51.5N-0.1W"
WORDS = SECRET.decode()
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
KINDS = ("PNG", "JPEG", "GIF", "WEBP")
SIZE = (24, 16)


def colourful(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Raster.Image:
    """A picture whose four corners differ."""
    picture = Raster.new("RGB", size, (200, 200, 200))
    for n, corner in enumerate(((0, 0), (size[0] // 2, 0), (0, size[1] // 2), (size[0] // 2, size[1] // 2))):
        picture.paste(
            ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0))[n], (*corner, corner[0] + 8, corner[1] + 8)
        )
    return picture.convert(mode)


def saved(picture: Raster.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def photographed(mode: str = "RGB", size: tuple[int, int] = (160, 96)) -> Raster.Image:
    """A picture whose colours run into one another."""
    noise = random.Random(1).randbytes(size[0] * size[1] * 3)  # noqa: S311 -- the same every time
    return Raster.frombytes("RGB", size, noise).filter(ImageFilter.GaussianBlur(2)).convert(mode)


def exif(orientation: int = 1) -> bytes:
    found = Raster.Exif()
    found[0x0112] = orientation
    found[0x010E] = found[0x013B] = WORDS  # ImageDescription, Artist
    found.get_ifd(0x8825)[1] = "N"  # GPS
    found.get_ifd(0x8825)[29] = WORDS
    return found.tobytes()


def published(data: bytes) -> Image:
    image = read_raster("a.img", data, AT)
    assert isinstance(image, Image), image
    return image


def opened(data: bytes) -> Raster.Image:
    picture = Raster.open(io.BytesIO(data))
    picture.load()
    return picture


@pytest.fixture(autouse=True)
def _any_oddity() -> Iterator[None]:
    """Let Pillow say what is odd about a file."""
    with warnings.catch_warnings(action="ignore"):
        yield


def same(one: bytes, other: bytes) -> bool:
    """Whether two files show the same frames, pixel by pixel."""
    first, second = opened(one), opened(other)
    frames = 1 if second.format == "JPEG" else getattr(first, "n_frames", 1)
    if frames != getattr(second, "n_frames", 1) or first.size != second.size or first.mode != second.mode:
        return False
    for frame in range(frames):
        first.seek(frame)
        second.seek(frame)
        if first.convert("RGBA").tobytes() != second.convert("RGBA").tobytes():
            return False
    return True


# --- files with secrets ------------------------------------------------------------------------------------------


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def webp_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack("<4sI", kind, len(content)) + content + bytes(len(content) % 2)


def texts() -> PngInfo:
    info = PngInfo()
    info.add_text("Comment", WORDS)
    info.add_itxt("XML:com.adobe.xmp", f"<x>{WORDS}</x>")
    return info


def interlaced() -> bytes:
    """A grey PNG of 8 by 8 pixels, each another, in the seven passes of Adam7 (W3C PNG, 8.1)."""
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    rows = [
        bytes((0, *(y * 8 + x for x in range(left, 8, across))))
        for left, top, across, down in passes
        for y in range(top, 8, down)
    ]
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 1))
    return (
        PNG[:8]
        + head
        + chunk(b"tEXt", b"Author\0" + SECRET)
        + chunk(b"IDAT", zlib.compress(b"".join(rows)))
        + PNG[-12:]
    )


JPEG, PNG, GIF = (saved(colourful(), kind) for kind in ("JPEG", "PNG", "GIF"))
THUMBNAIL = b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01" + SECRET[:3]
WEBP = saved(colourful(), "WEBP", lossless=True, exif=exif(), xmp=SECRET)
GIF_LOOP = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x03\0"
GIF_CONTROL = b"\x21\xf9\x04\0\x0a\0\0"
SUB_BLOCK = bytes((len(SECRET),)) + SECRET

SECRETS: dict[str, bytes] = {
    "jpeg-exif": saved(colourful(), "JPEG", exif=exif()),
    "jpeg-comment": saved(colourful(), "JPEG", comment=SECRET),
    "jpeg-xmp": saved(colourful(), "JPEG", xmp=SECRET),
    "jpeg-iptc": JPEG[:2] + segment(0xED, b"Photoshop 3.0\0" + SECRET) + JPEG[2:],
    "jpeg-maker": JPEG[:2] + segment(0xE7, SECRET) + JPEG[2:],
    "jpeg-mpf": JPEG[:2] + segment(0xE2, b"MPF\0" + SECRET) + JPEG[2:],
    "jpeg-jfxx": JPEG[:20] + segment(0xE0, b"JFXX\0" + SECRET) + JPEG[20:],
    "jpeg-adobe": JPEG[:2] + segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01" + SECRET) + JPEG[2:],
    "jpeg-behind": JPEG + SECRET,
    "jpeg-second": JPEG + saved(colourful(), "JPEG", comment=SECRET),
    "jpeg-lines": JPEG[:2] + segment(0xDC, b"\0\x10" + SECRET) + JPEG[2:],
    "jpeg-mpo": saved(colourful(), "MPO", save_all=True, append_images=[colourful()], exif=exif()),
    "jpeg-progressive": saved(colourful(), "JPEG", progressive=True, comment=SECRET, exif=exif()),
    "png-text": saved(colourful(), "PNG", pnginfo=texts()),
    "png-exif": saved(colourful(), "PNG", exif=exif()),
    "png-private": PNG[:33] + chunk(b"prVt", SECRET) + PNG[33:],
    "png-time": PNG[:33] + chunk(b"tIME", SECRET[:7]) + chunk(b"sPLT", SECRET + b"\0\x08") + PNG[33:],
    "png-end": PNG[:-12] + chunk(b"IEND", SECRET),
    "png-behind": PNG + SECRET,
    "gif-comment": saved(colourful("P"), "GIF", comment=SECRET),
    "gif-application": GIF[:-1] + b"\x21\xff\x0bXMP DataXMP" + bytes((len(SECRET),)) + SECRET + b"\0" + GIF[-1:],
    "gif-text": GIF[:-1] + b"\x21\x01\x0c" + bytes(12) + SUB_BLOCK + b"\0" + GIF[-1:],
    "gif-loop": GIF[:-1] + GIF_LOOP + SUB_BLOCK + b"\0" + GIF[-1:],
    "gif-control": GIF[:-1] + GIF_CONTROL + SUB_BLOCK + b"\0" + GIF[-1:],
    "gif-behind": GIF + SECRET,
    "webp-exif": saved(colourful(), "WEBP", exif=exif()),
    "webp-xmp": saved(colourful(), "WEBP", xmp=SECRET),
    "webp-lossless": WEBP,
    "webp-behind": WEBP + SECRET,
    "webp-unknown": WEBP[:4] + struct.pack("<I", len(WEBP) - 8 + 26) + WEBP[8:] + webp_chunk(b"SECR", SECRET),
}


@pytest.mark.parametrize("name", SECRETS)
def test_nothing_but_the_picture_is_published(name: str) -> None:
    data = SECRETS[name]
    assert SECRET[:3] in data
    image = published(data)
    assert SECRET[:7] not in image.data
    assert same(data, image.data)
    assert not opened(image.data).getexif()
    assert len(image.data) < len(data)


def test_a_thumbnail_goes() -> None:
    data = JPEG[:2] + segment(0xE0, THUMBNAIL) + JPEG[20:]
    image = published(data)
    assert SECRET[:3] not in image.data
    assert same(data, image.data)


def test_a_compressed_text_goes() -> None:
    data = PNG[:33] + chunk(b"zTXt", b"Author\0\0" + zlib.compress(SECRET)) + PNG[33:]
    assert b"Author" in data
    assert published(data).data == PNG


@pytest.mark.parametrize("data", [PNG, GIF, saved(colourful(), "WEBP", lossless=True), saved(colourful(), "WEBP")])
def test_a_file_that_has_nothing_else_stays_as_it_is(data: bytes) -> None:
    assert published(data).data == data


# --- what stays --------------------------------------------------------------------------------------------------

MODES: dict[str, bytes] = {
    **{f"jpeg-{mode}": saved(colourful(mode), "JPEG", exif=exif()) for mode in ("L", "RGB", "CMYK")},
    "jpeg-restarts": saved(colourful(size=(200, 160)), "JPEG", exif=exif(), restart_marker_blocks=2),
    "jpeg-444": saved(colourful(), "JPEG", exif=exif(), subsampling=0, quality=95),
    **{f"png-{mode}": saved(colourful(mode), "PNG", exif=exif()) for mode in ("1", "L", "LA", "P", "RGB", "RGBA")},
    "png-16": saved(Raster.frombytes("I;16", (8, 8), bytes(range(128))), "PNG", exif=exif()),
    "png-interlaced": interlaced(),
    "png-transparent": saved(colourful("P"), "PNG", transparency=0, exif=exif()),
    "png-animated": saved(colourful(), "PNG", save_all=True, append_images=[ImageOps.mirror(colourful())], exif=exif()),
    "gif-animated": saved(
        colourful("P"), "GIF", save_all=True, append_images=[ImageOps.mirror(colourful("P"))], loop=3, comment=SECRET
    ),
    "webp-animated": saved(
        colourful(), "WEBP", save_all=True, append_images=[ImageOps.mirror(colourful())], exif=exif(), lossless=True
    ),
    "webp-RGBA": saved(colourful("RGBA"), "WEBP", exif=exif()),
}


@pytest.mark.parametrize("name", MODES)
def test_the_pixels_stay_as_they_are(name: str) -> None:
    image = published(MODES[name])
    assert SECRET not in image.data
    assert same(MODES[name], image.data)


def test_an_animation_goes_on_as_often_as_it_did() -> None:
    assert opened(published(MODES["gif-animated"]).data).info["loop"] == 3


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_the_colour_profile_stays(kind: str, orientation: int) -> None:
    image = published(saved(colourful(), kind, icc_profile=PROFILE, exif=exif(orientation)))
    assert opened(image.data).info["icc_profile"] == PROFILE
    assert SECRET not in image.data


def test_the_density_of_a_jpeg_stays() -> None:
    assert opened(published(saved(colourful(), "JPEG", dpi=(300, 300), exif=exif())).data).info["dpi"] == (300, 300)


# --- orientation -------------------------------------------------------------------------------------------------

# Where the corners are seen of a picture that is stored as "RG" above "BY" (Exif 2.32, 4.6.4, Orientation: on which
# side the first row, and on which the first column is)
CORNERS = {1: "RGBY", 2: "GRYB", 3: "YBGR", 4: "BYRG", 5: "RBGY", 6: "BRYG", 7: "YGBR", 8: "GYRB"}
LETTERS: dict[tuple[int, ...], str] = {(255, 0, 0): "R", (0, 255, 0): "G", (0, 0, 255): "B", (255, 255, 0): "Y"}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", CORNERS)
def test_each_corner_is_where_exif_says(kind: str, orientation: int) -> None:
    small = Raster.new("RGB", (2, 2))
    small.putdata(list(LETTERS))
    lossless = {"quality": 100, "subsampling": 0} if kind == "JPEG" else {"lossless": True} if kind == "WEBP" else {}
    stored = small.resize((48, 32), Raster.Resampling.NEAREST)
    shown = opened(published(saved(stored, kind, exif=exif(orientation), **lossless)).data)
    assert shown.size == ((48, 32) if orientation < 5 else (32, 48))
    right, bottom = shown.width - 1, shown.height - 1
    seen = [shown.getpixel(place) for place in ((0, 0), (right, 0), (0, bottom), (right, bottom))]
    nearest = [tuple(255 * (part > 127) for part in pixel) for pixel in seen if isinstance(pixel, tuple)]
    assert "".join(LETTERS[colour] for colour in nearest) == CORNERS[orientation]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_that_lies_is_turned(kind: str, orientation: int) -> None:
    lossless = {"lossless": True} if kind == "WEBP" else {"quality": 95, "subsampling": 0} if kind == "JPEG" else {}
    data = saved(colourful(), kind, exif=exif(orientation), **lossless)
    image = published(data)
    expected = ImageOps.exif_transpose(opened(data)).convert("RGB")
    shown = opened(image.data).convert("RGB")
    assert (image.width, image.height) == shown.size == expected.size
    assert (image.width > image.height) is (orientation < 5)
    assert SECRET not in image.data
    assert not shown.getexif()
    difference = max(high for _, high in ImageChops.difference(shown, expected).getextrema())  # type: ignore[misc] # of more than one band
    assert difference <= (6 if kind == "JPEG" else 0), "only JPEG has to be coded anew"


def test_a_telephone_s_picture_with_others_behind_it_is_turned() -> None:
    data = saved(colourful(), "MPO", save_all=True, append_images=[colourful()], exif=exif(6))
    image = published(data)
    assert (image.media_type, image.width, image.height) == ("image/jpeg", *SIZE[::-1])
    assert opened(image.data).format == "JPEG"


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_other_colours_are_turned_too(mode: str) -> None:
    data = saved(colourful(mode), "JPEG", exif=exif(8), quality=95)
    shown = opened(published(data).data)
    assert (shown.mode, shown.size) == (mode, SIZE[::-1])


def lost(data: bytes) -> float:
    """How far the values of a turned picture are from those that it came from, of 255, on average."""
    difference = ImageChops.difference(opened(published(data).data), ImageOps.exif_transpose(opened(data)))
    return max(ImageStat.Stat(difference).mean)


@pytest.mark.parametrize("orientation", range(2, 9))
@pytest.mark.parametrize(
    ("mode", "sampling", "most"),
    [("L", -1, 0.05), ("CMYK", -1, 0.05), ("RGB", 0, 0.1), ("RGB", 2, 0.5), ("RGB", 1, 1.5)],
)
def test_a_turned_jpeg_loses_next_to_nothing(orientation: int, mode: str, sampling: int, most: float) -> None:
    assert lost(saved(photographed(mode), "JPEG", subsampling=sampling, exif=exif(orientation))) < most


@pytest.mark.parametrize(
    ("orientation", "sampling", "expected"), [(3, 0, 0), (6, 0, 0), (3, 2, 2), (6, 2, 2), (3, 1, 1), (6, 1, 0)]
)
def test_the_colours_of_a_turned_jpeg_are_as_fine_as_before(orientation: int, sampling: int, expected: int) -> None:
    data = saved(photographed(), "JPEG", subsampling=sampling, exif=exif(orientation))
    assert get_sampling(opened(published(data).data)) == expected


def test_no_ink_of_a_turned_picture_is_coarser_than_before() -> None:
    """As YCCK (Adobe, transform 2) has light and black in fine steps, and colours in coarse ones."""
    data = saved(photographed("CMYK"), "JPEG", qtables=[[2] * 64, [40] * 64], exif=exif(3))
    found = data.index(b"Adobe") + 11
    data = data[:found] + b"\x02" + data[found + 1 :]
    assert opened(data).info["adobe_transform"] == 2
    assert lost(data) < 1


@pytest.mark.parametrize("marked", [True, False])
def test_inks_are_marked_as_adobe_s_only_where_they_were(marked: bool) -> None:  # noqa: FBT001 -- a case
    data = saved(photographed("CMYK"), "JPEG", exif=exif(6))
    if not marked:
        start = data.index(b"\xff\xee")
        data = data[:start] + data[start + 16 :]
    image = published(data)
    assert ("adobe" in opened(image.data).info) is marked
    assert opened(image.data).mode == "CMYK"
    assert lost(data) < 0.05


def test_tables_that_are_not_known_are_fine_ones() -> None:
    picture = opened(JPEG)
    assert isinstance(picture, JpegImageFile)
    picture.quantization.clear()
    assert _coding(picture, aside=False) == {"subsampling": 2, "quality": 95}


@pytest.mark.parametrize(("options", "coded"), [({"lossless": True}, b"VP8L"), ({"quality": 80}, b"VP8 ")])
def test_a_turned_webp_is_lossless_if_it_was(options: dict[str, Any], coded: bytes) -> None:
    data = saved(photographed(), "WEBP", exif=exif(6), **options)
    assert published(data).data[12:16] == coded
    assert lost(data) < (2 if coded == b"VP8 " else 0.001)


def test_a_turned_png_has_the_colours_that_it_had() -> None:
    """As its chunks say, which stand before PLTE and IDAT (W3C PNG, 5.6)."""
    gamma = chunk(b"gAMA", struct.pack(">I", 100_000))
    data = saved(colourful("P"), "PNG", exif=exif(6), icc_profile=PROFILE)
    turned = published(data[:33] + gamma + data[33:]).data
    assert opened(turned).info["gamma"] == 1
    assert opened(turned).info["icc_profile"] == PROFILE
    assert turned.index(gamma) < turned.index(b"PLTE")
    assert turned.count(b"iCCP") == 1


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_turned_into_the_same_bytes_each_time(kind: str) -> None:
    data = saved(colourful(), kind, exif=exif(6))
    assert published(data).data == published(data).data


def test_an_orientation_in_xmp_turns_nothing() -> None:
    """Browsers heed that of Exif only, and so does whoever looked at the picture before."""
    data = saved(colourful(), "JPEG", xmp=b'<x xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>')
    assert same(data, published(data).data)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_means_nothing_turns_nothing(orientation: int) -> None:
    data = saved(colourful(), "JPEG", exif=exif(orientation))
    assert same(data, published(data).data)


def test_an_orientation_that_is_no_number_turns_nothing() -> None:
    """The field is a SHORT (Exif 2.32, 4.6.4); this one is a text, "6"."""
    directory = struct.pack("<HHHI4sI", 1, 0x0112, 2, 2, b"6\0\0\0", 0)
    data = JPEG[:2] + segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + directory) + JPEG[2:]
    assert opened(data).getexif()[0x0112] == "6"
    assert same(data, published(data).data)


def test_exif_that_cannot_be_read_turns_nothing() -> None:
    data = JPEG[:2] + segment(0xE1, b"Exif\0\0" + SECRET) + JPEG[2:]
    image = published(data)
    assert SECRET not in image.data
    assert same(JPEG, image.data)


# --- files that are odd ------------------------------------------------------------------------------------------


def test_a_jpeg_without_an_end_gets_one_and_nothing_is_behind_it() -> None:
    image = published(JPEG[:-2] + SECRET)
    assert SECRET not in image.data
    assert image.data.endswith(b"\xff\xd9")


def test_what_fills_up_before_a_marker_goes() -> None:
    assert published(JPEG[:2] + b"\xff" * 9 + JPEG[2:-2] + b"\xff" * 9 + JPEG[-2:]).data == JPEG


@pytest.mark.parametrize("end", [b"", b"\0;"])
def test_a_gif_whose_end_is_odd_goes_on_as_it_did(end: bytes) -> None:
    data = MODES["gif-animated"]
    image = published(data[:-1] + end)
    assert SECRET not in image.data
    assert same(data, image.data)
    assert opened(image.data).info["loop"] == 3


def test_an_animation_of_which_a_frame_is_amiss_is_damaged() -> None:
    """The first one can be shown as long as nothing is taken out."""
    data = MODES["png-animated"]
    second = data.rindex(b"fcTL")
    found = read_raster("a.png", data[:second] + b"fcQL" + data[second + 4 :], AT)
    assert isinstance(found, Diagnostic)
    assert found.code == "P512"


@pytest.mark.parametrize(
    "data",
    [JPEG[:-2] + b"\xff" * 1_000_000 + b"\0" + JPEG[-2:], JPEG[:2] + segment(0xFE, b"") * 200_000 + JPEG[2:]],
    ids=["fill", "segments"],
)
def test_what_is_odd_about_a_jpeg_takes_no_time(data: bytes) -> None:
    start = time.process_time()
    published(data)
    assert time.process_time() - start < 5


@pytest.mark.parametrize("kind", KINDS)
def test_a_container_that_breaks_off_is_odd(kind: str) -> None:
    data = saved(colourful(), kind)
    for length in (0, 1, 5, 13, 20, 40):
        with pytest.raises(OddError):
            bare(kind, data[:length])


def test_an_odd_file_that_can_be_shown_is_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = bare
    calls: list[bytes] = []

    def odd(kind: str, data: bytes) -> bytes:
        calls.append(data)
        if len(calls) == 1:
            raise OddError("odd")
        return taken(kind, data)

    monkeypatch.setattr("postil.images.raster.bare", odd)
    data = saved(colourful(), "PNG", exif=exif(), icc_profile=PROFILE)
    image = published(data)
    assert same(data, image.data)
    assert SECRET not in image.data
    assert opened(image.data).info["icc_profile"] == PROFILE


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([*SECRETS.values(), *MODES.values()]), st.data())
def test_whatever_a_file_is_it_has_an_answer(data: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(data)))
    changed = data[:at] + draw.draw(st.binary(max_size=8)) + data[at + draw.draw(st.integers(0, 8)) :]
    image = read_raster("a.img", changed, AT)
    if isinstance(image, Image):
        assert opened(image.data).size == (image.width, image.height)
    for kind in KINDS:
        with contextlib.suppress(OddError):
            bare(kind, changed)


@given(st.sampled_from([JPEG[:2], PNG[:8], PNG[:33], GIF[:6], WEBP[:12], WEBP[:30]]), st.binary(max_size=200))
def test_bytes_of_no_meaning_are_no_picture(head: bytes, data: bytes) -> None:
    assert isinstance(read_raster("a.img", head + data, AT), Diagnostic)


# --- SVG ---------------------------------------------------------------------------------------------------------

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'


def address(data: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


JPEG_ADDRESS, PNG_ADDRESS = address(SECRETS["jpeg-exif"], "jpeg"), address(SECRETS["png-text"], "png")


def drawn(folder: Path, inside: str, before: str = "") -> str:
    (folder / "a.svg").write_text(f"{before}{HEAD}{inside}</svg>")
    image = read(folder, "a.svg", AT)
    assert isinstance(image, Image), image
    return image.data.decode()


@pytest.mark.parametrize(
    "inside",
    [
        f"<metadata>{WORDS}<g>{WORDS}</g></metadata><rect/>",
        f'<rect data-name="{WORDS}" DATA-x="{WORDS}"/>',
        f"<?xpacket {WORDS}?><rect/>",
        f"<!-- {WORDS} --><rect/>",
        f"<style>/* {WORDS} */ g {{ /* {WORDS} */ fill: red }}</style><rect/>",
        f'<rect style="/* {WORDS} */ fill: red"/>',
        f"<style>/* url({JPEG_ADDRESS}) {WORDS} */</style><rect/>",
        f"<style><g>{WORDS}</g></style><rect/>",
        f'<g xmlns:i="http://example.org/i" i:export="{WORDS}"><i:view a="{WORDS}"/><rect/></g>',
    ],
)
def test_a_drawing_is_published_without_what_programs_keep_in_it(tmp_path: Path, inside: str) -> None:
    shown = drawn(tmp_path, inside, f"<?tool {WORDS}?><!-- {WORDS} -->")
    assert WORDS not in shown
    assert "<rect" in shown
    assert WORDS in (tmp_path / "a.svg").read_text(), "the file itself stays"


def test_what_a_drawing_says_to_readers_stays(tmp_path: Path) -> None:
    shown = drawn(tmp_path, '<title>T</title><desc>D</desc><text aria-label="a" id="i" class="c">a<?x?> b</text>')
    for kept in ("<title>T</title>", "<desc>D</desc>", 'aria-label="a"', 'id="i"', 'class="c"', ">a b</text>"):
        assert kept in shown


EMBEDDED: dict[str, Callable[[str], str]] = {
    "href": lambda to: f'<image href="{to}" width="9" height="9"/>',
    "xlink": lambda to: f'<image xlink:href=" {to} " width="9" height="9"/>',
    "attribute": lambda to: f'<rect fill="url({to})"/>',
    "style-attribute": lambda to: f"<rect style=\"fill: url('{to}')\"/>",
    "style": lambda to: f"<style>rect {{ fill: url({to}) }} g {{ fill: url({to}) }}</style>",
}


@pytest.mark.parametrize("place", EMBEDDED)
@pytest.mark.parametrize("to", [JPEG_ADDRESS, PNG_ADDRESS], ids=["jpeg", "png"])
def test_a_picture_in_a_drawing_is_published_without_its_metadata(tmp_path: Path, place: str, to: str) -> None:
    shown = drawn(tmp_path, EMBEDDED[place](to))
    assert to not in shown
    found = pictures_in(shown)
    assert len(found) == (2 if place == "style" else 1)
    assert all(SECRET not in data and opened(data).size == SIZE for data in found)


def pictures_in(shown: str) -> list[bytes]:
    return [base64.b64decode(found) for found in re.findall(r"base64,([A-Za-z0-9+/=]*)", shown)]


@pytest.mark.parametrize(
    "escaped",
    [
        f"url({JPEG_ADDRESS.replace('data', chr(92) + '64 ata')})",
        f"url('{JPEG_ADDRESS[:60]}{chr(92)}\n{JPEG_ADDRESS[60:]}')",
        f'url( "{JPEG_ADDRESS}" /* {WORDS} */ )',
    ],
    ids=["letter", "line", "comment"],
)
def test_however_its_address_is_written_a_picture_has_no_metadata(tmp_path: Path, escaped: str) -> None:
    shown = drawn(tmp_path, f"<style>rect {{ fill: {escaped} }}</style>")
    (found,) = pictures_in(shown)
    assert SECRET not in found
    assert same(SECRETS["jpeg-exif"], found)
    assert WORDS not in shown


def test_a_style_without_pictures_and_words_of_its_own_stays_letter_by_letter(tmp_path: Path) -> None:
    style = "rect{fill:\\72 ed;stroke:url( #g )} @media print{g{}}"
    assert f"<style>{style}</style>" in drawn(tmp_path, f"<style>{style}</style>")


def test_what_a_drawing_reads_out_is_no_style(tmp_path: Path) -> None:
    assert 'aria-label="a /* b */ (c)"' in drawn(tmp_path, '<g aria-label="a /* b */ (c)"/>')


def test_a_style_sheet_has_nothing_hidden_behind_an_element(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(f"{HEAD}<style><g/>@import 'http://example.org/a.css';</style></svg>")
    found = read(tmp_path, "a.svg", AT)
    assert isinstance(found, Diagnostic)
    assert found.code == "P515"


@pytest.mark.parametrize("data", [SECRETS["png-text"], SECRETS["gif-comment"]], ids=["png", "gif"])
def test_the_address_of_a_picture_says_what_it_said(tmp_path: Path, data: bytes) -> None:
    """Whatever is in it: all who show it look into it."""
    shown = drawn(tmp_path, f'<image href="{address(data, "jpeg")}" width="9" height="9"/>')
    assert shown.count("data:image/jpeg;base64,") == 1
    assert "data:image/" not in shown.replace("data:image/jpeg;", "")


def test_a_picture_in_a_drawing_is_turned(tmp_path: Path) -> None:
    lying = address(saved(colourful(), "PNG", exif=exif(6)), "png")
    (found,) = pictures_in(drawn(tmp_path, f'<image href="{lying}" width="9" height="9"/>'))
    assert opened(found).size == SIZE[::-1]


@pytest.mark.parametrize("place", EMBEDDED)
def test_a_drawing_that_is_published_could_be_read_again(tmp_path: Path, place: str) -> None:
    once = drawn(tmp_path, EMBEDDED[place](JPEG_ADDRESS))
    (tmp_path / "b.svg").write_text(once)
    again = read(tmp_path, "b.svg", AT)
    assert isinstance(again, Image)
    assert again.data.decode() == once


@pytest.mark.parametrize("noted", ["<?x?>", '<x xmlns="http://example.org/x"/>', "<metadata/>"])
def test_what_goes_takes_no_time_and_leaves_the_text(tmp_path: Path, noted: str) -> None:
    start = time.process_time()
    shown = drawn(tmp_path, f"<text>a{f'{noted}b' * 100_000}<tspan>c</tspan>{noted}d{noted}e</text>")
    assert f">a{'b' * 100_000}<tspan>c</tspan>de</text>" in shown
    assert time.process_time() - start < 4


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_in_a_drawing_it_has_an_answer(inside: str, style: str) -> None:
    read_svg("a.svg", f"{HEAD}{inside}<style>{style}</style></svg>".encode("utf-8", "replace"))


def test_the_file_stays_as_it_is(tmp_path: Path) -> None:
    for name, data in SECRETS.items():
        (tmp_path / name).write_bytes(data)
        assert isinstance(read(tmp_path, name, AT), Image)
        assert (tmp_path / name).read_bytes() == data
