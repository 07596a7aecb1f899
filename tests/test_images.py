from __future__ import annotations

import base64
import io
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image as Raster
from PIL import ImageFile

from postil.document import Image
from postil.images import read
from postil.source import Diagnostic, Position

AT = Position("01.md", 3, 5)
NAMES = (
    'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:tool="https://example.org/tool" xmlns:h="http://www.w3.org/1999/xhtml"'
)


def picture(kind: str) -> bytes:
    """A colourful picture of 30 by 20 pixels."""
    file = io.BytesIO()
    Raster.frombytes("RGB", (30, 20), bytes(n * n % 251 for n in range(30 * 20 * 3))).save(file, kind)
    return file.getvalue()


def svg(inside: str = "", attributes: str = 'viewBox="0 0 100 50"') -> bytes:
    return f"<svg {NAMES} {attributes}>\n{inside}</svg>".encode()


def see(folder: Path, data: bytes, name: str = "a.svg") -> Image | Diagnostic:
    (folder / name).write_bytes(data)
    return read(folder, name, AT)


def good(folder: Path, data: bytes, name: str = "a.svg") -> Image:
    image = see(folder, data, name)
    assert isinstance(image, Image), image
    return image


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif"), ("WEBP", "image/webp")],
)
def test_a_raster_has_the_type_of_its_bytes_and_stays_as_it_is(tmp_path: Path, kind: str, media_type: str) -> None:
    data = picture(kind)
    image = good(tmp_path, data, "misnamed.png")
    assert (image.media_type, image.width, image.height, image.data) == (media_type, 30, 20, data)


@pytest.mark.parametrize(
    ("there", "asked"), [("caf\u00e9/\u00e9", "cafe\u0301/e\u0301"), ("cafe\u0301/e\u0301", "caf\u00e9/\u00e9")]
)
def test_a_picture_is_found_whichever_way_its_name_is_composed(tmp_path: Path, there: str, asked: str) -> None:
    file = tmp_path / f"{there}.png"
    file.parent.mkdir()
    file.write_bytes(picture("PNG"))
    assert isinstance(read(tmp_path, f"{asked}.png", AT), Image)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "P510"),
        (b"Dear Sir,", "P510"),
        (picture("TIFF"), "P510"),
        (picture("PNG")[:200], "P512"),
        (picture("JPEG")[:-200], "P512"),
    ],
)
def test_a_raster_that_cannot_be_used(tmp_path: Path, data: bytes, code: str) -> None:
    found = see(tmp_path, data)
    assert isinstance(found, Diagnostic)
    assert (found.code, found.position) == (code, AT)


def test_a_picture_that_breaks_off_is_damaged_even_where_pillow_is_lenient(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WeasyPrint makes it so for the whole process, and it has to stay so."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    found = see(tmp_path, picture("PNG")[:200])
    assert isinstance(found, Diagnostic)
    assert found.code == "P512"
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True


@pytest.mark.parametrize("side", [7100, 12_000, 60_000])
def test_a_picture_with_too_many_pixels_is_not_decoded(tmp_path: Path, side: int) -> None:
    """The file is small: only its header says how large the picture is."""
    data = bytearray(picture("PNG"))
    data[16:24] = side.to_bytes(4) * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4)
    start = time.process_time()
    found = see(tmp_path, bytes(data))
    assert isinstance(found, Diagnostic)
    assert found.code == "P511"
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    ("path", "code"), [("../a.png", "P902"), ("/etc/passwd", "P902"), ("none.png", "P901"), (".", "P902")]
)
def test_a_path_that_cannot_be_read(tmp_path: Path, path: str, code: str) -> None:
    found = read(tmp_path, path, AT)
    assert isinstance(found, Diagnostic)
    assert (found.code, found.position) == (code, AT)


# --- SVG -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attributes", "width", "height"),
    [
        ('viewBox="0 0 100 50"', 100, 50),
        ('viewBox="-10,-10 100,50"', 100, 50),
        ('viewBox="0.0 0.0 957.5000000000000 252.250000000000000"', 957.5, 252.25),
        ('viewBox="0 0 1e2 .5E2"', 100, 50),
        ('width="1in" height="25.4mm"', 96, 96),
        ('width="72pt" height="6pc"', 96, 96),
        ('width="200" viewBox="0 0 100 50"', 200, 100),
        ('height="200px" viewBox="0 0 100 50"', 400, 200),
        ('width="100%" height="100%" viewBox="0 0 100 50"', 100, 50),
    ],
)
def test_the_size_of_an_svg_in_px(tmp_path: Path, attributes: str, width: float, height: float) -> None:
    image = good(tmp_path, svg("", attributes))
    assert (image.width, image.height) == pytest.approx((width, height))


def test_an_svg_without_a_viewbox_gets_that_of_its_size(tmp_path: Path) -> None:
    assert b'viewBox="0 0 96 48"' in good(tmp_path, svg("", 'width="1in" height="48"')).data


def test_what_programs_note_for_themselves_is_gone_and_the_drawing_is_kept(tmp_path: Path) -> None:
    image = good(
        tmp_path,
        svg(
            '<!-- made by Tool --><?tool x?><tool:grid><path d="M1 1"/></tool:grid>'
            '<metadata><tool:author/></metadata><text xml:lang="fr" tool:x="1">Carte<tool:x/> du <!-- --> Rhin</text>'
        ),
    )
    assert b"tool" not in image.data
    assert b"Tool" not in image.data
    assert b"M1 1" not in image.data
    assert b"Carte du  Rhin" in image.data
    assert b'xml:lang="fr"' in image.data


def test_a_second_reading_changes_nothing(tmp_path: Path) -> None:
    once = good(tmp_path, svg('<tool:x/>\n<path d="M0 0"/>', 'width="10" height="10"'))
    assert good(tmp_path, once.data).data == once.data


