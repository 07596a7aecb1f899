"""All that an editor would query in the entries of a bibliography, but what only follows from another fault."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping

from postil.bibliography.checking.duplicates import check_together
from postil.bibliography.checking.entry import check_entry
from postil.document import Reference
from postil.source import Diagnostic, Position


def check_entries(references: Mapping[str, Reference], found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Everything questionable in the entries, in their order, then what is questionable of two together.

    `found` is what reading them has found: an entry that could not be read whole is passed over, for what it seems to
    lack may only not have been read.
    """
    found = tuple(found)
    unread = {d.position.path for d in found if d.code == "P206" and d.position}
    in_read_files = [reference for reference in references.values() if reference.source.path not in unread]
    whole = _without("P202", in_read_files, found)
    # a field that is misspelt is not missing as well
    spelt = {_start(reference) for reference in _without("P211", references.values(), found)}
    queries = (query for reference in whole for query in check_entry(reference))
    yield from (query for query in queries if query.code != "P210" or query.position in spelt)
    yield from check_together(whole)


def _start(reference: Reference) -> Position:
    return reference.source.position(reference.span.start)


def _without(code: str, references: Iterable[Reference], found: Iterable[Diagnostic]) -> list[Reference]:
    """The references in whose lines reading has found nothing of this code."""
    lines: dict[str, list[int]] = {}
    for position in sorted(d.position for d in found if d.code == code and d.position):
        lines.setdefault(position.path, []).append(position.line)

    def is_without(reference: Reference) -> bool:
        those = lines.get(reference.source.path, [])
        first, last = (reference.source.position(at).line for at in (reference.span.start, reference.span.end))
        return bisect_left(those, first) == bisect_right(those, last)

    return [reference for reference in references if is_without(reference)]
