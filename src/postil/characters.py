"""Whether the fonts of a book have what it says: each character that they lack, at its first place.

Layout would notice as well, but late, letter by letter, and without knowing where in the manuscript a letter stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from fontTools import unicodedata as scripts  # type: ignore[import-untyped]

from postil.bibliography import texts
from postil.document import Annotation, Book, Chapter, Presented, Reference, Text, walk
from postil.manuscript.places import Places
from postil.source import Diagnostic, Position

NAMED = 5
"""How many characters of a script a message names."""
# Unicode's Default_Ignorable_Code_Point: what is never drawn
_UNDRAWN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
COMMON = frozenset({"Zyyy", "Zinh", "Zzzz"})
"""The scripts (ISO 15924) of characters that belong to no one script: signs, symbols, marks."""

HAN = "Hani"
"""The script with which signs as wide as one of its letters mostly go."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that are printed; `at` says where in the title's files the character at an index of them stands."""

    words: str
    at: Callable[[int], Position]


def passages(
    chapters: Iterable[Chapter[Presented]], references: Iterable[Reference], book: Book, places: Places
) -> Iterator[Passage]:
    """All words that somebody has written for an edition: its chapters, the works that it lists, its own names."""
    title = book.title
    for key in ("title", "subtitle", "publisher", "rights"):
        yield _constant(getattr(title, key), places.position(key))
    for index, person in enumerate(title.contributors):
        yield _constant(person.name, places.position("contributor", index, "name"))
    for name, kind in title.kinds.items():
        yield _constant(kind.label, places.position("annotations", "kinds", name, "label"))
    for index, group in enumerate(title.bibliography.groups):
        yield _constant(group.title, places.position("bibliography", "section", index, "title"))
    for chapter in chapters:
        yield from _written(chapter)
    for reference in references:
        for text, place in texts(reference):
            yield Passage(text, lambda _, place=place: place())  # type: ignore[misc]


def _written(chapter: Chapter[Presented]) -> Iterator[Passage]:
    source = chapter.source
    for text in chapter.texts:
        for node in walk(text):
            if isinstance(node, Text) and node.runs:
                yield Passage(node.value, lambda index, n=node: source.position(n.offset(index) or 0))  # type: ignore[misc]
    for annotation in chapter.annotations.values():
        for words in _names(annotation):
            yield _constant(words, source.position(annotation.span.start))


def _names(annotation: Annotation[Presented]) -> Iterator[str]:
    """The people that an annotation and its replies name."""
    yield from filter(None, (annotation.by, annotation.to, annotation.closed_by))
    yield from (reply.by for reply in annotation.replies if reply.by)


def _constant(words: str, at: Position) -> Passage:
    return Passage(words, lambda _: at)


@dataclass(slots=True)
class _Lack:
    """The characters of a script that fonts lack, in the order in which they come: how often, and first where."""

    at: Position
    characters: dict[str, None] = field(default_factory=dict)
    times: int = 0


def lacking(
    written: Iterable[Passage], fonts: Sequence[frozenset[str]], code: str, hint: Callable[[str], str]
) -> Iterator[Diagnostic]:
    """One diagnostic for each script of which the fonts lack characters, at the first of these.

    Each of the `fonts` is the characters that it has; `hint` says what to do about a script (ISO 15924), or, given
    nothing, about signs.
    """
    letters = frozenset[str]().union(*fonts)
    lacks: dict[str, _Lack] = {}
    for passage in written:
        missing = {character for character in frozenset(passage.words) - letters if _is_wanted(character, fonts)}
        for index, character in enumerate(passage.words) if missing else ():
            if character in missing and not _is_composed(passage.words, index, letters):
                script = _script(character)
                if script not in lacks:
                    lacks[script] = _Lack(passage.at(index))
                lacks[script].characters[character] = None
                lacks[script].times += 1
    for script, lack in lacks.items():
        yield Diagnostic(code, _message(script, lack), lack.at, hint(script))


def _is_wanted(character: str, fonts: Sequence[frozenset[str]]) -> bool:
    """Whether a character that fonts have not is missed on a page.

    Spaces and what Unicode says to ignore are not drawn. A letter with accents is drawn from what Unicode takes it
    apart into, if one font has all of that, and a hyphen that does not break from one that does.
    """
    if unicodedata.category(character) in {"Zs", "Cc"} or _UNDRAWN.match(character):
        return False
    apart = "\u2010" if character == "\u2011" else unicodedata.normalize("NFD", character)
    return apart == character or not any(font.issuperset(apart) for font in fonts)


def _is_composed(words: str, index: int, letters: frozenset[str]) -> bool:
    """Whether a mark is part of a letter that fonts have as a whole."""
    if not index or not unicodedata.combining(words[index]):
        return False
    return unicodedata.normalize("NFC", words[index - 1 : index + 1]) in letters


def _script(character: str) -> str:
    """The script that a character is of, or that it mostly goes with; empty for a sign that belongs to no script."""
    code = str(scripts.script(character))
    if code not in COMMON:
        return code
    shared = sorted(scripts.script_extension(character) - COMMON)
    is_wide = unicodedata.east_asian_width(character) in {"F", "W"} and unicodedata.category(character) != "So"
    if HAN in shared or is_wide:
        return HAN
    return str(shared[0]) if len(shared) == 1 else ""


def _message(script: str, lack: _Lack) -> str:
    named = [f"'{character}' (U+{ord(character):04X})" for character in list(lack.characters)[:NAMED]]
    if more := len(lack.characters) - len(named):
        named.append(f"{more} more")
    name = str(scripts.script_name(script)).replace("_", " ") if script else ""
    what = f"{name} characters" if script else "characters"
    times = f", which stand here and in {lack.times - 1} other places" if lack.times > 1 else ""
    if len(lack.characters) == 1:
        what, times = what.removesuffix("s"), times.replace("stand", "stands")
    return f"no font of the book has the {what} {', '.join(named)}{times}"
