"""Words are broken by the patterns of their language, and where there are none that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from postil.build import Order, Stages, compose
from postil.pdf import lacks_patterns
from postil.writing import Folder


@pytest.mark.parametrize(
    "language", ["en-GB", "de-CH", "fr-CA", "es-MX", "pt", "pt-BR", "no", "nb", "sr-Latn", "ru", "el", "hu", "th"]
)
def test_there_are_patterns_for_a_language_whatever_its_region(language: str) -> None:
    assert not lacks_patterns(language)


@pytest.mark.parametrize("language", ["zh", "zh-Hant-TW", "ja", "ko", "ar", "he", "iw", "fa", "ur", "hi", "vi", "yi"])
def test_a_script_that_knows_no_hyphen_needs_none(language: str) -> None:
    assert not lacks_patterns(language)


@pytest.mark.parametrize("language", ["fi", "tr", "cy"])
def test_a_language_without_patterns_is_said(language: str, tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text(
        f'title = "T"\nlanguage = "{language}"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n', "utf-8"
    )
    (tmp_path / "01.md").write_text("# A\n\nB.\n", "utf-8")
    _, found = compose(tmp_path, Order("annotated", (), Folder(tmp_path / "build")), Stages())
    assert ("P605", 2) in [(d.code, d.position and d.position.line) for d in found]
    _, found = compose(tmp_path, Order("annotated", ("epub",), Folder(tmp_path / "build")), Stages())
    assert "P605" not in [d.code for d in found]


@pytest.mark.parametrize(("language", "broken"), [("no", True), ("nb", True), ("de", True), ("fi", False)])
def test_words_are_broken_in_their_language(language: str, broken: bool) -> None:  # noqa: FBT001 -- what is expected
    import weasyprint

    sheet = (Path(__file__).parents[2] / "styles" / "print.css").read_text("utf-8")
    page = f'<html lang="{language}"><p style="width: 60px">universitetsbiblioteket</p></html>'
    styles = [weasyprint.CSS(string=sheet), weasyprint.CSS(string="html { font: 12px sans-serif }")]
    document = weasyprint.HTML(string=page).render(stylesheets=styles)
    paragraph = next(box for box in document.pages[0]._page_box.descendants() if box.element_tag == "p")
    assert (len(paragraph.children) > 1) is broken


@pytest.mark.parametrize(
    ("page", "is_spread"),
    [
        ('<html lang="en"><p>{}</p></html>', True),
        ('<html lang="zh-Hans"><p>{}</p></html>', False),
        ('<html lang="ja"><p class="footnote">{}</p></html>', False),
        ('<html lang="en"><p lang="th">{}</p></html>', False),
        ('<html lang="zh"><p lang="en" class="center">{}</p></html>', False),
    ],
)
def test_lines_are_spread_at_their_spaces_only_where_spaces_part_words(page: str, is_spread: bool) -> None:  # noqa: FBT001 -- the same
    import weasyprint

    sheet = (Path(__file__).parents[2] / "styles" / "print.css").read_text("utf-8")
    narrow = "html { font: 12px sans-serif } p { width: 120px; float: none !important }"
    styles = [weasyprint.CSS(string=sheet), weasyprint.CSS(string=narrow)]
    document = weasyprint.HTML(string=page.format("some words " * 9)).render(stylesheets=styles)
    spacing = [getattr(box, "justification_spacing", 0) for box in document.pages[0]._page_box.descendants()]
    assert any(spacing) is is_spread
