"""The editions that a manuscript can be made into: what each shows to whom, as what, and on which page.

An edition more is a row of the table here and a style sheet, `print-NAME.css`, for its page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from postil.document.chapter import Audience


@dataclass(frozen=True, slots=True)
class Format:
    """What a book can be written as: the ending of its files, and whether it has pages.

    One that is `published` is made where nobody says what to make, and has the title's ISBN. Its style sheets are
    called after what it is made for: `print.css`, or its own name.
    """

    name: str
    paged: bool = False
    published: bool = True

    @property
    def made_for(self) -> str:
        """The word for it in the names of style sheets."""
        return "print" if self.paged else self.name


FORMATS: Final = {each.name: each for each in (Format("pdf", paged=True), Format("epub"))}
"""Every format by its name. Each is made by the package of that name, whose `TARGET` it is (`targets`)."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What one edition shows, and how.

    `audiences` are those whose annotations it prints; with the editors' come replies, and who said what and when.
    `trims` are the sizes of page that it is designed for, in inches or by name, the default first. An edition for
    `paper` is made in formats with pages only. It `shows_changes` as insertions and deletions, where others show the
    decided text. The `banner` at the foot of each page says which draft it is. With a `commentary`, annotations too
    long for a page stand behind the text. The `main` edition is the one that the title's ISBN and identifier name.
    """

    name: str
    audiences: frozenset[Audience]
    trims: tuple[str, ...]
    paper: bool = False
    shows_changes: bool = False
    numbers_lines: bool = False
    banner: bool = False
    lists_queries: bool = False
    commentary: bool = False
    main: bool = False

    @property
    def is_for_editors(self) -> bool:
        """Whether it shows what is meant for editors."""
        return Audience.EDITOR in self.audiences

    @property
    def formats(self) -> tuple[str, ...]:
        """The names of the formats that it is made in."""
        return tuple(name for name, each in FORMATS.items() if each.paged or not self.paper)

    def styles(self, output: str) -> tuple[str, ...]:
        """The names of the style sheets that it is set in for a format, in the order of the cascade.

        The third is made from what `book.toml` says of fonts.
        """
        made_for = FORMATS[output].made_for
        return ("book.css", f"{made_for}.css", f"{made_for}-fonts.css", f"{made_for}-{self.name}.css")


def _by_name(editions: Iterable[Edition]) -> dict[str, Edition]:
    return {edition.name: edition for edition in editions}


EDITIONS: Final = _by_name(
    (
        Edition(
            "annotated",
            audiences=frozenset({Audience.READER}),
            trims=("7x10", "6x9"),
            commentary=True,
            main=True,
        ),
        Edition("clean", audiences=frozenset(), trims=("6x9",)),
        Edition(
            "proof",
            audiences=frozenset(Audience),
            trims=("A4",),
            paper=True,
            shows_changes=True,
            numbers_lines=True,
            banner=True,
            lists_queries=True,
        ),
    )
)
"""Every edition by its name; the main one is made where none is asked for."""

MAIN: Final = next(name for name, edition in EDITIONS.items() if edition.main)
