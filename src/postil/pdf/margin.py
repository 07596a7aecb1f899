"""Where annotations stand in their column: numbers in, numbers out.

An annotation belongs beside the line of its lemma. Each goes down as far as the one above makes it, and up only where
the column ends; within that, none is further from its place than it has to be. What would be too far away, or finds
no room at all, is left out for the foot of the page: of those in each other's way, the tallest, which makes most room.

All figures are in one unit, measured downwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation: the top it should have to stand beside its line, and its height."""

    id: str
    place: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """The stretches of a column that are free, from the top; the space between two notes; how far one may stray."""

    free: tuple[tuple[float, float], ...]
    between: float
    stray: float


@dataclass(frozen=True, slots=True)
class Placement:
    """The top of each annotation that has found room, and the ids of those that have not, in the order of the text."""

    tops: dict[str, float]
    overflow: tuple[str, ...]


def place(notes: Sequence[Note], column: Column) -> Placement:
    """Find the best place in the column for notes that are given in the order of their lemmas."""
    beside, tops = list(notes), settle(notes, column)
    if tops is None:
        beside, tops = [], ()
        for note in notes:
            beside.append(note)
            if (settled := settle(beside, column)) is None:
                beside, settled = _without_the_tallest(beside, column)
            tops = settled
    found = {note.id: top for note, top in zip(beside, tops, strict=True)}
    return Placement(found, tuple(note.id for note in notes if note.id not in found))


def _without_the_tallest(notes: Sequence[Note], column: Column) -> tuple[list[Note], tuple[float, ...]]:
    """The notes without the tallest one by whose absence the others have room; they have without the last one."""
    for tallest in sorted(notes, key=lambda note: -note.height):
        rest = [note for note in notes if note is not tallest]
        if (settled := settle(rest, column)) is not None:
            return rest, settled
    raise AssertionError


def settle(notes: Sequence[Note], column: Column) -> tuple[float, ...] | None:
    """The tops of these notes with the least sum of squared distances from their places, or None without room for all.

    Each free stretch of the column takes the next few of the notes; which ones is what there is to choose.
    """
    # best[i]: the cost and tops of the first i notes, set in the stretches so far
    best: list[tuple[float, tuple[float, ...]] | None] = [(0.0, ()), *[None] * len(notes)]
    for stretch in column.free:
        for end in range(len(notes), 0, -1):
            for start in range(end - 1, -1, -1):
                tops = _stack(notes[start:end], stretch, column)
                if tops is None:
                    break  # neither would more notes fit
                if (before := best[start]) is None:
                    continue
                cost = before[0] + sum(
                    (top - note.place) ** 2 for top, note in zip(tops, notes[start:end], strict=True)
                )
                if (known := best[end]) is None or cost < known[0]:
                    best[end] = cost, before[1] + tops
    found = best[len(notes)]
    return None if found is None else found[1]


def _stack(notes: Sequence[Note], stretch: tuple[float, float], column: Column) -> tuple[float, ...] | None:
    """The tops of notes within one free stretch, or None if they don't fit there within reach of their places."""
    start, end = stretch
    tops: list[float] = []
    for note in notes:
        tops.append(max(note.place, start))
        start = tops[-1] + note.height + column.between
    for index in range(len(notes) - 1, -1, -1):
        tops[index] = min(tops[index], end - notes[index].height)
        end = tops[index] - column.between
    if tops[0] < stretch[0] - _SLACK:
        return None
    if any(abs(top - note.place) > column.stray + _SLACK for top, note in zip(tops, notes, strict=True)):
        return None
    return tuple(tops)


_SLACK = 1e-6
