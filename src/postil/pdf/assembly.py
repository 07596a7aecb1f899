"""Fragments and their numbers put together: heads, folios and late numbers are filled in on the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from postil.document import Book
from postil.pdf.boxes import Furnisher
from postil.pdf.expectation import MISSING
from postil.pdf.folio import Folio
from postil.pdf.fragment import Fragment, Furniture, Ink, Page, PageKind, Rect, Slot, Supplies
from postil.pdf.late import deflated, filled, shape
from postil.pdf.numbering import PageMap, head_of_notes, numbered

_FOLIOS = ("folio", "drop")
"""The named strings that are the number of the page."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Operators that draw something on a page, and how far to the right and down from its corner they do."""

    operators: bytes
    x: float = 0
    y: float = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is written: its text, deflated, what stands around that, and what these draw on."""

    fragment: int
    page: Page
    text: bytes
    around: tuple[Stamp, ...]
    supplies: tuple[Supplies, ...]


class Assembly:
    """The fragments of a book that is put together."""

    def __init__(
        self, book: Book, fragments: Sequence[Fragment], numbers: PageMap, furnisher: Callable[[], Furnisher]
    ) -> None:
        """`furnisher` makes what draws heads and folios, if there is one to be drawn."""
        self._book, self._fragments, self._numbers = book, fragments, numbers
        self._furnishings = _Furnishings(furnisher)
        self.outgrown: list[tuple[Fragment, Slot]] = []
        """The places of numbers for which there was no room, found while pages are put together."""

    def sheets(self) -> Iterator[Sheet]:
        """The pages of the book, each with its numbers, its head and its folio, and in the proof its line numbers."""
        folios = iter(self._numbers.folios)
        for number, fragment in enumerate(self._fragments):
            for index, page in enumerate(fragment.pages):
                text, outgrown = deflated(page.ink, self._number)
                self.outgrown += ((fragment, slot) for slot in outgrown)
                folio = next(folios)
                around = tuple(self._furniture(fragment, page, folio, is_first=index == 0))
                stamps = tuple(Stamp(_with_folio(each.ink, folio), x, y) for each, x, y in around)
                yield Sheet(number, page, text, stamps, (fragment.supplies, *(each.supplies for each, _, _ in around)))

    def _furniture(
        self, fragment: Fragment, page: Page, folio: Folio, *, is_first: bool
    ) -> Iterator[tuple[Furniture, float, float]]:
        """What stands around the text of a page, each with its place."""
        strings = {**page.strings, **self._strings(fragment, page, folio, is_first=is_first)}
        yield self._furnishings.head(page.kind, strings, folio.printed), 0, 0
        if self._book.edition.numbers_lines:
            for keyword, words, place in _marks(page):
                size = (place.right - place.left, place.height)
                if (mark := self._furnishings.mark(page.kind, keyword, words, size)) is not None:
                    yield mark, place.left, place.top

    def _strings(self, fragment: Fragment, page: Page, folio: Folio, *, is_first: bool) -> dict[str, str]:
        """What the style sheets have for head and foot of a page; a unit's first page has its folio at the foot."""
        if fragment.display:
            return {"folio": "", "drop": "", "head": "", "stamp": ""}
        head = self._book.title.title if fragment.matter == "body" and not page.recto else self._head(fragment, page)
        return {
            "folio": "" if is_first else folio.printed,
            "drop": folio.printed if is_first else "",
            "head": "" if is_first else head,
            "stamp": self._book.stamp,
        }

    def _head(self, fragment: Fragment, page: Page) -> str:
        if not fragment.notes:
            return page.head
        words = self._book.words
        folios = head_of_notes(page, self._numbers)
        if len(folios) < 2:  # noqa: PLR2004 -- a range has two ends
            return words["notes_to_page"].format(pages="".join(folios))
        return words["notes_to_pages"].format(pages="\N{EN DASH}".join(folios))

    def _number(self, slot: Slot) -> str:
        return self._numbers.number(slot) or MISSING


class _Furnishings:
    """What stands around the text, drawn once for all pages on which it is the same but for the digits of folios."""

    def __init__(self, furnisher: Callable[[], Furnisher]) -> None:
        self._make = furnisher
        self._heads: dict[tuple[object, ...], Furniture | None] = {}
        self._marks: dict[tuple[object, ...], Furniture | None] = {}

    @cached_property
    def _furnisher(self) -> Furnisher:
        return self._make()

    def head(self, kind: PageKind, strings: Mapping[str, str], folio: str) -> Furniture:
        """Head and foot of a page."""
        zeros = shape(folio)
        shaped = {name: zeros if name in _FOLIOS and value else value for name, value in strings.items()}
        key = (kind, *shaped.items())
        if key not in self._heads:
            make = self._furnisher
            self._heads[key] = make.furnish(kind, strings) if zeros == folio else make.furnish_all(kind, shaped, zeros)
        return self._heads[key] or self._furnisher.furnish(kind, strings)

    def mark(self, kind: PageKind, keyword: str, words: str, size: tuple[float, float]) -> Furniture | None:
        """A number, a bar or a word beside the text."""
        key = (kind, keyword, words, *(round(length, 3) for length in size))
        if key not in self._marks:
            self._marks[key] = self._furnisher.mark(kind, keyword, words, size)
        return self._marks[key]


def _with_folio(ink: Ink, folio: Folio) -> bytes:
    operators, _ = filled(ink, lambda _: folio.printed)
    return operators


def _marks(page: Page) -> Iterator[tuple[str, str, Rect]]:
    """What stands beside the lines of a page: each number at the inner edge, a bar beside a change in the outer gap.

    Each comes with the margin box in whose style it is set, and its place.
    """
    inner, outer = ("left", "right") if page.on_right else ("right", "left")
    text, paper = page.text, page.paper
    back, gap = (
        ((paper.left, text.left), (text.right, page.column.left))
        if page.on_right
        else ((text.right, paper.right), (page.column.right, text.left))
    )
    last = 0
    for number, line in numbered(page.lines):
        if number > last:
            last = number
            middle = line.baseline - page.leading * 0.25
            rect = Rect(back[0], middle - page.leading / 2, back[1], middle + page.leading / 2)
            yield f"@{inner}-middle", str(number), rect
        if line.changed:
            yield f"@{outer}-middle", "", Rect(gap[0], line.rect.top, gap[1], line.rect.bottom)
