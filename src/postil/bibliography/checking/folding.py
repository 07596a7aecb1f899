"""Messages that repeat themselves: what a file does throughout is said once, not a thousand times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from postil.source import Diagnostic, Position, Severity, codes

SLIPS = 50
"""The most messages of one code that are slips where one file has them; more of them are a habit."""
NAMED = 20
"""How many messages about a habit are kept."""


def folded(diagnostics: Iterable[Diagnostic]) -> Sequence[Diagnostic]:
    """The same messages. Of a warning or note that a file has too often, the first are kept, and the rest counted."""
    found = list(diagnostics)
    groups: dict[tuple[str, str], list[Diagnostic]] = {}
    for diagnostic in found:
        if diagnostic.position and diagnostic.severity is not Severity.ERROR:
            groups.setdefault((diagnostic.position.path, diagnostic.code), []).append(diagnostic)
    dropped: set[int] = set()
    rests: list[Diagnostic] = []
    for group in groups.values():
        if len(group) > SLIPS:
            rest = sorted(group, key=lambda d: d.position or Position(""))[NAMED:]
            dropped.update(map(id, rest))
            message = f"in {len(rest)} more places of this file {codes()[rest[0].code].title}"
            rests.append(replace(rest[0], message=message, hint=None))
    return [*(d for d in found if id(d) not in dropped), *rests]
