"""How a build compares with WeasyPrint by itself on one HTML of the same content.

    python tests/bench/books.py              # a synthetic book of about 200 pages, and the title that ships
    python tests/bench/books.py --pages 500

Everything runs on one core, each thing in a process of its own, in one run; what counts are the ratios. The bare run
gets the parts of the printed book as one HTML, whose contents and page references are `target-counter`s, and which has
its annotations as floats in the margin. Pandoc's time is measured apart and left out of the ratio.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "manuscript/pakistan-russia"
WORDS = (
    "the a of and in that it was for on are with as his they be at one have this from by hot word but what some we "
    "can out other were all your when up use how said an each she which their time will way about many then them "
    "write would like these her long make thing see him two has look more day could go come did number sound no most "
    "people my over know water than call first who may down side been now find embassy frontier ministry agreement "
    "delegation steel ambassador visit protocol pipeline resolution neutrality ceasefire declaration"
).split()
WORDS_A_PAGE = 330


def synthetic(folder: Path, pages: int) -> None:
    """A title of about so many pages: per page an annotation or two, a note, a citation, and now and then a table."""
    random.seed(pages)
    chapters = max(1, pages // 16)
    folder.mkdir(parents=True)
    (folder / "book.toml").write_text(
        'title = "A Synthetic Book"\nlanguage = "en-GB"\nidentifier = "urn:uuid:5b0f4a34-9a4f-4f0e-8f1e-000000000000"\n'
        'date = 2026-01-01\n[[contributor]]\nname = "Nobody"\nsort = "Nobody"\nrole = "aut"\n'
        '[bibliography]\nsources = ["references.bib"]\n[print]\nopenings = "recto"\n'
    )
    (folder / "references.bib").write_text(
        "\n".join(
            f"@book{{work{n}, author = {{Author{n}, A.}}, title = {{The Book of {n}}}, publisher = {{Press}}, "
            f"year = {{{1900 + n}}}}}"
            for n in range(60)
        )
    )
    for chapter in range(chapters):
        (folder / f"{chapter:03}.md").write_text(_chapter(chapter, pages * WORDS_A_PAGE // chapters))


def _sentence(length: int) -> str:
    return " ".join(random.choices(WORDS, k=length)).capitalize()


def _chapter(number: int, words: int) -> str:
    blocks = [f"# Chapter {number + 1} {{#chapter-{number}}}"]
    definitions: list[str] = []
    written = 0
    while written < words:
        mark = len(definitions) // 2
        lemma = _sentence(3).lower()
        block = (
            f"{_sentence(24)}, {{=={lemma}==}}[^a{mark}] {_sentence(18).lower()}.[@work{random.randrange(60)}, 12] "
            f"{_sentence(20)}; *{_sentence(3).lower()}* {_sentence(22).lower()}.[^n{mark}] {_sentence(30)}, as in "
            f"[](#chapter-{max(0, number - 1)}){{.page}}."
        )
        definitions.append(f"[^a{mark}]: {{.gloss}} {_sentence(random.randrange(12, 45))}.")
        definitions.append(f"[^n{mark}]: {_sentence(20)}.")
        blocks.append(block)
        if mark % 12 == 11:
            rows = "\n".join(f"| {_sentence(2)} | {_sentence(4)} | {n} |" for n in range(6))
            blocks.append(f"| One | Two | Three |\n| --- | --- | --- |\n{rows}\n\nTable: {_sentence(4)}")
        written += 125
    return "\n\n".join([*blocks, *definitions]) + "\n"


def postil(folder: Path, out: Path) -> None:
    """Build both formats, and say what each stage took."""
    from postil.build import Order, build
    from postil.writing import Folder

    start = time.process_time()
    outcome = build(folder, Order("annotated", ("pdf", "epub"), Folder(out)))
    print("cpu", time.process_time() - start)
    errors = [diagnostic for diagnostic in outcome.diagnostics if diagnostic.severity == "error"]
    if errors:
        sys.exit(f"{len(errors)} errors, the first: {errors[0]}")
    print("pages", next(output.pages for output in outcome.outputs if output.pages))
    for stage, seconds in outcome.timings.items():
        print(stage, seconds)


def bare(folder: Path, out: Path) -> None:
    """WeasyPrint by itself, on the same content: what somebody would write who has only that."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    from postil import xhtml
    from postil.build import Order, Stages, compose
    from postil.fonts import Shelf
    from postil.pdf.boxes import BASE
    from postil.pdf.resources import Fetcher
    from postil.writing import Folder

    book, _ = compose(folder, Order("annotated", ("pdf",), Folder(out)), Stages())
    if book is None:
        sys.exit("the title cannot be read")
    markup = "".join(xhtml.written([part.section]) for part in xhtml.printed(book))
    markup = re.sub(r'<span class="folio" data-page-of=".*?">000</span>', "", markup)
    markup = re.sub(r'(data-page-of="[^"]*"[^>]*>)000</a>', r"\1</a>", markup)
    # in HTML an aside would end its paragraph, and so would a paragraph in a note
    markup = re.sub(r"<(/?)aside", r"<\1span", markup)
    markup = re.sub(r'(<span class="annotation[^>]*>)<p>(.*?)</p>', r"\1<span>\2</span>", markup)
    sheets = book.styles
    css = "".join(sheets[name].text for name in book.edition.styles("pdf") if name in sheets) + BARE_STYLE
    trim = book.title.editions["annotated"].trim
    html = f'<html lang="{book.title.language}" class="annotated trim-{trim}"><title>Bare</title><body>{markup}</body>'
    fetcher, fonts = Fetcher(book.images, sheets, Shelf(book.fonts)), FontConfiguration()
    start = time.process_time()
    document = weasyprint.HTML(string=html, base_url=BASE, url_fetcher=fetcher).render(
        font_config=fonts,
        stylesheets=[weasyprint.CSS(string=css, base_url=BASE, url_fetcher=fetcher, font_config=fonts)],
        pdf_variant="pdf/ua-1",
    )
    document.write_pdf(out / "bare.pdf", pdf_variant="pdf/ua-1")
    print("cpu", time.process_time() - start)
    print("pages", len(document.pages))


