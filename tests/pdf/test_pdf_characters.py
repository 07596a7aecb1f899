"""What print cannot show is known beforehand, by its place, and a page shows what is not said to be missing."""

from __future__ import annotations

import random
import re
import unicodedata
from html import escape
from pathlib import Path
from typing import Any

import essay
import pytest

from postil import pdf
from postil.build import Order, Stages, build, compose
from postil.characters import Passage, lacking
from postil.pdf.boxes import Engine, Layouter
from postil.pdf.composition import Document
from postil.source import Diagnostic, Position
from postil.writing import Folder

BOOK = 'title = "T"\nlanguage = "en"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n'
FONTS = pdf.characters(essay.book(), essay.STYLES)
HERE = Position("a.md")


def missing(words: str, fonts: tuple[frozenset[str], ...] = FONTS) -> list[str]:
    return [d.message for d in lacking([Passage(words, lambda _: HERE)], fonts, "P704", lambda _: "")]


def sample(number: int) -> list[str]:
    """Characters of every category."""
    by_category: dict[str, list[str]] = {}
    for point in range(0x20, 0x30000):
        category = unicodedata.category(chr(point))
        if category not in {"Cs", "Co", "Cn", "Cc"}:
            by_category.setdefault(category, []).append(chr(point))
    chosen = random.Random(number)  # noqa: S311 -- a sample
    return [sign for signs in by_category.values() for sign in chosen.sample(signs, min(30, len(signs)))]


@pytest.mark.parametrize("number", [1, 2])
def test_what_is_said_to_be_missing_is_what_a_page_cannot_show(number: int) -> None:
    signs = sample(number)
    said = {sign for sign in signs if missing(f"a{sign}b")}
    inside = "".join(f"<p>a{escape(sign)}b</p>" for sign in signs)
    result = pdf.render(essay.book(), [essay.headed("x", "chapter", "body", "page", "X", inside)], essay.STYLES)
    shown = {chr(int(found[1], 16)) for d in result.diagnostics if (found := re.search(r"\(U\+(\w+)\)", d.message))}
    assert said - shown == set(), "false alarms"
    # for these it depends on the font around them whether they are drawn from their parts
    assert {sign for sign in shown - said if unicodedata.normalize("NFD", sign) == sign} <= set("\u2028\u0890\u0891")


def test_a_letter_is_drawn_from_its_parts_if_one_font_has_them() -> None:
    assert missing("\u1e69", (frozenset("s\u0323\u0307"),)) == []
    assert missing("\u1e69", (frozenset("s\u0323"), frozenset("\u0307")))
    assert missing("e\u0301", (frozenset("e\u00e9"),)) == []
    assert missing("x\u0301", (frozenset("x\u00e9"),))


def test_what_is_not_drawn_is_not_missed() -> None:
    assert missing("a\u00ad\u200d\u2060\ufe0f\u2003\u00a0\u2011\t\nb", (frozenset("ab\u2010"),)) == []


def test_there_is_one_message_for_a_script() -> None:
    hebrew, han, sign = missing("a שלום b 字 c שלום \U0001f600", (frozenset("abc"),))
    assert hebrew.startswith("no font of the book has the Hebrew characters 'ש' (U+05E9), 'ל' (U+05DC), 'ו' (U+05D5)")
    assert hebrew.endswith("'ם' (U+05DD), which stand here and in 7 other places")
    assert han == "no font of the book has the Han character '字' (U+5B57)"
    assert sign == "no font of the book has the character '\U0001f600' (U+1F600)"
    [many] = missing("אבגדהוז", (frozenset(),))
    assert "'ה' (U+05D4), 2 more, which stand here and in 6 other places" in many


# --- places ------------------------------------------------------------------------------------------------------


def title(folder: Path, **files: str) -> Path:
    """A title of these files: `r_bib` is `r.bib`, and `styles_print_css` is `styles/print.css`."""
    for name, text in {"book_toml": BOOK, "c01_md": "# One\n\nWords.\n", **files}.items():
        path = folder / name.removeprefix("c").replace("styles_", "styles/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def checked(folder: Path, *formats: str) -> list[str]:
    found = build(folder, Order("annotated", formats, Folder(folder / "out"))).diagnostics
    return [place(d) for d in found if d.code in {"P702", "P703", "P704", "P708", "P823"}]


def place(diagnostic: Diagnostic) -> str:
    at = diagnostic.position
    return f"{at.path}:{at.line}:{at.column} {diagnostic.code}" if at else f"nowhere {diagnostic.code}"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"c01_md": "# One\n\nA *字* b.\n"}, "01.md:3:4"),
        ({"c01_md": "# 字\n\nA.\n"}, "01.md:1:3"),
        ({"c01_md": "# One\n\nA[^1].\n\n[^1]: A\n    字.\n"}, "01.md:6:5"),
        ({"c01_md": "# One\n\nA[^a].\n\n[^a]: {.gloss} A 字.\n"}, "01.md:5:18"),
        ({"c01_md": '# One\n\nA[^a].\n\n[^a]: {.gloss by="字"} A.\n'}, "01.md:5:1"),
        ({"c01_md": "# One\n\n```\na\n字\n```\n"}, "01.md:5:1"),
        ({"c01_md": "# One\n\na | b\n--|--\n1 | 字\n"}, "01.md:5:5"),
        ({"book_toml": BOOK.replace('"T"', '"字"')}, "book.toml:1:1"),
        ({"book_toml": BOOK + '[[contributor]]\nname = "字"\n'}, "book.toml:6:1"),
        (
            {
                "book_toml": BOOK + '[bibliography]\nsources = ["r.bib"]\n',
                "r_bib": "@book{a, author={A B}, publisher={P}, year={2000},\n  title={字}}\n",
                "c01_md": "# One\n\nA.[@a]\n",
            },
            "r.bib:2:3",
        ),
    ],
)
def test_a_character_that_no_font_has_is_placed_by_a_check(
    tmp_path: Path, files: dict[str, str], expected: str
) -> None:
    folder = title(tmp_path, **files)
    assert checked(folder) == [f"{expected} P704"]
    assert checked(folder, "pdf", "epub") == [f"{expected} P704"]
    assert checked(folder, "epub") == [f"{expected} P823"]
    assert [path.suffix for path in (folder / "out").rglob("*annotated*")] == [".epub"]


