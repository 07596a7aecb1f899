"""The numbers of a book, given to pages that are laid out: folios, and in the proof the numbers of lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from postil.document import Matter
from postil.pdf.folio import Folio
from postil.pdf.fragment import Fragment, Line, Page, Slot


@dataclass(frozen=True, slots=True)
class PageMap:
    """Which page and which line everything is on.

    `folios` are those of the pages, in their order. `pages` are the folios by the ids of what begins on these pages,
    `lines` the numbers of the lines by the ids of what stands on these, and `calls` says of what stands in a note
    where that is called.
    """

    folios: tuple[Folio, ...]
    pages: Mapping[str, str]
    lines: Mapping[str, str]
    calls: Mapping[str, str]

    def number(self, slot: Slot) -> str | None:
        """The number that stands in a place."""
        return self.page(slot.target) if slot.of == "page" else self.line(slot.target)

    def page(self, target: str) -> str | None:
        """The folio of the page on which something begins."""
        return self.pages.get(target)

    def line(self, target: str) -> str | None:
        """The number of the line on which something stands, or on which the note is called that it stands in."""
        seen: set[str] = set()
        while target not in self.lines and target in self.calls and target not in seen:
            seen.add(target)
            target = self.calls[target]
        return self.lines.get(target)


def number(fragments: Sequence[Fragment]) -> PageMap:
    """Number the pages of fragments that follow each other: in roman numerals, and from the body on in arabic ones."""
    printed: list[Folio] = []
    pages: dict[str, str] = {}
    lines: dict[str, str] = {}
    calls: dict[str, str] = {}
    folio = Folio()
    for fragment in fragments:
        folio = opening(folio, fragment.matter)
        pages |= folios(fragment, folio)
        for page in fragment.pages:
            lines |= {name: str(at) for at, line in numbered(page.lines) for name in line.ids}
            calls |= page.notes
            printed.append(folio)
            folio = folio.next
    return PageMap(tuple(printed), pages, lines, calls)


def folios(fragment: Fragment, begins: Folio) -> dict[str, str]:
    """The folios of what is in a fragment by its ids: what goes on over a page is where it begins."""
    found: dict[str, str] = {}
    for index, page in enumerate(fragment.pages):
        folio = begins.after(index).printed
        found = dict.fromkeys(page.ids, folio) | found
    return found


def opening(folio: Folio, matter: Matter) -> Folio:
    """The folio of the first page of a unit, where it would have been this one: the body begins anew, in arabic."""
    return Folio(arabic=True) if matter != "front" and not folio.arabic else folio


def numbered(lines: Iterable[Line]) -> Iterator[tuple[int, Line]]:
    """The lines of a page with their numbers; what stands beside each other, in the cells of a row, is one line."""
    at, baseline = 0, 0.0
    for line in lines:
        if line.baseline - baseline > 1:
            at, baseline = at + 1, line.baseline
        yield at, line


def head_of_notes(page: Page, numbers: PageMap) -> tuple[str, ...]:
    """The folios that the head of a page of endnotes names: of the first page that calls one, and of the last."""
    called = (numbers.page(call) for call in page.calls)
    folios = list(dict.fromkeys(folio for folio in called if folio is not None))
    return tuple(folios) if len(folios) < 2 else (folios[0], folios[-1])  # noqa: PLR2004 -- a range has two ends
