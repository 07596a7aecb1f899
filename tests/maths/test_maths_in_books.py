"""Formulas on their way through the book: numbers, references, what the EPUB has and what the PDF says of itself."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from postil.build import Order, Stages, build, compose
from postil.pdf.book import PrintedBook
from postil.pdf.units import Origins
from postil.source import Diagnostic
from postil.writing import Folder
from postil.xhtml import printed

TEXT = r"""# On $E = mc^2$

Let $x^2$ be a number, and \$5 and $10 be money.[^n] See [](#eq:two) and [](#eq-one).

$$ \frac{a}{b} $$ {#eq-one}

$$ c $$

- item

  $$ \mathbf{d} $$ {#eq:two}

{==About $\alpha \in \mathbb{R}$.==}[^g]

| a     | b |
|-------|---|
| $|y|$ | 1 |

Table: Of $v_0$ too. {#tbl-v}

[^n]: A note on $\sqrt{z}$.

[^g]: {.gloss} That is $\alpha$.
"""


def made(folder: Path, text: str, *formats: str) -> tuple[dict[str, bytes], tuple[Diagnostic, ...]]:
    (folder / "t").mkdir()
    (folder / "t" / "book.toml").write_text(
        'title = "T"\nlanguage = "en-GB"\ndate = 2026-11-27\nidentifier = "urn:t"\n', "utf-8"
    )
    (folder / "t" / "01.md").write_text(text, "utf-8")
    outcome = build(folder / "t", Order("annotated", formats, Folder(folder / "out")))
    return {each.path.suffix: each.path.read_bytes() for each in outcome.outputs}, outcome.diagnostics


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    outputs, found = made(tmp_path_factory.mktemp("maths"), TEXT, "pdf", "epub")
    assert found == ()
    return outputs


def words(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def chapter(epub: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(epub)) as file:
        return "".join(file.read(name).decode() for name in file.namelist() if "part-on-e" in name)


def test_formulas_with_an_id_are_numbered_in_their_order(files: dict[str, bytes]) -> None:
    text = words(files[".pdf"])
    assert re.search(r"See equa\W*tion 2 and equation 1\.", text)
    assert re.findall(r"\(\d\)", text) == ["(1)", "(2)"]
    assert ">equation 2</a> and " in chapter(files[".epub"]).replace("\N{NO-BREAK SPACE}", " ")


def test_the_words_of_formulas_are_found_on_the_page(files: dict[str, bytes]) -> None:
    text = words(files[".pdf"])
    assert "On E = mc^2 Let x^2 be a number, and $5 and $10 be money." in text
    assert "A note on √z." in text
    assert "About α in R." in text
    assert "|y| 1" in text
    assert "Table 1. Of v_0 too." in text


def test_the_epub_has_mathml_and_says_so(files: dict[str, bytes]) -> None:
    page = chapter(files[".epub"])
    assert 'alttext="\\frac{a}{b}"' in page
    assert "<mfrac><mi>a</mi><mi>b</mi></mfrac>" in page
    assert not re.search(r">[^<]*\\[a-z]", page), "TeX is nowhere among the words"
    with zipfile.ZipFile(io.BytesIO(files[".epub"])) as file:
        package = next(file.read(name).decode() for name in file.namelist() if name.endswith(".opf"))
    (item,) = re.findall(r"<item [^>]*part-on-e[^>]*>", package)
    assert 'properties="mathml"' in item
    assert ">MathML<" in package


def every(node: Any) -> Iterator[Any]:
    if isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
    if isinstance(node, pikepdf.Array):
        for kid in node:
            yield from every(kid)
    elif isinstance(node, pikepdf.Dictionary) and "/K" in node:
        yield from every(node["/K"])


def test_each_formula_has_a_tag_that_says_it(files: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(files[".pdf"])) as pdf:
        found = [node for node in every(pdf.Root.StructTreeRoot) if node.S == "/Formula"]
        said = {str(node.Alt): str(node.ActualText) for node in found}
        assert all(node.A.BBox[2] > node.A.BBox[0] for node in found)
    assert said["x^2"] == "x^2"
    assert said[r"\frac{a}{b}"] == "a/b"
    assert said[r"\alpha \in \mathbb{R}"] == "α in R"


def test_the_words_on_a_page_lead_back_to_their_formula(tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text('title = "T"\nlanguage = "en"\ndate = 2026-11-27\n', "utf-8")
    (tmp_path / "01.md").write_text(TEXT, "utf-8")
    book, _ = compose(tmp_path, Order("annotated", ("pdf",), Folder(tmp_path / "out")), Stages())
    assert book is not None
    made = PrintedBook(book, book.styles)
    made.set(printed(book), lambda _unit, _share: None)
    found: dict[str, set[int]] = {}
    for order, fragment in zip(made.orders, made.fragments, strict=True):
        origins = Origins(order.unit)
        for stretch in (each for page in fragment.pages for each in page.words):
            for index in range(len(stretch.text)):
                if place := origins.place(stretch, index):
                    found.setdefault(stretch.text, set()).add(place[1])
    assert found["x^2"] == {TEXT.index("$x^2$")}
    assert found["a/b"] == {TEXT.index(r"$$ \frac")}
    assert found["√z"] == {TEXT.index(r"$\sqrt{z}$")}


def test_the_same_text_gives_the_same_bytes(files: dict[str, bytes], tmp_path: Path) -> None:
    assert made(tmp_path, TEXT, "pdf", "epub")[0] == files


def test_a_formula_that_is_made_smaller_is_said(tmp_path: Path) -> None:
    long = " + ".join("abcdefghijklmnopqrstuvwxyz" * 2)
    outputs, found = made(tmp_path, f"# T\n\n$$ {long} $$\n", "pdf")
    assert [(d.code, d.position.line if d.position else 0) for d in found] == [("P720", 3)]
    assert outputs


@pytest.mark.parametrize(("text", "more"), [("~~$x$~~", 1), ("$x$", 0)])
def test_a_formula_is_struck_through_as_words_are(text: str, more: int, tmp_path: Path) -> None:
    outputs, _ = made(tmp_path, f"# T\n\nIs {text} so?\n", "pdf")
    with pikepdf.open(io.BytesIO(outputs[".pdf"])) as pdf:
        operators = [str(each.operator) for each in pikepdf.parse_content_stream(pdf.pages[-1])]
    assert operators.count("re") == more


def test_formulas_with_nothing_to_see_are_set(tmp_path: Path) -> None:
    text = "# T\n\nOdd: $\\!$ and $%c$ and $\\,$ and $\\phantom{x}$ and ${}$ and $'$ and $\\hspace{-3em}x$ done.\n"
    outputs, found = made(tmp_path, text, "pdf", "epub")
    assert found == ()
    assert "done." in words(outputs[".pdf"])


def test_what_cannot_be_set_stops_the_book(tmp_path: Path) -> None:
    outputs, found = made(tmp_path, "# T\n\nIs $\\foo$ so?\n", "epub")
    assert [d.code for d in found] == ["P170"]
    assert not outputs