def test_a_title_may_name_a_font_that_has_it(tmp_path: Path) -> None:
    css = '@font-face { font-family: "A"; src: url("font:amiri/normal") }\nbody { font-family: "A" }\n'
    folder = title(tmp_path, c01_md="# One\n\nع\n", styles_print_css=css)
    assert checked(folder) == []


HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'


def test_a_drawing_that_cannot_be_drawn_is_placed_by_a_check(tmp_path: Path) -> None:
    (tmp_path / "good.svg").write_text(f'{HEAD}<rect width="5" height="5"/></svg>')
    (tmp_path / "bad one.svg").write_text(f'{HEAD}<rect width="5" height="5" opacity="thin"/></svg>')
    shown = "# One\n\n![Good](good.svg)\n\nWords.\n\n![Bad](<bad one.svg>)\n\n![Bad](<bad one.svg>)\n"
    folder = title(tmp_path, c01_md=shown)
    assert checked(folder) == ["01.md:7:1 P702"]
    assert checked(folder, "pdf") == ["01.md:7:1 P702"]


def test_a_style_sheet_is_placed_by_a_check(tmp_path: Path) -> None:
    css = "p { color: red;\n  colour: red }\n\na:b:c::d { color: red }\n"
    folder = title(tmp_path, styles_print_css=css)
    expected = ["styles/print.css:2:3 P703", "styles/print.css:4:1 P703"]
    assert checked(folder) == expected
    assert checked(folder, "pdf") == expected


def test_a_block_that_cannot_be_laid_out_is_placed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "# One\n\nWords.\n\nA {==word==}[^a].\n\n> Break here.\n\nWords.\n\n[^a]: {.gloss} A gloss.\n"
    folder = title(tmp_path, c01_md=text)
    begun = Engine.begin

    def begin(engine: Engine, document: Document, **more: Any) -> Layouter:
        if "Break here" in "".join(document.root.itertext()):
            raise ValueError("broken")
        return begun(engine, document, **more)

    monkeypatch.setattr(Engine, "begin", begin)
    for dry in (False, True):
        found = build(folder, Order("annotated", ("pdf",), Folder(folder / "out"), dry=dry)).diagnostics
        assert [place(d) for d in found] == ["01.md:7:1 P701"]


def test_a_dry_order_writes_nothing(tmp_path: Path) -> None:
    outcome = build(title(tmp_path), Order("annotated", ("pdf", "epub"), Folder(tmp_path / "out"), dry=True))
    assert (outcome.outputs, outcome.layouts != ()) == ((), True)
    assert not (tmp_path / "out").exists()


# --- every block in every box ------------------------------------------------------------------------------------

BLOCKS = {
    "list": "- one\n- two",
    "numbers": "1. one\n2. two",
    "nested": "- one\n\n    - two\n\n        > three",
    "terms": "term\n:   its meaning",
    "quotation": "> words",
    "code": "```\ncode()\n```",
    "table": "a | b\n--|--\n1 | 2",
    "html": "<ul><li>one</li></ul>",
    "rule": "---",
    "verse": "::: {.verse}\none\ntwo\n:::",
    "picture": "![Alt](a.svg)",
}
LONG = "word " * 100


@pytest.mark.slow
@pytest.mark.parametrize("name", BLOCKS)
@pytest.mark.parametrize("edition", ["annotated", "proof"])
def test_every_block_can_stand_in_every_box(tmp_path: Path, name: str, edition: str) -> None:
    (tmp_path / "a.svg").write_text(f'{HEAD}<rect width="5" height="5"/></svg>')
    block = "\n".join(f"    {line}" if line else line for line in BLOCKS[name].split("\n"))
    notes = {
        "margin": "{.gloss} Words:",
        "bare": "{.gloss}",
        "foot": f"{{.gloss}} {LONG}",
        "commentary": f"{{.gloss}} {LONG * 3}",
        "note": "Words:",
        "query": "{.query} Words:",
    }
    calls = "\n\n".join(f"{LONG} {{==lemma==}}[^{each}]" for each in notes)
    text = "\n\n".join(f"[^{each}]: {lead}\n\n{block}" for each, lead in notes.items())
    folder = title(tmp_path, c01_md=f"# One\n\n{calls.replace('{==lemma==}[^note]', 'word[^note]')}\n\n{text}\n")
    outcome = build(folder, Order(edition, ("pdf",), Folder(folder / "out")))
    assert [(d.code, d.message) for d in outcome.diagnostics if d.severity == "error"] == []
    assert len(outcome.outputs) == 1


def test_no_fixture_has_a_false_alarm(answers: Folder) -> None:
    for folder in sorted(path.parent for path in (Path(__file__).parents[1] / "books").glob("*/book.toml")):
        _, found = compose(folder, Order("annotated", (), answers), Stages())
        assert [d for d in found if d.code == "P704"] == []
