"""Diagnostics and results in words: for people, for programs, and in one line."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.text import Text

from postil.manuscript.files import TEXT_LIMIT, decode, read_bytes
from postil.source import Diagnostic, Position, Severity, codes

if TYPE_CHECKING:
    from postil.build import Output

# Control characters, and those that turn the direction of writing: from a manuscript they could rewrite what a
# terminal shows. Surrogates stand for bytes of a file's name that are no text.
_UNSHOWN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
LONGEST_MESSAGE: Final = 1000
"""The most code points of a message that are shown: its beginning and its end."""
SHOWN: Final = 3
"""How many messages of one code are shown one by one."""
LISTED: Final = 8
"""Of how many others it is said where they are."""
_COLOURS: Final = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic as it is shown: with its weight, a path from the current folder, and the line it is about.

    `line` and `column` are None for what is wrong with a title or a file as a whole; `text` is None where there is no
    line.
    """

    severity: Severity
    code: str
    path: str
    line: int | None
    column: int | None
    message: str
    hint: str | None
    text: str | None


def findings(diagnostics: Iterable[Diagnostic], folder: Path, *, strict: bool) -> tuple[Finding, ...]:
    """The diagnostics of the title in `folder` as they are shown; `strict` makes warnings errors."""
    lines = _Lines(folder)
    return tuple(_finding(diagnostic, folder, lines, strict=strict) for diagnostic in diagnostics)


def _finding(diagnostic: Diagnostic, folder: Path, lines: _Lines, *, strict: bool) -> Finding:
    severity = diagnostic.severity
    if strict and severity is Severity.WARNING:
        severity = Severity.ERROR
    place = diagnostic.position
    return Finding(
        severity,
        diagnostic.code,
        shown(os.path.relpath(folder / place.path if place else folder)),
        place.line or None if place else None,
        place.column or None if place else None,
        _said(diagnostic.message),
        _said(diagnostic.hint) if diagnostic.hint else None,
        lines.at(place) if place and place.line else None,
    )


