"""How the time grows with the text, a construct at a time: `python tests/bench/growth.py [WORD…]`.

Each row is a chapter of one construct, read and built at a size, twice and four times that: seconds for each, and by
what they grow when the text doubles. A straight line grows by 2; what grows by 4 takes the square of the text. With
WORDs, only rows that have one of them in their name. Times under a tenth of a second say little.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from postil.build import Order, build
from postil.writing import Folder

BOOK = 'title = "T"\nlanguage = "en"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n'
Text = Callable[[int], str]


def repeated(text: str) -> Text:
    """A text again and again."""
    return lambda count: text * count


def numbered(*texts: str) -> Text:
    """Texts one after the other, each again and again, with a number where they have braces."""
    return lambda count: "".join(text.replace("{}", str(number)) for text in texts for number in range(count))


def letters(count: int) -> str:
    """A word that no dictionary has."""
    return "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz", k=count))


CHECKED: Mapping[str, tuple[Text, int]] = {
    "footnotes": (numbered("word[^{}] ", "\n\n[^{}]: A note.\n"), 5_000),
    "annotations": (numbered("{==word==}[^{}] ", "\n\n[^{}]: {.gloss} A gloss.\n"), 2_500),
    "replies": (lambda n: "{==w==}[^a]\n\n[^a]: {.query} Q\n\n" + "    - {.reply} R\n" * n, 5_000),
    "comments": (repeated("{>>a<<} "), 5_000),
    "changes": (repeated("{--a--}{++b++} "), 5_000),
    "marks never closed": (repeated("{++a "), 5_000),
    "notes without a definition": (numbered("word[^{}] ", "\n\n[^x{}]: A note.\n"), 1_000),
    "citations without an entry": (numbered("[@a{}] "), 5_000),
    "references without a target": (numbered("[](#a{}) "), 5_000),
    "abbreviations": (numbered("W{} ", "\n\n*[W{}]: Word\n"), 2_500),
    "abbreviations that begin alike": (numbered("A b ", "\n\n*[A b{}]: Word\n"), 2_500),
    "link definitions": (numbered("[a{}] ", "\n\n[a{}]: https://x.org\n"), 2_500),
    "headings": (repeated("## Same\n\n"), 2_500),
    "tables": (repeated("a | b\n--|--\n1 | 2\n\nTable: C\n\n"), 1_000),
    "rows": (lambda n: "a | b\n--|--\n" + "1 | 2\n" * n, 5_000),
    "lists": (repeated("- item\n\n"), 2_500),
    "examples": (numbered("(@a{}) w (@a{})\n\n"), 1_000),
    "theorems": (numbered("::: {#thm-a{}}\n@thm-a{}\n:::\n\n"), 500),
    "numbered headings": (numbered("## Same {#sec-a{}}\n\n@sec-a{}\n\n"), 1_000),
    "pictures in chunks": (numbered('```{r a{}, fig.cap="C"}\nknitr::include_graphics("a.png")\n```\n\n'), 1_000),
    "notations of other tools": (repeated("xref:a[b] {ref}`c` {_d_} [e][f] **g `h <https://i "), 2_500),
    "fenced code": (repeated("```\ncode\n```\n\n"), 2_500),
    "backticks": (repeated("` "), 20_000),
    "HTML comments": (repeated("a <!-- b\n\n"), 2_500),
    "elements never closed": (repeated("<div>\n\n"), 1_500),
    "brackets": (repeated("["), 20_000),
    "emphasis": (repeated("*a **b "), 5_000),
    "paragraphs": (repeated("Words in a paragraph.\n\n"), 5_000),
}
PRINTED: Mapping[str, tuple[Text, int]] = {
    "a word without a break": (letters, 10_000),
    "backticks in print": (repeated("`a` "), 1_000),
    "footnotes in print": (numbered("Words of a sentence.[^{}] ", "\n\n[^{}]: A note.\n"), 100),
    "annotations in print": (numbered("Words of a {==sentence==}[^{}]. ", "\n\n[^{}]: {.gloss} A gloss.\n"), 100),
}


def seconds(folder: Path, text: str, formats: tuple[str, ...]) -> float:
    """How long it takes to check a title of one chapter, or to build it."""
    (folder / "book.toml").write_text(BOOK)
    (folder / "01.md").write_text(f"# One\n\n{text}\n")
    start = time.process_time()
    build(folder, Order("annotated", formats, Folder(folder / "out")))
    return time.process_time() - start


def measure(name: str, text: Text, size: int, formats: tuple[str, ...]) -> None:
    """Print a row."""
    with TemporaryDirectory() as folder:
        times = [seconds(Path(folder), text(size * times), formats) for times in (1, 2, 4)]
    growth = [after / before for before, after in pairwise(times)]
    print(f"{name:<32} {size:6}  " + "  ".join(f"{each:6.2f} s" for each in times), end="")
    print("   grows by " + " and ".join(f"{each:.1f}" for each in growth), flush=True)


if __name__ == "__main__":
    words = sys.argv[1:]
    tables: tuple[tuple[Mapping[str, tuple[Text, int]], tuple[str, ...]], ...] = ((CHECKED, ()), (PRINTED, ("pdf",)))
    for rows, formats in tables:
        for name, (text, size) in rows.items():
            if not words or any(word in name for word in words):
                measure(name, text, size, formats)
