"""The divisions of a bibliography, such as "Primary Sources": which works belong to each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from postil.document import Reference, WorksGroup
from postil.manuscript.places import Places
from postil.source import Diagnostic, Position

TYPE = re.compile(r"@[ \t]*(\w+)")
NAMED = 5
"""How many works that no division takes are named."""


def grouped(
    keys: Sequence[str], references: Mapping[str, Reference], groups: Sequence[WorksGroup]
) -> Iterator[tuple[WorksGroup | None, Sequence[str]]]:
    """The works that each division of the bibliography takes, in order; last, under None, those that none takes.

    A work stands in the first division that takes it. One without types and keywords takes what all others leave.
    """
    left = list(keys)
    taken: dict[int, list[str]] = {}
    for index, group in sorted(enumerate(groups), key=lambda pair: _takes_the_rest(pair[1])):
        belongs = {key: _belongs(references[key], group) for key in left}
        taken[index] = [key for key in left if belongs[key]]
        left = [key for key in left if not belongs[key]]
    yield from ((group, taken[index]) for index, group in enumerate(groups))
    yield None, left


def _belongs(reference: Reference, group: WorksGroup) -> bool:
    own = {word.strip().casefold() for word in str(reference.item.get("keyword", "")).replace(";", ",").split(",")}
    words = {word.casefold() for word in group.keywords}
    return bool(own & words or _types(reference) & {kind.casefold() for kind in group.types}) or _takes_the_rest(group)


def _takes_the_rest(group: WorksGroup) -> bool:
    return not (group.types or group.keywords)


def _types(reference: Reference) -> set[str]:
    """The type of a work as CSL calls it, and as its file does where that is BibTeX."""
    written = TYPE.match(reference.source.text, reference.span.start)
    return {str(reference.item.get("type", "")).casefold(), written[1].lower() if written else ""}


def check_groups(
    keys: Sequence[str],
    references: Mapping[str, Reference],
    groups: Sequence[WorksGroup],
    places: Places,
) -> Iterator[Diagnostic]:
    """A report of each division without works, at its place in `book.toml`, and of the works that no division takes."""

    def at(index: int) -> Position:
        return places.position("bibliography", "section", index)

    for index, (group, taken) in enumerate(grouped(keys, references, groups)):
        if group is not None and keys and not taken:
            types = ", ".join(sorted({str(references[key].item.get("type", "")) for key in keys}))
            message = f"the section '{group.title}' of the bibliography has no works"
            yield Diagnostic("P227", message, at(index), f"the types of the works here are {types}")
        elif group is None and taken and groups:
            named = ", ".join(f"'{key}'" for key in taken[:NAMED]) + (" …" if len(taken) > NAMED else "")
            message = f"no section of the bibliography takes {named}"
            hint = "they stand last; a section without types and keywords takes what others leave"
            yield Diagnostic("P228", message, at(len(groups) - 1), hint)
