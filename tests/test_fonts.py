"""The fonts of a title: found in its folder, named in book.toml, used in both outputs as their licence lets."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pikepdf
import pytest
import uharfbuzz as harfbuzz
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped] # it has no types
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped] # it has no types

from postil.build import Order, Outcome, build
from postil.fonts import Address, Shelf, instance, parsed
from postil.source import Position
from postil.writing import Folder

BOOK = 'title = "T"\nlanguage = "en"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n'
SHAN = "သဵင်"
"""Words in the script of Myanmar, of which no font that comes along has a letter."""


def font(family: str, letters: str, rights: int = 0, weight: int = 400) -> bytes:
    """A font whose letters are boxes; `rights` are its licence bits, OS/2.fsType."""
    pen = TTGlyphPen(None)
    for point in ((50, 0), (50, 700), (450, 700), (450, 0)):
        (pen.lineTo if point != (50, 0) else pen.moveTo)(point)
    pen.closePath()
    box = pen.glyph()
    names = [".notdef", *(f"g{ord(letter):X}" for letter in sorted(set(letters)))]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(letter): f"g{ord(letter):X}" for letter in letters})
    builder.setupGlyf(dict.fromkeys(names, box))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(fsType=rights, usWeightClass=weight, sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def title(folder: Path, settings: str, text: str, fonts: dict[str, bytes]) -> Path:
    (folder / "t" / "fonts").mkdir(parents=True)
    (folder / "t" / "book.toml").write_text(BOOK + settings, "utf-8")
    (folder / "t" / "10.md").write_text(f"# One\n\n{text}\n", "utf-8")
    for name, data in fonts.items():
        (folder / "t" / "fonts" / name).write_bytes(data)
    return folder / "t"


def made(folder: Path, *formats: str) -> Outcome:
    return build(folder, Order("clean", formats, Folder(folder.parent / "out")))


def codes(outcome: Outcome) -> list[str]:
    """The codes of what is said; that the only face is upright and light is a test of its own."""
    return [found.code for found in outcome.diagnostics if found.code != "P953"]


def test_a_family_in_the_folder_is_printed_and_embedded(tmp_path: Path) -> None:
    settings = '[fonts.scripts]\nMymr = "Boxes"\n'
    folder = title(tmp_path, settings, f"Shan {SHAN}.", {"b.ttf": font("Boxes", SHAN + "abc ")})
    outcome = made(folder, "pdf", "epub")
    assert codes(outcome) == []
    with zipfile.ZipFile(tmp_path / "out" / "t" / "t-clean.epub") as epub:
        data = epub.read("EPUB/fonts/boxes-mymr-400.ttf")
        assert '"Boxes Mymr"' in epub.read("EPUB/styles/own-fonts.css").decode()
    assert set(map(chr, harfbuzz.Face(data).unicodes)) == set(SHAN), "of its Latin letters it has none"
    with pikepdf.open(tmp_path / "out" / "t" / "t-clean.pdf") as pdf:
        names = [str(each.get("/BaseFont", "")) for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
    assert any("Boxes-Mymr" in name for name in names)


def test_one_message_says_which_font_has_the_script(tmp_path: Path) -> None:
    folder = title(tmp_path, "", f"Shan {SHAN} and {SHAN}.", {"b.ttf": font("Boxes", SHAN)})
    lacks, unused = made(folder).diagnostics
    assert (lacks.code, lacks.position) == ("P704", Position("10.md", 3, 6))
    assert f"{2 * len(SHAN) - 1} other places" in lacks.message
    assert 'Mymr = "Boxes"' in (lacks.hint or "")
    assert unused.code == "P952"


@pytest.mark.parametrize(
    ("words", "family"),
    [("हिन्दी", "Noto Sans Devanagari"), ("ภาษา", "Sarabun"), ("漢字。", "Noto Serif CJK"), ("தமிழ்", "Noto Sans Tamil")],
)
def test_a_script_without_a_font_is_one_message_that_names_a_family(tmp_path: Path, words: str, family: str) -> None:
    (lacks,) = made(title(tmp_path, "", words, {})).diagnostics
    assert lacks.code == "P704"
    assert family in (lacks.hint or "")


def test_a_sign_without_a_font_is_one_message_that_says_how_to_name_one_for_signs(tmp_path: Path) -> None:
    (lacks,) = made(title(tmp_path, "", "A light 💡 and a leaf ☘.", {})).diagnostics
    assert (lacks.code, lacks.position) == ("P704", Position("10.md", 3, 9))
    assert 'under [fonts.scripts]: Zsym = "…"' in (lacks.hint or "")


@pytest.mark.parametrize("code", ["Zsym", "Zsye"])
def test_a_family_for_signs_sets_only_what_other_fonts_lack(tmp_path: Path, code: str) -> None:
    letters = "💡 light, 1."
    folder = title(tmp_path, f'[fonts.scripts]\n{code} = "Boxes"\n', letters, {"b.ttf": font("Boxes", letters)})
    assert codes(made(folder, "pdf", "epub")) == []
    with zipfile.ZipFile(tmp_path / "out" / "t" / "t-clean.epub") as epub:
        data = epub.read(f"EPUB/fonts/boxes-{code.lower()}-400.ttf")
    assert set(map(chr, harfbuzz.Face(data).unicodes)) == {"💡"}
    with pikepdf.open(tmp_path / "out" / "t" / "t-clean.pdf") as pdf:
        fonts = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/ToUnicode" in each]
        maps = [each.ToUnicode.read_bytes().lower() for each in fonts if "Boxes" in str(each.BaseFont)]
    assert [re.findall(rb"<[0-9a-f]+> <([0-9a-f]+)>", found.partition(b"bfchar")[2]) for found in maps] == [
        [b"d83ddca1"]
    ]


@pytest.mark.parametrize("code", ["Zyyy", "Zinh", "Zzzz"])
def test_what_belongs_to_no_script_is_no_script(tmp_path: Path, code: str) -> None:
    folder = title(tmp_path, f'[fonts.scripts]\n{code} = "Boxes"\n', "Text.", {"b.ttf": font("Boxes", "abc")})
    wrong = next(found for found in made(folder).diagnostics if found.code == "P914")
    assert wrong.position == Position("book.toml", 6, 1)
    assert "'Zsym' for symbols" in (wrong.hint or "")


@pytest.mark.parametrize("words", ["Ελληνικά", "Українська", "العربية", "فارسی", "اردو", "עברית", "Đặng"])
def test_the_fonts_that_come_along_have_these_scripts(tmp_path: Path, words: str) -> None:
    assert codes(made(title(tmp_path, "", words, {}))) == []


def test_a_family_in_which_strong_and_stressed_words_look_like_others_is_said(tmp_path: Path) -> None:
    folder = title(tmp_path, '[fonts]\ntext = "Boxes"\n', "abc", {"b.ttf": font("Boxes", "abc .One")})
    found = next(found for found in made(folder).diagnostics if found.code == "P953")
    assert found.position == Position("book.toml", 6, 1)
    assert "no bold and no italic" in found.message


def test_a_family_that_is_not_there_is_said_where_it_is_named(tmp_path: Path) -> None:
    folder = title(tmp_path, '[fonts]\ntext = "Boxen"\n', "Text.", {"b.ttf": font("Boxes", "abc")})
    missing = next(found for found in made(folder).diagnostics if found.code == "P951")
    assert missing.position == Position("book.toml", 6, 1)
    assert "Boxes" in (missing.hint or "")


@pytest.mark.parametrize("rights", [0x0002, 0x0200, 0x0202])
def test_a_licence_that_forbids_to_embed_a_font_is_obeyed(tmp_path: Path, rights: int) -> None:
    folder = title(tmp_path, '[fonts]\ntext = "Boxes"\n', "Text.", {"b.ttf": font("Boxes", "abc", rights)})
    assert "P950" in codes(made(folder, "pdf", "epub"))
    assert not (tmp_path / "out" / "t").exists()


@pytest.mark.parametrize("rights", [0x0000, 0x0004, 0x0008, 0x0006])
def test_a_licence_that_lets_readers_see_a_font_is_obeyed(tmp_path: Path, rights: int) -> None:
    folder = title(tmp_path, '[fonts]\ncode = "Boxes"\n', "`abc`", {"b.ttf": font("Boxes", "abc", rights)})
    assert codes(made(folder, "epub")) == []


def test_a_font_that_may_not_be_cut_is_embedded_whole(tmp_path: Path) -> None:
    whole = font("Boxes", "abcxyz", 0x0100)
    folder = title(tmp_path, '[fonts]\ncode = "Boxes"\n', "`abc`", {"b.ttf": whole})
    assert codes(made(folder, "pdf", "epub")) == []
    with zipfile.ZipFile(tmp_path / "out" / "t" / "t-clean.epub") as epub:
        assert epub.read("EPUB/fonts/boxes-400.ttf") == whole
    with pikepdf.open(tmp_path / "out" / "t" / "t-clean.pdf") as pdf:
        fonts = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/FontFile2" in each]
        sizes = {str(each.FontName): harfbuzz.Face(each.FontFile2.read_bytes()).glyph_count for each in fonts}
    assert [size for name, size in sizes.items() if "Boxes" in name] == [len(".abcxyz")]


@pytest.mark.parametrize("data", [b"", b"ttcf" + b"\xff" * 40, b"<html>", font("Boxes", "abc")[:200]])
def test_what_is_no_font_is_said(tmp_path: Path, data: bytes) -> None:
    folder = title(tmp_path, '[fonts]\ntext = "Boxes"\n', "Text.", {"b.ttf": data})
    assert "P950" in codes(made(folder))


def test_an_address_says_what_is_wanted() -> None:
    found = parsed("font:source-serif-4/italic?opsz=8&wght=600&script=Grek")
    assert found == Address("source-serif-4", "italic", (("opsz", 8.0), ("wght", 600.0)), "Grek")
    assert parsed(found.written) == found
    assert [
        parsed(target) for target in ("font:x", "font:x/bold", "https://x.invalid/normal", "font:x/normal?wght=a")
    ] == [None] * 4


def test_the_nearest_weight_is_taken() -> None:
    shelf = Shelf()
    bold, regular = (shelf.find(Address("amiri", "normal", (("wght", weight),))) for weight in (600.0, 400.0))
    assert bold is not None
    assert regular is not None
    assert (bold.weight, regular.weight) == (700, 400)
    assert instance(regular, Address("amiri", "normal")) == regular.data