@pytest.mark.parametrize(
    "inside",
    [
        '<use href="#a"/><g id="a"><rect/></g>',
        '<rect fill="url(#g)" style="filter: url(\'#f\')"/>',
        "<style>rect { fill: url(#g) }</style>",
        f'<image href="data:image/png;base64,{base64.b64encode(picture("PNG")).decode()}"/>',
        f'<image xlink:href="data:image/jpeg;base64,{base64.b64encode(picture("JPEG")).decode()}"/>',
    ],
)
def test_what_an_svg_may_refer_to(tmp_path: Path, inside: str) -> None:
    good(tmp_path, svg(inside))


@pytest.mark.parametrize(
    ("inside", "code", "words"),
    [
        ("<script>x()</script>", "P514", "'script'"),
        ("<g><script/></g>", "P514", "'script'"),
        ('<rect onclick="x()"/>', "P514", "'onclick'"),
        ('<rect ONLOAD="x()"/>', "P514", "'ONLOAD'"),
        ("<foreignObject><h:p/></foreignObject>", "P514", "'foreignObject'"),
        ("<h:iframe/>", "P514", "'iframe'"),
        ('<a href="#x"/>', "P514", "'a'"),
        ('<set attributeName="href" to="javascript:x()"/>', "P514", "'set'"),
        ('<image href="https://example.org/x.png"/>', "P515", "https://example.org/x.png"),
        ('<image xlink:href="../x.png"/>', "P515", "../x.png"),
        ('<use href="other.svg#a"/>', "P515", "other.svg#a"),
        ('<use href=" javascript:x()"/>', "P515", "javascript:x()"),
        ('<image href="data:image/svg+xml;base64,AAAA"/>', "P515", "data:image/svg+xml"),
        ('<image href="data:image/png;base64,AAAA"/>', "P510", "(embedded)"),
        ('<rect fill="url(//example.org/x)"/>', "P515", "//example.org/x"),
        ('<rect fill="u\\72l(//example.org/x)"/>', "P515", "//example.org/x"),
        ("<rect style=\"fill: url( 'file:///etc/passwd' )\"/>", "P515", "file:///etc/passwd"),
        ("<style>@import 'x.css';</style>", "P515", "@import"),
        ("<style>@\\69mport 'x.css';</style>", "P515", "@import"),
        ("<style>@media print { a { b: url(x.png) } }</style>", "P515", "x.png"),
        ("<style>a { b: image-set('x.png' 1x) }</style>", "P515", "image-set()"),
    ],
)
def test_what_an_svg_may_not_hold(tmp_path: Path, inside: str, code: str, words: str) -> None:
    found = see(tmp_path, svg(f"<g/>\n{inside}"))
    assert isinstance(found, Diagnostic)
    assert found.code == code
    assert words in found.message
    assert found.position == Position("a.svg", 3)


def test_a_style_sheet_before_the_svg_is_outside_too(tmp_path: Path) -> None:
    found = see(tmp_path, b'<?xml-stylesheet href="x.css"?>' + svg())
    assert isinstance(found, Diagnostic)
    assert found.code == "P515"


def test_every_mistake_of_a_picture_is_named_with_its_line(tmp_path: Path) -> None:
    found = see(tmp_path, svg('<script/>\n<rect onclick=""/>\n<image href="x.png"/>'))
    assert isinstance(found, Diagnostic)
    assert "'script'; line 3: " in found.message
    assert "'onclick'; line 4: " in found.message
    assert "'x.png'" in found.message


def entity(number: int) -> str:
    return f"&e{number};"


LAUGHS = ['<!ENTITY e0 "ha">', *(f'<!ENTITY e{n} "{10 * entity(n - 1)}">' for n in range(1, 12))]
ENTITIES = f"<!DOCTYPE svg [{''.join(LAUGHS)}]>".encode()
REPEATS = "".join('<g id="a{}">{}</g>'.format(n, f'<use href="#a{n - 1}"/>' * 10) for n in range(12))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<svg", "P513"),
        (b"<svg/>", "P513"),
        (b"<html/>", "P513"),
        (svg("<g>"), "P513"),
        (b'<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + svg("<text>&e;</text>"), "P513"),
        (ENTITIES + svg("<text>&e11;</text>"), "P513"),
        (ENTITIES + svg('<text x="&e11;"/>'), "P513"),
        (svg("<g>" * 10_000 + "</g>" * 10_000), "P513"),
        (svg("", ""), "P516"),
        (svg("", 'width="0" height="10"'), "P516"),
        (svg("", 'viewBox="0 0 x 1"'), "P516"),
        (svg('<g id="a"><use href="#a"/></g>'), "P517"),
        (svg(REPEATS), "P517"),
        (svg("<g/>" * 100_001), "P517"),
    ],
)
def test_an_svg_that_cannot_be_used(tmp_path: Path, data: bytes, code: str) -> None:
    start = time.process_time()
    found = see(tmp_path, data)
    assert isinstance(found, Diagnostic)
    assert found.code == code
    assert time.process_time() - start < 2


def test_a_document_type_without_entities_is_dropped(tmp_path: Path) -> None:
    doctype = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    assert b"DOCTYPE" not in good(tmp_path, doctype + svg()).data


def test_embedded_pictures_count_together(tmp_path: Path) -> None:
    file = io.BytesIO()
    Raster.new("1", (5000, 5000)).save(file, "PNG")
    one = f'<image href="data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"/>'
    good(tmp_path, svg(one * 2))
    found = see(tmp_path, svg(one * 3))
    assert isinstance(found, Diagnostic)
    assert found.code == "P511"
