"""A law: where nothing is wrong with a chapter, EPUBCheck finds nothing wrong with what it becomes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from postil import check
from postil.build import Order, build
from postil.dialect import parse
from postil.dialect.html import BLOCK, EMPTY, INLINE
from postil.document import Audience, Kind
from postil.source import Severity, Source
from postil.writing import Folder

CHAPTERS = 4000
"""Of so many chapters, most of which have something wrong, a few hundred are left."""
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9"/>'
MARKDOWN = (
    *("## ", "# ", "- ", "1. ", "iv. ", "> ", "    ", "\n", "\n\n", "\n\n", "w ", "w ", "w ", "\t", "  \n", "---\n"),
    *("*", "_", "[", "]", "(", ")", "{", "}", "|", ": ", "Table: ", "| a | b |\n|---|---|\n", "| w | w |\n"),
    *("*w*", "**w**", "`w`", "```\n", "::: {.note}\n", "::: {.verse}\n", ":::\n", "- [ ] ", "\\\n", "&nbsp;"),
    *("[w](https://x.org/[w]|w)", "<https://w.org/%zz>", "[w](#w)", "[](#w)", "![w](p.svg)", '![w](p.svg "w")'),
    *("[^1]", "[^2]", "{==w==}", "{++w++}", "{--w--}", "{>>w<<}", '[w]{.index entry="w!w"}', "{#w}", "{.wide}"),
    *("[w]{lang=ur}", "<!-- w -->", "w"), *("<em>", "</em>", "<br>", "| w\n"),
    *("(@) w\n", "(@w) w\n", "(@w)", "::: {.theorem name=w}\n", "::: {#thm-w}\n", "::: proof\n", "```{lemma, w}\n"),
    *('```{r w, fig.cap="w"}\nknitr::include_graphics("p.svg")\n```\n', "Listing: w\n", "@thm-w", "{-}"),
)  # fmt: skip
ATTRIBUTES = (
    *("", "", "", ' id="w"', ' lang="ur"', ' title="w"', ' dir="rtl"', ' start="3"', ' type="a"', ' value="4"'),
    *(" reversed", ' colspan="2"', ' rowspan="9"', ' scope="row"', ' datetime="2026-13"', ' class="note"'),
)
USUAL = ("ul", "li", "dl", "dt", "dd", "table", "tr", "td", "ruby", "rt")
GLOSS = {"gloss": Kind("gloss", "Gloss", Audience.READER)}
NOTES = "\n\n[^1]: w\n\n[^2]: {.gloss} w\n"
BOOK = """title = "T"
language = "en"
identifier = "urn:uuid:7613d2c0-4a3c-4470-b74b-481bbee21b3a"
date = 2026-11-26

[chapters]
numbered = true
"""


def html(chance: random.Random, depth: int) -> str:
    """Raw HTML that is well formed, and otherwise anything in anything."""
    if not depth or chance.random() < 0.2:
        return chance.choice(("w", "w ", " ", "", "*w*", "[w](#w)"))
    tag = chance.choice(USUAL if chance.random() < 0.5 else (*BLOCK, *INLINE))
    start = f"<{tag}{chance.choice(ATTRIBUTES)}>"
    inside = "".join(html(chance, depth - 1) for _ in range(chance.randint(0, 2)))
    return start if tag in EMPTY else f"{start}{inside}</{tag}>"


def chapter(seed: int) -> str:
    """A chapter of any signs, or of any elements; its ids are its own."""
    chance = random.Random(seed)  # noqa: S311 -- chooses signs
    if seed % 2:
        text = "\n\n".join(html(chance, 4) for _ in range(2)) + "\n"
    else:
        text = "".join(chance.choice(MARKDOWN) for _ in range(chance.randint(1, 25)))
        text += NOTES if "[^1]" in text and "[^2]" in text else "\n"
    return f"# C {seed}\n\n" + text.replace("#w", f"#w{seed}").replace("(@w", f"(@w{seed}").replace(
        "thm-w", f"thm-w{seed}"
    ).replace('id="w"', f'id="w{seed}"')


def errors(folder: Path) -> set[str]:
    """The files of a title in which something is wrong."""
    checked = build(folder, Order("annotated", (), Folder(folder / "out"), dry=True))
    return {d.position.path for d in checked.diagnostics if d.severity is Severity.ERROR and d.position}


@pytest.mark.slow
@pytest.mark.skipif(not check.EPUBCHECK.installed, reason="EPUBCheck or Java is not installed")
def test_what_has_no_errors_passes_epubcheck(tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text(BOOK, "utf-8")
    (tmp_path / "p.svg").write_text(PICTURE, "utf-8")
    for seed in range(CHAPTERS):
        text = chapter(seed)
        _, found = parse(Source("a.md", text), GLOSS)
        if all(d.severity is not Severity.ERROR for d in found):
            (tmp_path / f"{seed:04d}.md").write_text(text, "utf-8")
    while wrong := errors(tmp_path):  # what goes may be what another leads to
        for name in wrong:
            (tmp_path / name).unlink()
    assert len(list(tmp_path.glob("*.md"))) > CHAPTERS // 20
    made = build(tmp_path, Order("annotated", ("epub",), Folder(tmp_path / "out")))
    (output,) = made.outputs
    assert check.EPUBCHECK.ask("law.epub", output.path.read_bytes()) == ()
