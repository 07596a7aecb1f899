"""Where a thing stands in the manuscript, and what is wrong with it."""

from __future__ import annotations

import bisect
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Severity(StrEnum):
    """How much a diagnostic weighs: errors stop a title's outputs, warnings and notes do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of mistake, under the stable code by which it is documented."""

    code: str
    severity: Severity
    title: str
    explanation: str
    example: str


@cache
def codes() -> Mapping[str, Code]:
    """Every diagnostic code there is, by code, from the package's `data/codes.toml`."""
    table = tomllib.loads(files("postil").joinpath("data/codes.toml").read_text("utf-8"))
    return {
        code: Code(
            code,
            Severity(row["severity"]),
            row["title"],
            row["explanation"].strip(),
            row["example"].strip("\n"),
        )
        for code, row in sorted(table.items())
    }


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place as editors count it: a path relative to the title, a line and a column, both from 1 (code points).

    Where it is known only which file something is about, the place is the file as a `whole`, and line and column are 0.
    """

    path: str
    line: int = 1
    column: int = 1

    @classmethod
    def whole(cls, path: str) -> Position:
        """A file, and no line in it."""
        return cls(path, 0, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a source's text, as offsets in code points: from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A message about the title: what is wrong, where, and what to do about it."""

    code: str
    message: str
    position: Position | None = None
    hint: str | None = None

    @property
    def severity(self) -> Severity:
        """The weight that this code has."""
        return codes()[self.code].severity


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one file of a title.

    `text` has no byte order mark, and line feeds for line ends whatever the file has; lines and columns are the file's.
    """

    path: str
    text: str
    _lines: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the line starts once."""
        starts = [0]
        find = self.text.find
        while (end := find("\n", starts[-1])) >= 0:
            starts.append(end + 1)
        object.__setattr__(self, "_lines", tuple(starts))

    def position(self, offset: int) -> Position:
        """Line and column of an offset into `text`."""
        line = bisect.bisect_right(self._lines, offset)
        return Position(self.path, line, offset - self._lines[line - 1] + 1)

    def offset(self, line: int, column: int) -> int:
        """Offset into `text` of a line and column, both from 1."""
        return self._lines[line - 1] + column - 1

    def diagnostic(self, code: str, at: Span | int, message: str, hint: str | None = None) -> Diagnostic:
        """A diagnostic about a place in this source."""
        offset = at.start if isinstance(at, Span) else at
        return Diagnostic(code, message, self.position(offset), hint)


def in_order(diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The same messages without repetition, in the order of the manuscript: by file, line and column."""
    start = Position("", 0, 0)
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda d: (d.position or start, d.code, d.message)))
