"""What a camera or a program keeps in a picture's file is not published; what shows the picture stays as it is."""

from __future__ import annotations

import base64
import contextlib
import io
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Raster
from PIL import ImageChops, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo

from postil.document import Image
from postil.images import read
from postil.images.containers import OddError, bare
from postil.images.raster import read_raster
from postil.source import Position

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


JPEG, PNG, GIF = (saved(colourful(), kind) for kind in ("JPEG", "PNG", "GIF"))
THUMBNAIL = b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01" + SECRET[:3]
WEBP = saved(colourful(), "WEBP", lossless=True, exif=exif(), xmp=SECRET)

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
    "jpeg-mpo": saved(colourful(), "MPO", save_all=True, append_images=[colourful()], exif=exif()),
    "jpeg-progressive": saved(colourful(), "JPEG", progressive=True, comment=SECRET, exif=exif()),
    "png-text": saved(colourful(), "PNG", pnginfo=texts()),
    "png-exif": saved(colourful(), "PNG", exif=exif()),
    "png-private": PNG[:33] + chunk(b"prVt", SECRET) + PNG[33:],
    "png-time": PNG[:33] + chunk(b"tIME", SECRET[:7]) + chunk(b"sPLT", SECRET + b"\0\x08") + PNG[33:],
    "png-behind": PNG + SECRET,
    "gif-comment": saved(colourful("P"), "GIF", comment=SECRET),
    "gif-application": GIF[:-1] + b"\x21\xff\x0bXMP DataXMP" + bytes((len(SECRET),)) + SECRET + b"\0" + GIF[-1:],
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
    difference = max(high for _, high in ImageChops.difference(shown, expected).getextrema())
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


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_means_nothing_turns_nothing(orientation: int) -> None:
    data = saved(colourful(), "JPEG", exif=exif(orientation))
    assert same(data, published(data).data)


def test_exif_that_cannot_be_read_turns_nothing() -> None:
    data = JPEG[:2] + segment(0xE1, b"Exif\0\0" + SECRET) + JPEG[2:]
    image = published(data)
    assert SECRET not in image.data
    assert same(JPEG, image.data)


# --- files that are odd ------------------------------------------------------------------------------------------


def test_a_jpeg_without_an_end_gets_one() -> None:
    image = published(JPEG + b"")
    assert bare("JPEG", JPEG[:-2]) == image.data


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


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([*SECRETS.values(), *MODES.values()]), st.data())
def test_whatever_a_file_is_it_has_an_answer(data: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(data)))
    changed = data[:at] + draw.draw(st.binary(max_size=8)) + data[at + draw.draw(st.integers(0, 8)) :]
    read_raster("a.img", changed, AT)
    for kind in KINDS:
        with contextlib.suppress(OddError):
            bare(kind, changed)


# --- SVG ---------------------------------------------------------------------------------------------------------

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'


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


def address(data: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


JPEG_ADDRESS, PNG_ADDRESS = address(SECRETS["jpeg-exif"], "jpeg"), address(SECRETS["png-text"], "png")
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
    found = [base64.b64decode(part.split('"')[0].split("'")[0].split(")")[0]) for part in shown.split("base64,")[1:]]
    assert len(found) == (2 if place == "style" else 1)
    assert all(SECRET not in data and opened(data).size == SIZE for data in found)


def test_a_picture_whose_address_has_escapes_is_refused(tmp_path: Path) -> None:
    escaped = JPEG_ADDRESS.replace("data", "d\\61 ta")
    (tmp_path / "a.svg").write_text(f"{HEAD}<style>rect {{ fill: url({escaped}) }}</style></svg>")
    found = read(tmp_path, "a.svg", AT)
    assert not isinstance(found, Image)
    assert found.code == "P515"


def test_the_file_stays_as_it_is(tmp_path: Path) -> None:
    for name, data in SECRETS.items():
        (tmp_path / name).write_bytes(data)
        assert isinstance(read(tmp_path, name, AT), Image)
        assert (tmp_path / name).read_bytes() == data
