"""Measures the time that a PDF takes against bare WeasyPrint on one HTML document of the same content.

The bare document sets its annotations as floats beside the text and its page numbers with `target-counter`, as a user
of WeasyPrint would. Both take turns within one run, on processor time.

    python tests/bench/pdf_layout.py [CHAPTERS …]
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import fontpkg
import weasyprint
from weasyprint.text.fonts import FontConfiguration

sys.path.insert(0, str(Path(__file__).parents[1] / "pdf"))
import essay

from postil import pdf
from postil.document import Book, Part

BARE = """
.annotation { float: right; clear: right; width: 106pt; margin-right: -120pt; position: static }
.annotation.kind-none { float: none }
.contents a::after, .page-number::after { content: target-counter(attr(href), page) }
.part { break-before: page }
@page { @bottom-center { content: counter(page) } @top-left { content: string(chapter) } }
h1 { string-set: chapter content() }
"""


def bare(book: Book, parts: list[Part]) -> tuple[float, int]:
    """Processor seconds and pages of the same content in one document."""
    css = "".join(essay.STYLES[name] for name in pdf.style_names(book))
    for family in ("source-serif-4", "source-sans-3"):
        for style in ("normal", "italic"):
            css = css.replace(f"font:{family}/{style}", fontpkg.path(family, style=style).as_uri())
    markup = "".join(part.markup for part in parts)
    markup = re.sub(r'<span class="folio" data-page-of=".*?">000</span>', "", markup)
    markup = re.sub(r'data-page-of=".*?">000</a>', "></a>", markup)
    # an HTML parser ends a paragraph at an aside
    markup = re.sub(r"<(/?)aside", r"<\1span", markup)
    markup = re.sub(r"(<span class=\"annotation.*?>)<p>(.*?)</p>", r"\1<span>\2</span>", markup)
    trim = book.title.editions[book.edition].trim
    html = f'<html lang="en-GB" class="{book.edition} trim-{trim}"><title>Bare</title><body>{markup}</body></html>'
    base = essay.STYLES_FOLDER.as_uri() + "/"
    start = time.process_time()
    fonts = FontConfiguration()
    document = weasyprint.HTML(string=html, base_url=base).render(
        font_config=fonts,
        stylesheets=[weasyprint.CSS(string=css + BARE, base_url=base, font_config=fonts)],
        pdf_variant="pdf/ua-1",
    )
    document.write_pdf(pdf_variant="pdf/ua-1")
    return time.process_time() - start, len(document.pages)


def main(sizes: list[int]) -> None:
    """Print a line for each size."""
    for chapters in sizes:
        book, parts = essay.book(), essay.essay(chapters=chapters)
        start = time.process_time()
        printed = pdf.render(book, parts, essay.STYLES)
        own = time.process_time() - start
        seconds, pages = bare(book, parts)
        print(f"{printed.pages} pages in {own:.1f} s; bare {pages} pages in {seconds:.1f} s; ratio {own / seconds:.2f}")
        for timing in printed.timings:
            if timing.pages > 1:
                print("   ", timing)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [10, 60])