BARE_STYLE = """
.annotation { float: right; clear: right; width: 106pt; margin-right: -120pt; position: static }
.contents a::after, .page-number::after { content: target-counter(attr(href), page) }
.part { break-before: page }
h1 { string-set: head content() }
@page { @bottom-center { content: counter(page) } }
"""


# --- the comparison -------------------------------------------------------------------------------------------------


def measured(what: str, folder: Path, out: Path) -> tuple[dict[str, float], float]:
    """The figures that a run printed, and its peak memory in MB."""
    command = [sys.executable, __file__, "--run", what, "--folder", str(folder), "--out", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = process.stdout.read().splitlines()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{what} failed")
    return {line.split()[0]: float(line.split()[1]) for line in lines}, usage.ru_maxrss / 1024


def compare(name: str, folder: Path, out: Path) -> None:
    """One title, built by Postil and by WeasyPrint alone."""
    ours, memory = measured("postil", folder, out)
    alone, memory_alone = measured("bare", folder, out)
    cpu, pages = ours.pop("cpu"), ours.pop("pages")
    print(f"\n{name}, {pages:.0f} pages (by WeasyPrint alone {alone['pages']:.0f})")
    print(f"  processor time  {cpu:7.2f} s, alone {alone['cpu']:.2f} s: {cpu / alone['cpu']:.2f}")
    print(f"  peak memory     {memory:7.0f} MB, alone {memory_alone:.0f} MB: {memory / memory_alone:.2f}")
    for stage, seconds in ours.items():
        print(f"    {stage:<12}  {seconds:7.2f} s")


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200, help="of the synthetic book")
    parser.add_argument("--run", choices=("postil", "bare"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        {"postil": postil, "bare": bare}[arguments.run](arguments.folder, arguments.out)
        return
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {0})
    with tempfile.TemporaryDirectory() as scratch:
        book = Path(scratch, "synthetic")
        synthetic(book, arguments.pages)
        compare("the title that ships", SHIPPED, Path(scratch))
        compare("a synthetic book", book, Path(scratch))


if __name__ == "__main__":
    main()
