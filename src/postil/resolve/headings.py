"""The roles of chapters, and the numbers of headings: 2, 2.1, 2.1.1, and A, A.1 in an appendix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from postil.document import ROLES, Chapter, Element, Matter, Presented, Role, walk
from postil.resolve.ids import HEADINGS, opening_heading
from postil.resolve.signs import letters

UNNUMBERED: Final = "unnumbered"
"""The class of headings without a number; what is below one has none either."""


class Numbered(NamedTuple):
    """The number of a heading, and what it heads."""

    series: Literal["chapter", "section", "appendix"]
    number: str


def role(heading: Element[Presented] | None, matter: Matter) -> Role:
    """What a chapter is in the book: what its heading says, or else what chapters there are in this matter."""
    said = (ROLES[name] for name in sorted(heading.classes if heading else ()) if name in ROLES)
    usual = next(role for role in ROLES.values() if role.of_matter == matter)
    return next((role for role in said if role.for_chapters), usual)


def numbers(chapters: Sequence[tuple[Chapter[Presented], Matter]]) -> Mapping[str, Numbered]:
    """The headings that have numbers, by their ids: of chapters and appendices, and of the sections in them."""
    made: dict[str, Numbered] = {}
    counts = {"chapter": 0, "appendix": 0}
    for chapter, matter in chapters:
        kind = role(opening_heading(chapter), matter).name
        above: list[str] = []  # the number of the chapter; none where it has none
        below: list[int] = []  # how far its sections have come, level by level
        without = len(HEADINGS)  # the level of the heading without a number that this one is under
        for node in walk(chapter.body):
            if not isinstance(node, Element) or node.tag not in HEADINGS:
                continue
            level = int(node.tag[1])
            if level == 1:
                above, below, without = [], [], len(HEADINGS)
            without = without if level > without else len(HEADINGS)
            if UNNUMBERED in node.classes:
                without = level
            elif level > without:
                continue
            elif level == 1 and kind in counts:
                counts[kind] += 1
                above = [str(counts[kind]) if kind == "chapter" else letters(counts[kind]).upper()]
                made[node.get("id") or ""] = Numbered("chapter" if kind == "chapter" else "appendix", above[0])
            elif level > 1 and above:
                below = [*below[: level - 1], *[0] * (level - 1 - len(below))]
                below[-1] += 1
                made[node.get("id") or ""] = Numbered("section", ".".join([*above, *map(str, below)]))
    return made
