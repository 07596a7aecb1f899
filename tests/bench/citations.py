"""How much setting citations adds to pandoc's own time for them.

    python tests/bench/citations.py          # 500 references, 1,000 citations, each style five times

Cold, nothing kept from before: `format_citations`, references in memory to notes in memory, of which the CPU time of
pandoc, over the JSON that it is handed, is told apart from Postil's own in the same run. Then again with the answers
kept and no citation changed. The medians are shown.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from postil.bibliography import Entry, Stream
from postil.bibliography.citing.format import format_citations
from postil.bibliography.library import load_references
from postil.bibliography.style.shipped import named
from postil.document import Citation, Cite
from postil.garbage import collecting_rarely
from postil.source import Source, Span
from postil.store import Store
from postil.writing import Folder

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


def own_and_pandoc(call: Callable[[], object]) -> tuple[float, float]:
    """The CPU seconds that a call takes itself, and those of the pandoc that it runs."""
    before = os.times()
    call()
    after = os.times()
    return after.user + after.system - before.user - before.system, (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--works", type=int, default=500)
    parser.add_argument("--citations", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    random.seed(1)
    works, _ = load_references([Source("works.json", references(options.works))], None)
    cited = stream(options.works, options.citations)
    for name in STYLES:
        style, _ = named(name)
        if style is None:
            continue
        # the garbage collector is held back, as in a build
        with tempfile.TemporaryDirectory() as folder, collecting_rarely():
            runs = [
                own_and_pandoc(lambda: format_citations(cited, works, style, "en-US", None))  # noqa: B023 -- called at once
                for _ in range(options.runs)
            ]
            format_citations(cited, works, style, "en-US", Store(Folder(Path(folder))))
            again = median(
                own_and_pandoc(lambda: format_citations(cited, works, style, "en-US", Store(Folder(Path(folder)))))[0]  # noqa: B023 -- called at once
                for _ in range(options.runs)
            )
        ratio = median((own + pandoc) / pandoc for own, pandoc in runs)
        own, pandoc = (median(taken) for taken in zip(*runs, strict=True))
        print(f"{name}: pandoc {pandoc:.2f} s, own {own:.2f} s, ratio {ratio:.2f}; nothing changed {again:.2f} s")


if __name__ == "__main__":
    main()
