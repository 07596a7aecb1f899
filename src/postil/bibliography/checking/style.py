"""What an editor would query in entries once their style is known, for each style prints other things of a work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from postil.bibliography.checking.folding import folded
from postil.bibliography.reading.variables import called, place
from postil.bibliography.style.file import Style
from postil.bibliography.style.printing import shows
from postil.document import Reference
from postil.source import Diagnostic


def check_style(references: Iterable[Reference], style: Style) -> Iterator[Diagnostic]:
    """What a style prints that an entry lacks, and what it leaves out that an entry has."""
    placed: dict[str, list[Reference]] = {}
    unseen: list[Diagnostic] = []
    for reference in references:
        kind, given = str(reference.item.get("type", "")), frozenset(reference.item)
        if "URL" in given and "accessed" not in given and shows(style.data, "accessed", kind, given | {"accessed"}):
            message = f"the entry '{reference.key}' has an address on the web, but no date of access"
            hint = f"the style '{style.name}' prints it: write {called(reference, 'accessed')} = 2026-11-23"
            unseen.append(reference.source.diagnostic("P220", place(reference, "URL"), message, hint))
        if {"publisher", "publisher-place"} <= given and not shows(style.data, "publisher-place", kind, given):
            placed.setdefault(reference.source.path, []).append(reference)
    yield from folded(unseen)
    for _, others in sorted(placed.items()):
        first, count = others[0], len(others)
        what = "an entry gives its publisher's place" if count == 1 else f"{count} entries give their publisher's place"
        message = f"{what}, which the style '{style.name}' leaves out"
        yield first.source.diagnostic("P221", place(first, "publisher-place"), message)
