"""What is known of the numbers of pages and lines while units are laid out: at first a guess, then ever more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from postil.document import Composed, Part, Text
from postil.pdf.composition import pages_of
from postil.pdf.fragment import Slot
from postil.pdf.late import shape, wider
from postil.pdf.numbering import PageMap

CHARACTERS = 2300
"""How many characters fill a page, more or less."""
UNKNOWN = "00"
"""What a number is laid out as of which nothing is known."""
MISSING = "?"
"""What stands for the number of what no page has."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the numbers of a book are expected to be.

    `pages` are folios by the ids of what stands on these pages. `numbers` are those of pages that have been laid out,
    if there are any; `shapes` has the widest shape that a number has had among those, so that a unit is not laid out
    for two digits and for three by turns.
    """

    pages: Mapping[str, str]
    numbers: PageMap | None = None
    shapes: Mapping[Slot, str] = field(default_factory=dict)

    def shape(self, slot: Slot) -> str:
        """What a number is laid out as."""
        return self.shapes.get(slot, self._shape(slot))

    def listed(self, targets: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """The pages on which some ids stand: of each the first of the ids on it, and what its number is laid out as."""
        return tuple((target, shape(page)) for page, target in pages_of(targets, self.pages).items())

    def learned(self, numbers: PageMap, slots: Iterable[Slot]) -> Expectation:
        """What is known once all units have been laid out, which have these places of numbers."""
        now = Expectation(numbers.pages, numbers)
        shapes = {slot: now.shape(slot) for slot in slots}
        if self.numbers is not None:
            shapes = {slot: wider(self.shape(slot), each) for slot, each in shapes.items()}
        return Expectation(numbers.pages, numbers, shapes)

    def _shape(self, slot: Slot) -> str:
        if self.numbers is None:
            return shape(self.pages.get(slot.target, UNKNOWN)) if slot.of == "page" else UNKNOWN
        return shape(self.numbers.number(slot) or MISSING)


def expected(parts: Iterable[Part]) -> Expectation:
    """A guess, before anything is laid out, by the number of characters."""
    folios: dict[str, str] = {}
    characters = 0
    arabic = False

    def count(nodes: Iterable[Composed]) -> None:
        nonlocal characters
        for node in nodes:
            if isinstance(node, Text):
                characters += len(node.value)
                continue
            if name := node.get("id"):
                folios[name] = str(1 + characters // CHARACTERS) if arabic else UNKNOWN
            count(node.children)

    for part in parts:
        if part.matter != "front" and not arabic:
            characters, arabic = 0, True
        count((part.section,))
    return Expectation(folios)
