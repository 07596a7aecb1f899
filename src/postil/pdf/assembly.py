"""Fragments and their numbers put together: heads, folios and late numbers are filled in on the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from postil.document import Book
from postil.pdf.folio import Folio
from postil.pdf.fragment import Fragment, Page, Rect
from postil.pdf.numbering import PageMap, head_of_notes, numbered
from postil.pdf.resources import Messages


class Assembly:
    """The fragments of a book that is put together."""

    def __init__(self, book: Book, fragments: Sequence[Fragment], numbers: PageMap, messages: Messages) -> None:
        self._book, self._fragments, self._numbers, self._messages = book, fragments, numbers, messages

    def bind(self) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """Fill in the numbers that were not known when their pages were laid out.

        Returns the indexes of the fragments that have no room for some of them, each with the targets of these.
        """
        outgrown: dict[int, list[str]] = {}
        for index, fragment in enumerate(self._fragments):
            for page in fragment.drawn:
                if targets := page.bind(self._number):
                    outgrown.setdefault(index, []).extend(targets)
        return tuple((index, tuple(targets)) for index, targets in outgrown.items())

    def furnish(self) -> None:
        """Give each page its head and its folio, and in the proof the numbers of its lines and its change bars."""
        folios = iter(self._numbers.folios)
        for fragment in self._fragments:
            for index, (page, drawn) in enumerate(zip(fragment.pages, fragment.drawn, strict=True)):
                if self._book.edition.numbers_lines:
                    for keyword, words, place in _marks(page):
                        drawn.mark(keyword, words, place)
                drawn.furnish(self._strings(fragment, page, next(folios), is_first=index == 0))

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

    def _number(self, kind: str, target: str) -> str:
        number = self._numbers.page(target) if kind == "page" else self._numbers.line(target)
        if number is None:
            self._messages.add("P705", f"no page has '{target}', whose {kind} is asked for", None)
            return "?"
        return number


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
