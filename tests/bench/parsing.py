"""How long the dialect takes, beside Python-Markdown alone with the same extensions: `python tests/bench/parsing.py`.

Prose without a mark may cost 1.5 times what Python-Markdown takes for it.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import markdown

sys.path.insert(0, str(Path(__file__).parent.parent / "dialect"))

from manuscripts import long_chapter
from test_dialect_cases import KINDS

from postil.dialect import parse
from postil.source import Source

EXTENSIONS = ["tables", "def_list", "attr_list", "abbr", "smarty", "sane_lists", "fenced_code"]
PROSE = (
    'It was, as *everybody* said, "the best of all worlds", and nobody -- least of all the author -- had reason to\n'
    "doubt it; the harbour, the market and the **old quarter** lay as they did in the '90s, and the road went on.\n"
)


def seconds(work: Callable[[], object]) -> float:
    """The best of five."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def compare(name: str, text: str) -> None:
    ours = seconds(lambda: parse(Source("a.md", text), KINDS))
    theirs = seconds(lambda: markdown.markdown(text, extensions=EXTENSIONS))
    lines = text.count("\n")
    print(f"{name:<28} {lines:5} lines  {ours:6.3f} s  Python-Markdown {theirs:6.3f} s  ratio {ours / theirs:.2f}")


if __name__ == "__main__":
    compare("prose without a mark", "\n".join([PROSE] * 1000))
    compare("prose in one line", PROSE.replace("\n", " "))
    compare("every construct", long_chapter(3000)[0])
