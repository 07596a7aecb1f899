"""Page numbers: roman in front matter, arabic from the body on."""

from __future__ import annotations

from dataclasses import dataclass

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def roman(number: int) -> str:
    """A number from 1 in lower-case roman numerals."""
    words = ""
    for value, letters in _ROMAN:
        words += letters * (number // value)
        number %= value
    return words


def place(folio: str) -> tuple[bool, int]:
    """Where a folio comes in the book: roman numerals before arabic ones."""
    if folio.isdecimal():
        return True, int(folio)
    values = [next((value for value, letters in _ROMAN if letters == letter), 0) for letter in folio]
    return False, sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


@dataclass(frozen=True, slots=True)
class Folio:
    """The number of a page, from 1, in roman numerals or in arabic ones."""

    number: int = 1
    arabic: bool = False

    @property
    def recto(self) -> bool:
        """Whether that is a right-hand page."""
        return self.number % 2 == 1

    @property
    def printed(self) -> str:
        """As it stands on the page."""
        return str(self.number) if self.arabic else roman(self.number)

    @property
    def next(self) -> Folio:
        """That of the page after it."""
        return self.after(1)

    def after(self, pages: int) -> Folio:
        """That of the page which is so many pages after it."""
        return Folio(self.number + pages, self.arabic)
