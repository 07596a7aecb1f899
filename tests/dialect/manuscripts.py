"""A long chapter of every construct, in which each word is unique, so that its right place is known beforehand."""

import re
from itertools import count

# `w` stands for a word. Each block is repeated until the chapter is long enough.
BLOCKS = (
    "## w w {#N}",
    'w w, w *w w* w "w w," w **w** w; w (w w) w\nw _w w_ w `w w` w\'w w: w -- w.',
    'w w w [w w](https://x.org/a_b "T") w ... w.',
    "w {++w w++} w {--w--}{++w++}[^cN] w {==w *w* w==}[^qN] w\nw {~~w~>w w~~} w[^N] w {>>w w<<} w.",
    "- w w\n- w {++w++} w\n    w w\n\n    - w *w*\n    - w\n\n1. w\n2. w w",
    "> w w *w* w\n> w {==w==} w\n>\n> > w w\n> > w",
    "| w | w w |\n|---|-----|\n| w {==w | w==} | `w` |\n| *w* w | w[^N] |\nTable: w *w* w",
    "w w\n:   w w {++w++}\n    w w\n\n:   w w",
    'w [w w]{.index entry="x!y"} w [w]{lang=ur} w [@key, 23] w @key [3] w <https://x.org> w &amp; w \\* w.',
    '![w w](figures/x.svg "w *w* w"){#fig-N}',
    "::: {.epigraph}\nw w w\nw *w*\n:::",
    "    w = w(w)\n    w {++w++}",
    "```\nw w w\n  w\n```",
    '<div class="note">\n<p>w w &amp; <em>w</em></p>\n</div>',
    "w w  \nw <sub>w</sub> w ABBR w\tw 'w' w.",
    "[^N]: w w *w* w\n    w w\n\n    w w.",
    '[^qN]: {.query by="A. Editor" at=2026-11-23} w w {==w==} w\n\n    - {.reply by="B. Author"} w w\n      w *w*',
    "[^cN]: {.comment status=accepted} w w.",
    "Ж w 中文 w é w 😀 w",
)


def long_chapter(lines: int) -> tuple[str, dict[str, int]]:
    """A chapter of at least so many lines, and where each of its words stands."""
    number, words = count(1), dict[str, int]()
    made: list[str] = ["# Long\n\n*[ABBR]: An abbreviation\n\n"]
    length, height = len(made[0]), 4
    for turn in count(1):
        for block in BLOCKS:
            parts: list[str] = []
            for at, part in enumerate(split_at_words(block.replace("N", str(turn)))):
                parts.append(f"w{next(number):06d}" if at % 2 else part)
                if at % 2:
                    words[parts[-1]] = length
                length += len(parts[-1])
            made += [*parts, "\n\n"]
            length += 2
            height += block.count("\n") + 2
        if height >= lines:
            return "".join(made), words
    raise AssertionError


def split_at_words(block: str) -> list[str]:
    """What stands between the lone letters `w`, with these letters."""
    return re.split(r"(?<![A-Za-z])(w)(?![A-Za-z])", block)
