"""How setting citations compares with pandoc by itself over the same references.

    python tests/bench/citations.py          # 500 references, 1,000 citations, each style three times

Cold, nothing kept from before: Postil's `format_citations` (references in memory to notes in memory) beside pandoc on
the very JSON and style that Postil hands to it. Then again with the answers kept and no citation changed. What counts
are the ratios, of the CPU time of the best of the runs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pypandoc

from postil.bibliography import Entry, Stream, format_citations, load, named, pandoc
from postil.document import Citation, Cite
from postil.source import Source, Span

STYLES = ("chicago-notes-bibliography", "chicago-notes-bibliography-subsequent-ibid", "apa", "nlm-citation-sequence")
WORDS = "war peace river treaty empire frontier steel harvest memory crown market language border archive law".split()


def references(count: int) -> str:
    """A CSL-JSON file of books and articles."""
    people = [{"family": f"{word.title()}son", "given": "A. B."} for word in WORDS]
    items = []
    for number in range(count):
        item: dict[str, object] = {
            "id": f"work{number}",
            "type": random.choice(("book", "article-journal")),
            "title": f"The {random.choice(WORDS)} and the {random.choice(WORDS)}: A study of {number}",
            "author": random.sample(people, random.randrange(1, 4)),
            "issued": {"date-parts": [[1900 + number % 120]]},
        }
        if item["type"] == "book":
            item |= {"publisher": "Press"}
        else:
            item |= {"container-title": "Journal of Work", "volume": str(number), "page": "10-20"}
        items.append(item)
    return json.dumps(items)


def stream(works: int, citations: int) -> Stream:
    """Footnotes that each cite one work, all of them at least once."""
    keys = [f"work{number}" for number in range(works)] + [f"work{random.randrange(works)}" for _ in range(citations)]
    random.shuffle(keys)
    cites = [Cite(key, locator=str(random.randrange(1, 400))) for key in keys[:citations]]
    made = (Citation((one,), in_text=False, span=Span(n, n)) for n, one in enumerate(cites))
    return Stream(tuple(Entry(((str(n), one),), generated=True) for n, one in enumerate(made)))


def handed_over(call: Callable[[], object]) -> tuple[Sequence[str], str, Mapping[str, bytes]]:
    """What pandoc gets in a call: its arguments, its input, and the files that it sees."""
    asked: list[tuple[Sequence[str], str, Mapping[str, bytes]]] = []
    run = pandoc.run

    def watched(
        arguments: Sequence[str], text: str, files: Mapping[str, bytes], cache: Path | None, seconds: float = 60
    ) -> str:
        asked.append((arguments, text, files))
        return run(arguments, text, files, cache, seconds)

    pandoc.run = watched
    try:
        call()
    finally:
        pandoc.run = run
    return asked[0]


def best(runs: int, *measured: Callable[[], object]) -> list[float]:
    """The CPU seconds that the fastest run of each takes, those of its processes included; they run in turn."""
    times: list[list[float]] = [[] for _ in measured]
    for _ in range(runs):
        for each, taken in zip(measured, times, strict=True):
            start = sum(os.times()[:4])
            each()
            taken.append(sum(os.times()[:4]) - start)
    return [min(taken) for taken in times]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--works", type=int, default=500)
    parser.add_argument("--citations", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    random.seed(1)
    works, _ = load([Source("works.json", references(options.works))], None)
    cited = stream(options.works, options.citations)
    for name in STYLES:
        style, _ = named(name)
        if style is None:
            continue
        arguments, text, files = handed_over(lambda: format_citations(cited, works, style, "en-US", None))  # noqa: B023 -- called at once
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
            for path, data in files.items():
                Path(folder, path).write_bytes(data)
            command = (pypandoc.get_pandoc_path(), *arguments)
            format_citations(cited, works, style, "en-US", Path(cache))
            bare, cold, again = best(
                options.runs,
                lambda: subprocess.run(command, input=text.encode(), capture_output=True, cwd=folder, check=True),  # noqa: B023 -- called at once
                lambda: format_citations(cited, works, style, "en-US", None),  # noqa: B023 -- called at once
                lambda: format_citations(cited, works, style, "en-US", Path(cache)),  # noqa: B023 -- called at once
            )
        print(
            f"{name}: pandoc {bare:.2f} s, Postil {cold:.2f} s, ratio {cold / bare:.2f}; "
            f"nothing changed {again:.3f} s, ratio {again / bare:.3f}"
        )


if __name__ == "__main__":
    main()
