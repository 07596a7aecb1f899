"""The TeX of a formula made ready for pandoc, and what of it no output would show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from postil.document import Text

LONGEST: Final = 10_000
"""How many characters a formula may have."""
DEEPEST: Final = 32
"""How deep its braces may stand in one another."""
DEEPEST_SCRIPT: Final = 8
"""How deep its sub- and superscripts may: the time that pandoc takes doubles with each."""

_TOKEN: Final = re.compile(
    r"""(?P<comment>%[^\n]*\n?) | (?P<command>\\(?:(?:begin|end)\{dcases\} | [A-Za-z]+\*? | .))
    | (?P<open>\{) | (?P<close>\})""",
    re.VERBOSE | re.DOTALL,
)
_SCRIPT: Final = re.compile(r"[\^_]\s*\Z")
_ARRAY: Final = re.compile(r"\\begin\{array\}(?:\[[tbc]\])?\{(?P<columns>[^{}]*)\}")
_OLD_FONT: Final = re.compile(r"\{\\(?P<font>rm|bf|it|sf|tt|cal)(?![A-Za-z])\s*(?P<words>[^{}\\]*)\}")

_UNBRACED: Final = re.compile(
    r"\\(?:sqrt|[dt]?frac|binom|hat|bar|tilde|vec|d?dot|widehat|widetilde|over(?:line|brace)|under(?:line|brace))\s*"
    r"(?P<inner>\\(?:sqrt|[dt]?frac|binom|over(?:line|brace)|under(?:line|brace)|begin|left)(?![A-Za-z]))"
)

_MEANT: Final[Mapping[str, str]] = {
    r"\cfrac": r"\dfrac",
    r"\limsup": r"\operatorname*{lim\,sup}",
    r"\liminf": r"\operatorname*{lim\,inf}",
    r"\degree": r"{^\circ}",
    r"\notag": "",
    r"\nonumber": "",
    r"\strut": "",
    r"\mathstrut": "",
    r"\allowbreak": "",
    r"\enspace": r"\hspace{0.5em}",
    r"\thinspace": r"\,",
    r"\negthinspace": r"\!",
    r"\medspace": r"\:",
    r"\thickspace": r"\;",
    r"\hspace*": r"\hspace",
    r"\enskip": r"\hspace{0.5em}",
    r"\relax": "",
    r"\vcentcolon": ":",
    r"\ldotp": ".",
    r"\thicksim": r"\sim",
    r"\thickapprox": r"\approx",
    r"\varliminf": r"\operatorname*{\underline{lim}}",
    r"\varlimsup": r"\operatorname*{\overline{lim}}",
    r"\dbinom": r"\binom",
    r"\tbinom": r"\binom",
    r"\mathbbm": r"\mathbb",
    r"\mathnormal": "",
    r"\hphantom": r"\phantom",
    r"\S": r"\text{§}",
    r"\P": r"\text{¶}",
    r"\begin{dcases}": r"\begin{cases}",
    r"\end{dcases}": r"\end{cases}",
    # pandoc makes bold italics of \mathbf; `conversion` makes upright ones of these
    r"\mathbf": r"\mathbfsfup",
}
"""What pandoc does not read as LaTeX does, or not at all, and what it reads instead."""

_LOST: Final[Mapping[str, str]] = {
    r"\color": "delete it: maths is set in the colour of the text",
    r"\textcolor": "delete it: maths is set in the colour of the text",
    r"\tag": "delete it, and write {#eq:name} behind the formula, which then has a number",
    r"\tag*": "delete it, and write {#eq:name} behind the formula, which then has a number",
    r"\label": "delete it, and write {#eq:name} behind the formula",
    r"\hline": "delete it, or make a table of the array",
    r"\cline": "delete it, or make a table of the array",
    r"\hdashline": "delete it, or make a table of the array",
}
"""The commands that pandoc passes over, or that ask for what no output has, and what to do about each."""


class Fault(NamedTuple):
    """What is wrong with the TeX of a formula, from one index up to another: a code, words, and what to do."""

    start: int
    end: int
    code: str
    message: str
    hint: str


def faults(tex: str) -> Iterator[Fault]:  # noqa: C901 -- one case a token
    """What of a formula would be lost, and what of it takes too long to read."""
    if len(tex) > LONGEST:
        hint = f"make several of it: one has at most {LONGEST:,} characters"
        yield Fault(0, 1, "P175", f"this formula has {len(tex):,} characters", hint)
        return
    open_: list[tuple[int, bool]] = []  # where braces are open, and whether a script begins with each
    fences: list[int] = []  # where `\left` waits for its `\right`
    scripts = before = 0  # how many of the scripts are open, and where the token before ends
    for token in _TOKEN.finditer(tex):
        match token.lastgroup:
            case "open":
                is_script = _SCRIPT.search(tex, before, token.start()) is not None
                open_.append((token.start(), is_script))
                scripts += is_script
                if len(open_) > DEEPEST or scripts > DEEPEST_SCRIPT:
                    yield Fault(*token.span(), "P175", "this formula is nested too deep", "make several of it")
                    return
            case "close" if open_:
                scripts -= open_.pop()[1]
            case "command" if token.group() in _LOST:
                message = f"'{token.group()}' would have no effect"
                yield Fault(*token.span(), "P174", message, _LOST[token.group()])
            case "command" if token.group() == r"\left":
                fences.append(token.start())
            case "command" if token.group() == r"\right" and fences:
                fences.pop()
        before = token.end()
    for start in fences:
        hint = "end it with '\\right' and a sign, or with '\\right.' for none"
        yield Fault(start, start + 5, "P170", "'\\left' is never closed", hint)
    for bare in _UNBRACED.finditer(tex):  # LaTeX refuses this, too
        hint = f"put braces around it and what belongs to it: '{{{bare['inner']}…}}'"
        yield Fault(*bare.span("inner"), "P170", f"'{bare['inner']}' needs braces around it here", hint)
    for array in _ARRAY.finditer(tex):
        if "|" in array["columns"]:
            hint = "delete the '|' in its columns, or make a table of the array"
            yield Fault(*array.span(), "P174", "the rules of this array would not be drawn", hint)


_DEFINED: Final = re.compile(
    r"""\\(?P<kind>DeclareMathOperator|(?:re)?newcommand|providecommand)(?P<star>\*?)\{?(?P<name>\\[A-Za-z]+)\}?
    (?P<arguments>(?:\[\d\])?)\{(?P<body>.*)\}\s*\Z""",
    re.VERBOSE | re.DOTALL,
)


class Macros:
    """The commands that a title has of its own, as pandoc reads them; `definitions` are as a preamble has them."""

    def __init__(self, definitions: Iterable[str]) -> None:
        self._made: dict[str, str] = {}
        self._within: dict[str, frozenset[str]] = {}
        for found in filter(None, map(_DEFINED.match, definitions)):
            body = readable(found["body"]).value
            if found["kind"] == "DeclareMathOperator":
                body = f"\\operatorname{found['star']}{{{body}}}"
            self._made[found["name"]] = f"\\newcommand{{{found['name']}}}{found['arguments']}{{{body}}}"
            self._within[found["name"]] = _commands(body)

    def before(self, tex: str) -> str:
        """What stands before a formula that has some of the commands, or such as stand for them: the definitions."""
        wanted, more = set[str](), _commands(tex) & self._made.keys()
        while more:
            wanted |= more
            more = frozenset[str]().union(*(self._within[name] for name in more)) & self._made.keys() - wanted
        return "".join(made for name, made in self._made.items() if name in wanted) + ("\n" if wanted else "")


def _commands(tex: str) -> frozenset[str]:
    return frozenset(token.group() for token in _TOKEN.finditer(tex) if token.lastgroup == "command")


def readable(tex: str) -> Text:
    """The TeX for pandoc, with the indices in the TeX as it is written for the places of its runs."""
    words: list[str] = []
    runs: list[tuple[int, int]] = []
    length = at = 0

    def add(new: str, start: int) -> None:
        nonlocal length
        if new:
            runs.append((length, start))
            words.append(new)
            length += len(new)

    fonts = {found.start("font") - 2: found for found in _OLD_FONT.finditer(tex)}
    for token in _TOKEN.finditer(tex):
        if token.start() < at:
            continue
        new: str | None = None
        end = token.end()
        if token.lastgroup == "comment":
            new = " "
        elif token.lastgroup == "command":
            new = _MEANT.get(token.group())
        elif token.lastgroup == "open" and (font := fonts.get(token.start())):
            name = "mathbfsfup" if font["font"] == "bf" else f"math{font['font']}"
            new, end = f"\\{name}{{{font['words']}}}", font.end()
        if new is not None:
            add(tex[at : token.start()], at)
            add(f"{new} " if new[-1:].isalpha() and tex[end : end + 1].isalpha() else new, token.start())
            at = end
    add(tex[at:], at)
    whole = Text("".join(words), tuple(runs))
    start = len(whole.value) - len(whole.value.lstrip())  # pandoc counts lines from the first that is not blank
    return whole.cut(start, max(start, len(whole.value.rstrip())))