class _Lines:
    """The lines that messages are about, each read and made fit to show once: thousands may be about a long one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Sequence[str]] = {}
        self._shown: dict[tuple[str, int], str | None] = {}

    def at(self, place: Position) -> str | None:
        """The line that a place is in; None if it is blank or not there."""
        key = place.path, place.line
        if key not in self._shown:
            lines = self._of(place)
            text = lines[place.line - 1] if place.line <= len(lines) else ""
            self._shown[key] = shown(text.replace("\t", " ")) if text.strip() else None
        return self._shown[key]

    def _of(self, place: Position) -> Sequence[str]:
        if place.path not in self._files:
            data = read_bytes(self._folder, place.path, place, TEXT_LIMIT)
            text = "" if isinstance(data, Diagnostic) else decode(place.path, data).text
            self._files[place.path] = text.split("\n")
        return self._files[place.path]


def _said(words: str) -> str:
    """A message as a terminal may have it: what is quoted in it may be as long as a file."""
    if len(words) > LONGEST_MESSAGE:
        words = f"{words[: LONGEST_MESSAGE // 2]} … {words[-LONGEST_MESSAGE // 2 :]}"
    return shown(words)


def shown(text: str) -> str:
    """A text of the manuscript as a terminal may have it."""
    return _UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", text)


# --- the forms of a message ------------------------------------------------------------------------------


def place(finding: Finding) -> str:
    """`path:line:column`, which editors and terminals make a link of."""
    return ":".join(str(part) for part in (finding.path, finding.line, finding.column) if part is not None)


def short(finding: Finding) -> str:
    """A message in one line, without its hint."""
    return f"{place(finding)}: {finding.severity}[{finding.code}]: {finding.message}"


def human(finding: Finding, width: int) -> Text:
    """A message with the line that it is about, a caret under the place, and the hint, `width` cells wide."""
    text = Text()
    text.append(f"{place(finding)}: ", "bold")
    text.append(f"{finding.severity}[{finding.code}]", _COLOURS[finding.severity])
    text.append(f": {finding.message}\n", "bold")
    if finding.text is not None and finding.line and finding.column:
        number = f"{finding.line:>5} | "
        shown, caret = _window(finding.text, finding.column - 1, max(20, width - len(number)))
        text.append(number, "dim").append(f"{shown}\n")
        text.append(f"{'':>5} | ", "dim").append(" " * caret).append("^\n", _COLOURS[finding.severity])
    if finding.hint:
        text.append("  hint: ", "bold").append(f"{finding.hint}\n")
    return text


@dataclass(frozen=True, slots=True)
class Rest:
    """The messages of one code that are not shown one by one, and where they are."""

    severity: Severity
    code: str
    places: tuple[str, ...]


def in_groups(found: Iterable[Finding]) -> tuple[tuple[Finding, ...], tuple[Rest, ...]]:
    """The first `SHOWN` messages of each code, and what is left of each: a screen of the same hides all others."""
    first: list[Finding] = []
    rest: dict[tuple[Severity, str], list[str]] = {}
    counts: Counter[tuple[Severity, str]] = Counter()
    for finding in found:
        kind = finding.severity, finding.code
        counts[kind] += 1
        if counts[kind] <= SHOWN:
            first.append(finding)
        else:
            rest.setdefault(kind, []).append(place(finding))
    return tuple(first), tuple(Rest(*kind, tuple(places)) for kind, places in rest.items())


def human_rest(rest: Rest) -> Text:
    """How many more messages of a code there are, and where the first of them are."""
    text = Text()
    text.append(f"{rest.severity}[{rest.code}]", _COLOURS[rest.severity])
    text.append(f": {len(rest.places)} more of '{codes()[rest.code].title}'\n", "bold")
    places = ", ".join(rest.places[:LISTED])
    text.append(f"  at {places}{', …' if len(rest.places) > LISTED else ''}\n")
    text.append("  hint: ", "bold").append("'--diagnostics short' lists them all\n")
    return text


def _window(line: str, index: int, width: int) -> tuple[str, int]:
    """As much of a line as has room around the code point at `index`, and the cell at which that one stands."""
    if len(line) <= width and cell_len(line) <= width:
        return line, cell_len(line[:index])
    # Where code points are two cells wide, half as many always fit. Only those near by are measured.
    near = line[max(0, index - width) : index + width]
    room = width - 2 if cell_len(near) <= len(near) else width // 2 - 1
    start = max(0, min(index - room // 2, len(line) - room))
    end = start + room
    before = "…" if start else ""
    return f"{before}{line[start:end]}{'…' if end < len(line) else ''}", cell_len(before + line[start:index])


def as_json(found: Iterable[Finding]) -> str:
    """The same facts for programs: a JSON list with an object for each message."""
    rows = [
        {
            "severity": finding.severity,
            "code": finding.code,
            "title": codes()[finding.code].title,
            "path": finding.path,
            "line": finding.line,
            "column": finding.column,
            "message": finding.message,
            "hint": finding.hint,
        }
        for finding in found
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


# --- what came of it -------------------------------------------------------------------------------------


def count(found: Iterable[Finding]) -> str:
    """How many errors, warnings and notes there are; errors always."""
    counts = Counter(finding.severity for finding in found)
    parts = [
        f"{counts[severity]} {severity}{'' if counts[severity] == 1 else 's'}"
        for severity in Severity
        if counts[severity]
    ]
    return ", ".join(parts) if counts[Severity.ERROR] else ", ".join(["no errors", *parts])


def results(outputs: Sequence[Output]) -> Iterator[str]:
    """A line for each file that was written: its path, pages, size and the seconds it took, in columns."""
    rows = [
        (
            shown(os.path.relpath(output.path)),
            "" if output.pages is None else f"{output.pages} page{'' if output.pages == 1 else 's'}",
            size(output.size),
            f"{output.seconds:.1f} s",
        )
        for output in outputs
    ]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for path, *numbers in rows:
        cells = [path + " " * (widths[0] - cell_len(path))]
        cells += [number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True)]
        yield "  ".join(cells)


def size(size: int) -> str:
    """A number of bytes in words."""
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{size / 1e3:.0f} kB"  # noqa: PLR2004
