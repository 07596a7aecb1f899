r"""References to figures, tables, listings, equations and sections, as other programs write them.

`@fig:x`, `[@fig:a; @fig:b]` and `[-@fig:x]` are pandoc-crossref's, `@fig-x` Quarto's, `\@ref(fig:x)` and the label
`(\#fig:x)` bookdown's. A capital, `@Fig:x`, begins a sentence. Where such a key is that of a work, braces say so:
`@{fig:2001}`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from postil.dialect.attributes import LETTER
from postil.dialect.pieces import Piece
from postil.dialect.tokens import Whole, Words
from postil.document import THEOREMS, CrossReference
from postil.source import Span

_KINDS = ("fig", "tbl", "tab", "sec", "eq", "lst", *(each.prefix for each in THEOREMS.values()))
_KIND = rf"(?:{'|'.join(f'[{name[0].upper()}{name[0]}]{name[1:]}' for name in _KINDS)})"
NAME = rf"{LETTER}(?:{LETTER}|[.:-](?={LETTER}))*"
"""What an id is, as it stands in a sentence."""

KEY = re.compile(rf"@(?P<id>{_KIND}[:-]{NAME})")
BY_NUMBER = re.compile(rf"\\@ref\((?P<id>{NAME})\)")
LABEL = re.compile(rf"\s*\(\\\#(?P<id>(?:fig|tab|lst|eq):{NAME})\)[ \t]*")
"""The id of a figure or table at the beginning of its caption."""

# Words behind which a reference goes on with its name, "see figure 2"; behind others, "Abb. 2", the name has been said.
_SIGNALS = frozenset(
    """and also as by cf compare eg from in of or see und siehe vgl et ou voir dans y o en véase e vedi cfr
    """.split()  # noqa: SIM905 -- a list of words reads best as words
)
_LABELLED = re.compile(r"\(#(?:fig|tab|lst|eq):[^()\s]+\)\s*")
_LAST_WORD = re.compile(r"([^\W\d_]+)\W*\Z")


def of_key(key: re.Match[str]) -> CrossReference:
    """A reference that stands in the sentence by itself."""
    identifier = key["id"]
    lower = f"{identifier[0].lower()}{identifier[1:]}"
    return CrossReference(lower, "number", Span(*key.span()), capital=lower != identifier)


def by_number(found: re.Match[str]) -> CrossReference:
    r"""A reference that says a number and no name: `Figure \@ref(fig:x)`."""
    return CrossReference(found["id"], "bare", Span(*found.span()))


def in_brackets(pieces: Sequence[Piece]) -> list[Piece]:
    """What stands in brackets with references: those and the words around them; commas for semicolons."""
    made: list[Piece] = []
    said = ""  # since the last semicolon
    for piece in pieces:
        match piece:
            case Words(text=words) if words.endswith(";"):
                made.append(replace(piece, text=f"{words[:-1]},"))
                said = ""
            case Whole(node=CrossReference() as node):
                word = _LAST_WORD.search(said)
                start = piece.start
                if said == "-":  # the number alone
                    made.pop()
                    start -= 1
                is_named = said == "-" or (word and word[1].lower() not in _SIGNALS)
                made.append(replace(piece, start=start, node=replace(node, form="bare") if is_named else node))
                said = ""
            case _:
                made.append(piece)
                said += piece if isinstance(piece, str) else piece.text if isinstance(piece, Words) else "x"
    return made


def without_label(alt: str) -> str:
    """What a picture shows without the label that its caption begins with."""
    found = _LABELLED.match(alt)
    return alt[found.end() :] if found else alt
