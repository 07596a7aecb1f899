"""What stands in square brackets: links, images, spans and citations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from postil.dialect import citations, links, references
from postil.dialect.attributes import AttributeList, allowed, read
from postil.dialect.outline import label
from postil.dialect.pieces import Pieces
from postil.dialect.tokens import Anchor, Cited, Closer, Opener, Picture, Whole, Wrapper
from postil.document import CrossReference
from postil.source import Diagnostic, Source, Span

DEPTH = 32  # how deep brackets are followed

LONGEST_LABEL = 200
LABEL = re.compile(r"\[(?![\^@])(?P<label>[^\[\]\n]{0,200})\]")
OBSIDIAN_WIDTH = re.compile(r"\|(?P<width>\d{1,5})(?:x\d{1,5})?\Z")
MARK = re.compile(r"\{(?:==|--|\+\+|~~|>>)|(?:==|--|\+\+|~~|<<)\}")
PAGE = frozenset({"page"})
INDEX = frozenset({"index"})


@dataclass(slots=True)
class _Bracket:
    """A `[` that is still open: which piece it is, and what it may become."""

    piece: int
    start: int
    image: bool
    key: tuple[int, re.Match[str]] | None  # the citation `@key` that stands before it, and which piece that is
    cites: bool = False  # whether a citation key stands in it
    refers: bool = False  # whether a reference to a figure or the like does, which looks like a key

    @property
    def inside(self) -> int:
        """The offset of what it holds."""
        return self.start + 1 + self.image


class Brackets:
    """The brackets of one stretch of prose, which ends at `end`. What they become replaces the pieces they hold.

    Where nothing `cites`, as within a citation, there are no others in it.
    """

    def __init__(
        self, source: Source, pieces: Pieces, targets: Mapping[str, links.Address], end: int, *, cites: bool
    ) -> None:
        self.source, self.text, self.pieces, self.targets, self.end = source, source.text, pieces, targets, end
        self._cites = cites
        self.used: set[str] = set()  # the link definitions that were used
        self._open: list[_Bracket] = []
        self._deeper = 0  # brackets that are open beyond those
        self._last_key: tuple[int, re.Match[str]] | None = None  # the last `@key`, and which piece it is

    @property
    def are_open(self) -> bool:
        """Whether a bracket is open, which may yet be a link's."""
        return bool(self._open)

    def open(self, found: re.Match[str]) -> int:
        """`[` or `![`: text, until what closes it says otherwise."""
        if len(self._open) == DEPTH:
            self._deeper += 1
        else:
            image = found.group() == "!["
            self._open.append(_Bracket(len(self.pieces.made), found.start(), image, self._key_before()))
        return self.pieces.words(*found.span())

    def key(self, found: re.Match[str]) -> int:
        """`@`, which begins a citation in the sentence if a key follows."""
        if not self._cites:
            return self.pieces.words(*found.span())
        if reference := references.KEY.match(self.text, found.start(), self.end):
            if self._open:
                self._open[-1].refers = True
            return self.pieces.whole(*reference.span(), references.of_key(reference))
        key = citations.KEY.match(self.text, found.start(), self.end)
        if not key:
            return self.pieces.words(*found.span())
        if self._open:
            self._open[-1].cites = True
        self._last_key = len(self.pieces.made), key
        return self.pieces.whole(*key.span(), citations.of_key(key))

    def close(self, found: re.Match[str]) -> int:
        """`]`, with what follows it."""
        start, after = found.span()
        if self._deeper or not self._open:
            self._deeper = max(0, self._deeper - 1)
            return self.pieces.words(start, after)
        bracket = self._open.pop()
        follows = self.text[after : after + 1] if after < self.end else ""
        end: int | None = None
        if follows == "(" and (address := self._address(after)):
            return self._link(bracket, links.target(address), start, address.end())
        if follows == "[" and (named := LABEL.match(self.text, after, self.end)):
            end = self._named_link(bracket, named["label"] or self.text[bracket.inside : start], start, named.end())
        elif follows == "{" and not bracket.image and (attributes := read(self.text, after, self.end)):
            end = self._span(bracket, attributes, start)
        elif bracket.refers and not bracket.image:
            end = self._references(bracket, start, after)
        elif not bracket.image and (bracket.cites or bracket.key):
            end = self._citation(bracket, after)
        if end is None and start - bracket.inside <= LONGEST_LABEL:
            end = self._named_link(bracket, self.text[bracket.inside : start], start, after)
        return end or self.pieces.words(start, after, *self._spaced_address(after))

    def _address(self, at: int) -> re.Match[str] | None:
        return links.TARGET.match(self.text, at, self.end) or links.SPACED_FILE.match(self.text, at, self.end)

    def _spaced_address(self, at: int) -> tuple[Diagnostic, ...]:
        """What is wrong if these brackets are no link only because of a space."""
        if not links.SPACED.match(self.text, at, self.end):
            return ()
        hint = "put the address in angle brackets, or write %20 for a space"
        return (self.source.diagnostic("P311", at + 1, "this address has a space in it", hint),)

    # --- links, images, spans ------------------------------------------------------------------------------------

    def _named_link(self, bracket: _Bracket, name: str, start: int, end: int) -> int | None:
        target = self.targets.get(label(name))
        if target is None:
            return None
        self.used.add(label(name))
        return self._link(bracket, target, start, end)

    def _link(self, bracket: _Bracket, target: links.Address, start: int, end: int) -> int:
        """A link or an image, whose text ends at `start`."""
        if bracket.image:
            return self._image(bracket, target, start, end)
        if start == bracket.inside:
            return self._empty_link(bracket, target, end)
        fault = links.fault(target.address, target.place, self.source)
        attributes = (("href", target.address), *((("title", target.title),) if target.title else ()))
        wrapper = Wrapper("a", () if fault else attributes)
        faults = (*marks_in(self.source, start, end), *([fault] if fault else []))
        return self._enclose(bracket, start, end, wrapper, *faults)

    def _empty_link(self, bracket: _Bracket, target: links.Address, end: int) -> int:
        """A link that fills itself."""
        self._cut(bracket)
        leads = links.place(target.address)
        if leads is None:
            hint = "write its words between the brackets; only a link to an id of this title fills itself"
            fault = self.source.diagnostic("P314", bracket.start, "this link has no words", hint)
            return self.pieces.words(bracket.start, end, fault)
        attributes = read(self.text, end, self.end)
        _, faults = allowed(attributes.items if attributes else (), "link", self.source, also=PAGE)
        form: Literal["number", "page"] = "page" if attributes and "page" in attributes.classes else "number"
        place = Span(bracket.start, attributes.end if attributes else end)
        file, identifier = leads
        node = CrossReference(identifier, form, place, file=file)
        return self.pieces.whole(place.start, place.end, node, *faults)

    def _image(self, bracket: _Bracket, target: links.Address, start: int, end: int) -> int:
        faults = [*marks_in(self.source, bracket.start, target.place.end if target.place.start < end else end)]
        address, fault = links.picture(unquote(target.address), target.place, self.source)
        faults += filter(None, (fault,))
        alt = references.without_label(self.pieces.plain(bracket.piece + 1))
        own = read(self.text, end, self.end)
        if width := OBSIDIAN_WIDTH.search(alt):
            message = f"'{width.group()}' is how wide a picture is in Obsidian, and is a part of its caption here"
            hint = f"write '{{width={width['width']}px}}' right behind the picture instead"
            faults.append(self.source.diagnostic("P161", bracket.start, message, hint))
        if not alt and (own is None or own.get("alt") is None):
            hint = "say between the brackets what the picture shows, for those who cannot see it"
            faults.append(self.source.diagnostic("P501", bracket.start, "this image has no alternative text", hint))
        self._cut(bracket)
        place = target.title_place if target.title else Span(bracket.inside, start)
        return self.pieces.add(Picture(bracket.start, end, tuple(faults), alt, address, place, target.title or ""))

    def _span(self, bracket: _Bracket, attributes: AttributeList, start: int) -> int:
        faults = marks_in(self.source, attributes.start, attributes.end)
        if "index" in attributes.classes:
            _, wrong = allowed(attributes.items, "index", self.source, also=INDEX)
            wrapper = Wrapper("index", index=attributes)
            if (end := attributes.get("range")) not in {None, "start", "end"}:
                message = f"'{end}' is neither the start nor the end of a range"
                wrong = (*wrong, self.source.diagnostic("P123", attributes.start, message))
        else:
            kept, wrong = allowed(attributes.items, "span", self.source)
            wrapper = Wrapper("span", kept)
        return self._enclose(bracket, start, attributes.end, wrapper, *faults, *wrong)

    def _enclose(self, bracket: _Bracket, start: int, end: int, wrapper: Wrapper, *faults: Diagnostic) -> int:
        """Make a pair of the bracket and what closes it, from `start` to `end`: no other can close it."""
        family = f"[{bracket.start}"
        self.pieces.made[bracket.piece] = Opener(bracket.start, bracket.start + 1, (), family)
        return self.pieces.add(Closer(start, end, faults, family, wrapper))

    # --- citations -----------------------------------------------------------------------------------------------

    def _key_before(self) -> tuple[int, re.Match[str]] | None:
        """The `@key` that a bracket would follow if it began here."""
        if self._last_key is None or len(self.pieces.made) > self._last_key[0] + 2:
            return None
        between = self.pieces.made[self._last_key[0] + 1 :]
        return self._last_key if all(isinstance(piece, str) and piece.isspace() for piece in between) else None

    def _citation(self, bracket: _Bracket, end: int) -> int | None:
        """The citation that the brackets hold, or the locator of the key before them."""
        place, first = Span(bracket.start, end), bracket.piece
        if bracket.key and not citations.begins_with_work(self.text, place):
            first, key = bracket.key
            cited = citations.in_text(self.source, key, place)
        elif bracket.cites:
            cited = citations.bracketed(self.source, place)
        else:
            return None
        faults = (*marks_in(self.source, place.start, end), *self._notes_in(bracket))
        self._cut(bracket)
        if isinstance(cited, Diagnostic):
            return self.pieces.words(bracket.start, end, cited, *faults)
        citation, around = cited
        if faults:  # what cannot stand there stays what was typed
            citation, around = citations.as_typed(self.text, citation, around), ()
        self.pieces.cut(first)
        return self.pieces.add(Cited(citation.span.start, end, faults, citation, around))

    def _references(self, bracket: _Bracket, start: int, end: int) -> int:
        """References in brackets, which are not set."""
        if bracket.cites:
            hint = "give each of them brackets of its own; a work whose key looks like a reference is cited as '@{key}'"
            message = "a work and a figure or section stand in the same brackets"
            return self.pieces.words(start, end, self.source.diagnostic("P131", bracket.start, message, hint))
        inside = references.in_brackets(self.pieces.made[bracket.piece + 1 :])
        opening = Whole(bracket.start, bracket.inside)
        self.pieces.made[bracket.piece :] = [opening, *inside]
        return self.pieces.whole(start, end, None)

    # --- pieces --------------------------------------------------------------------------------------------------

    def _cut(self, bracket: _Bracket) -> None:
        """Take back the pieces from a bracket on: they become one."""
        self.pieces.cut(bracket.piece)
        if self._last_key and self._last_key[0] >= bracket.piece:
            self._last_key = None

    def _notes_in(self, bracket: _Bracket) -> tuple[Diagnostic, ...]:
        """What is wrong in a citation's brackets, if a note stands there."""
        note = next((piece for piece in self.pieces.made[bracket.piece :] if isinstance(piece, Anchor)), None)
        message = "a note cannot stand in a citation's brackets"
        return (self.source.diagnostic("P108", note.start, message, "put it behind them"),) if note else ()


def marks_in(source: Source, start: int, end: int) -> tuple[Diagnostic, ...]:
    """What is wrong where no mark may stand, if one does."""
    mark = MARK.search(source.text, start, end)
    if not mark:
        return ()
    hint = "mark the whole of it, or say it in an editor's comment"
    return (source.diagnostic("P108", mark.start(), f"the mark '{mark.group()}' cannot stand here", hint),)
