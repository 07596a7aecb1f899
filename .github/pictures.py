"""Draw the pictures of the README anew, from the title that ships: `python .github/pictures.py`.

Needs poppler (`pdftoppm`). For the pop-up it needs Chromium, Node.js, and the modules puppeteer-core and foliate-js in
the folder that NODE_PATH names; without these that picture stays as it is.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

from postil.build import Order, Stages, build, compose
from postil.pdf.book import PrintedBook
from postil.writing import Folder
from postil.xhtml import printed

HERE = Path(__file__).parent
TITLE = HERE.parent / "manuscript" / "pakistan-russia"
PAPER = (250, 250, 248)
COLOURS = 48  # enough for ink, rule and red, and small


def fullest(edition: str, out: Path, *, spread: bool) -> int:
    """The number of the page of an edition, from 1, that has most beside it; of a spread, that of its verso."""
    book, _ = compose(TITLE, Order(edition, (), Folder(out)), Stages())
    if book is None:
        sys.exit("the title cannot be read")
    made = PrintedBook(book, book.styles)
    made.set(printed(book), lambda _unit, _share: None)
    pages = [page for fragment in made.fragments for page in fragment.pages]
    notes = [len(page.beside) + len(page.foot) for page in pages]
    if not spread:
        return max(range(len(pages)), key=lambda index: notes[index]) + 1
    versos = [index for index in range(len(pages) - 1) if not pages[index].recto and notes[index] and notes[index + 1]]
    return max(versos, key=lambda index: notes[index] + notes[index + 1]) + 1


def drawn(pdf: Path, page: int, resolution: int) -> Image.Image:
    """A page as a picture."""
    command = ["pdftoppm", "-png", "-r", str(resolution), "-f", str(page), "-l", str(page), str(pdf)]
    return Image.open(io.BytesIO(subprocess.run(command, capture_output=True, check=True).stdout)).convert("RGB")


def save(picture: Image.Image, name: str) -> None:
    """Write a picture with few colours, in a line of grey."""
    framed = ImageOps.expand(picture, 1, (205, 205, 200))
    framed.quantize(COLOURS, dither=Image.Dither.NONE).save(HERE / name, optimize=True)
    print(f"{name}: {(HERE / name).stat().st_size / 1000:.0f} kB")


def pop_up(epub: Path, out: Path) -> None:
    """An annotation as a reading system pops it up."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    modules = Path(os.environ.get("NODE_PATH") or "node_modules").resolve()
    if not chromium or not (modules / "foliate-js").is_dir():
        print("pop-up.png stays as it is: Chromium or foliate-js is missing")
        return
    picture = out / "pop-up.png"
    subprocess.run(["node", str(HERE / "pop-up.mjs"), str(modules), chromium, str(epub), str(picture)], check=True)
    save(Image.open(picture).convert("RGB"), "pop-up.png")


def main() -> None:
    """Make the books, then the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        made = {
            (edition, output.path.suffix): output.path
            for edition, formats in (("annotated", ("pdf", "epub")), ("proof", ("pdf",)))
            for output in build(TITLE, Order(edition, formats, Folder(out))).outputs
        }
        verso = fullest("annotated", out, spread=True)
        left, right = (drawn(made["annotated", ".pdf"], page, 88) for page in (verso, verso + 1))
        spread = Image.new("RGB", (left.width + right.width, left.height), PAPER)
        spread.paste(left, (0, 0))
        spread.paste(right, (left.width, 0))
        save(spread, "spread.png")
        proof = drawn(made["proof", ".pdf"], fullest("proof", out, spread=False), 88)
        save(proof.crop((0, 0, proof.width, proof.height * 3 // 5)), "proof.png")
        pop_up(made["annotated", ".epub"], out)


if __name__ == "__main__":
    main()
