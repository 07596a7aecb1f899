from __future__ import annotations

from itertools import combinations

import uharfbuzz as harfbuzz

from postil.epub import typefaces
from postil.epub.typefaces import ARABIC, HEBREW, SANS, SERIF, Face

ROMAN = Face(SERIF, "normal", 400)


def cut(characters: str, *, small_capitals: bool = False) -> dict[Face, harfbuzz.Face]:
    fonts = typefaces.cut({"text": frozenset(characters)}, small_capitals=small_capitals)
    return {face: harfbuzz.Face(data) for face, data in fonts.items()}


def shaped(face: harfbuzz.Face, text: str, **features: bool) -> list[tuple[int, int]]:
    """Glyphs and advances of a text."""
    buffer = harfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    harfbuzz.shape(harfbuzz.Font(face), buffer, features)
    return [(i.codepoint, p.x_advance) for i, p in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)]


def test_a_font_has_the_characters_that_are_used_and_no_others() -> None:
    assert set(map(chr, cut("Añ’ ")[ROMAN].unicodes)) == set("Añ’ ")


def test_arabic_script_has_a_face_of_its_own() -> None:
    fonts = cut("aپ")
    assert set(map(chr, fonts[ROMAN].unicodes)) == {"a"}
    assert set(map(chr, fonts[Face(ARABIC, "normal", 400)].unicodes)) == {"پ"}


def test_a_character_that_no_typeface_has_is_left_to_the_reading_system() -> None:
    assert all(set(map(chr, font.unicodes)) == {"a"} for font in cut("a漢").values())


def test_a_family_without_characters_is_left_out() -> None:
    assert {face.family for face in cut("a")} == {SERIF}
    assert typefaces.cut({"annotations": frozenset()}, small_capitals=False) == {}


def test_each_style_is_a_font_without_axes_under_the_licence_of_its_source() -> None:
    fonts = typefaces.cut({"text": frozenset("abپאב"), "annotations": frozenset("ab")}, small_capitals=False)
    assert {face.family for face in fonts} == {SERIF, SANS, ARABIC, HEBREW}
    for data in fonts.values():
        font = harfbuzz.Face(data)
        assert font.axis_infos == []
        assert "Open Font License" in font.get_name(13)


def test_the_styles_differ() -> None:
    advances = [shaped(font, "hamburgefonts") for font in cut("hamburgefonts").values()]
    assert all(one != other for one, other in combinations(advances, 2))


def test_text_has_the_optical_size_for_text() -> None:
    variable = typefaces.source(SERIF)
    display = harfbuzz.Font(variable)  # the default cut
    buffer = harfbuzz.Buffer()
    buffer.add_str("n")
    buffer.guess_segment_properties()
    harfbuzz.shape(display, buffer)
    assert shaped(cut("n")[ROMAN], "n")[0][1] > buffer.glyph_positions[0].x_advance


def test_kerning_and_old_style_figures_are_kept() -> None:
    font = cut("AV1")[ROMAN]
    assert sum(a for _, a in shaped(font, "AV")) < sum(a for c in "AV" for _, a in shaped(font, c))
    assert shaped(font, "1", onum=True) != shaped(font, "1")


def test_small_capitals_are_there_when_the_book_has_them() -> None:
    plain, small = cut("sco")[ROMAN], cut("sco", small_capitals=True)[ROMAN]
    assert shaped(plain, "sco", smcp=True) == shaped(plain, "sco")
    assert shaped(small, "sco", smcp=True) != shaped(small, "sco")


def test_same_characters_same_bytes() -> None:
    first = typefaces.cut({"text": frozenset("abc")}, small_capitals=False)
    assert typefaces.cut({"text": frozenset("cba")}, small_capitals=False) == first
