"""The mathematics of a title, as far as letters and signs, raised or lowered, can say it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from postil.bibliography.facts import facts

Json = Mapping[str, Any]

PART = re.compile(r"\\(?:[A-Za-z]+|.)|[\^_{}]|\s+|[A-Za-z]+|[^\\^_{}\sA-Za-z]+", re.DOTALL)
UPRIGHT = frozenset({"mathrm", "text", "textrm", "rm", "mathbf", "mathsf", "operatorname", "mbox", "boldsymbol"})
SLANTED = frozenset({"mathit", "mathcal", "mathbb", "mathfrak", "mathscr"})
BARE = frozenset({"left", "right", "displaystyle", "textstyle", "big", "Big"})
SCRIPTS = {"^": "Superscript", "_": "Subscript"}


def with_plain_maths(content: Any) -> Any:  # noqa: ANN401 -- JSON
    """Pandoc's inline content with formulas as letters and signs, as far as these can say them: x² for "$x^2$"."""
    match content:
        case {"t": "Math", "c": [_, str(formula)]}:
            inlines = _Formula(formula).read()
            return content if inlines is None else {"t": "Span", "c": [["", [], []], inlines]}
        case dict():
            return {name: with_plain_maths(part) for name, part in content.items()}
        case list():
            return [with_plain_maths(part) for part in content]
        case _:
            return content


class _Formula:
    def __init__(self, text: str) -> None:
        self.parts = [part for part in PART.findall(text) if not part.isspace()][::-1]

    def read(self) -> list[Json] | None:
        """The whole formula as inline content; None where something in it has no plain form."""
        try:
            return list(self._until_end(upright=False))
        except (LookupError, RecursionError):
            return None

    def _until_end(self, *, upright: bool) -> Iterable[Json]:
        while self.parts:
            if self.parts[-1] == "}":
                self.parts.pop()
                return
            yield from self._one(upright=upright)

    def _one(self, *, upright: bool) -> Iterable[Json]:
        part = self.parts.pop()
        if part == "{":
            yield from self._until_end(upright=upright)
        elif part in SCRIPTS:
            yield {"t": SCRIPTS[part], "c": list(self._argument(upright=upright))}
        elif part.startswith("\\"):
            yield from self._command(part[1:])
        elif part.isalpha() and part.isascii() and not upright:
            yield {"t": "Emph", "c": [{"t": "Str", "c": part}]}
        else:
            yield {"t": "Str", "c": part.replace("-", "\N{MINUS SIGN}").replace("'", "\N{PRIME}")}

    def _argument(self, *, upright: bool) -> Iterable[Json]:
        # of several letters or digits without braces only the first is meant
        if len(part := self.parts[-1]) > 1 and part[0] != "\\":
            self.parts[-1:] = [part[1:], part[0]]
        yield from self._one(upright=upright)

    def _command(self, name: str) -> Iterable[Json]:
        if name in UPRIGHT | SLANTED:
            yield from self._argument(upright=name in UPRIGHT)
        elif name not in BARE:
            yield {"t": "Str", "c": facts()["maths"][name]}
