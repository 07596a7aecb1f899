"""The constructs in one stretch of prose, found in one pass from left to right."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from postil.dialect import citations, html, links
from postil.dialect.attributes import AttributeList, allowed, read
from postil.dialect.outline import label
from postil.dialect.passage import unbroken
from postil.dialect.tokens import (
    Anchor,
    Braces,
    Closer,
    Comment,
    Middle,
    Opener,
    Picture,
    Token,
    Whole,
    Words,
    Wrapper,
)
from postil.document import CrossReference, Element, Node, Text
from postil.source import Diagnostic, Source, Span

BRACKETS = 32  # how deep brackets are followed

ESCAPABLE = re.escape("\\`*_{}[]()>#+-.!|\"'=~<@^$&:")
WORDS = r"""
    (?:(?<!\S)["'(“‘«]+)?                            # absorbed where white space precedes …
    [^\W_](?:[^\n\t\[\]{}<>&@!`*_\\|~]*[^\W_])?
    (?:[.,;:?!'")”’»]+(?=\s|\Z))?                    # … or follows: nobody looks at the neighbours there
"""
TOKEN = re.compile(
    rf"""
    (?P<words>{WORDS}) | (?P<space>[ \t]+) | (?P<emphasis>[*_]+) | (?P<escape>\\[{ESCAPABLE}])
  | (?P<opener>\{{(?:==|--|\+\+|~~)) | (?P<closer>(?:==|--|\+\+|~~)\}}) | (?P<middle>~>) | (?P<comment>\{{>>)
  | (?P<ticks>`+) | (?P<anchor>\[\^[^\[\]\s]+\]) | (?P<bracket>!?\[) | (?P<end>\]) | (?P<braces>\{{)
  | (?P<angle><) | (?P<reference>&) | (?P<key>(?<!\w)@) | (?P<pipe>\|) | (?P<hashes>(?<=[ \t])\#+(?=[ \t]*\Z))
  | (?P<other>(?:(?!(?:==|--|\+\+|~~|<<)\}}|~>)[^\w\s\\*_`\[\]{{}}<&@|!\#])+ | \S | [^\S\n])
    """,
    re.VERBOSE,
)
LABEL = re.compile(r"\[(?![\^@])(?P<label>[^\[\]\n]{0,200})\]")
AUTOLINK = re.compile(r"<(?P<address>[A-Za-z][A-Za-z0-9+.\-]{1,31}:[^\s<>]{1,2000})>")
MAIL = re.compile(r"<(?P<address>[^\s<>@!/]{1,200}@[^\s<>@]{1,200})>")
DECLARATION = re.compile(r"<[!?][A-Za-z\[]")
MARK = re.compile(r"\{(?:==|--|\+\+|~~|>>)|(?:==|--|\+\+|~~|<<)\}")
PAGE = frozenset({"page"})
INDEX_KEYS = frozenset({"index", "entry", "see", "see-also", "range"})

Piece = str | Token


class Row(NamedTuple):
    """A line of prose: where its words begin and end, and what stands before them, tabs made spaces."""

    start: int
    end: int
    prefix: str
    markers: bool


@dataclass(slots=True)
class _Bracket:
    """A `[` that is still open: which piece it is, and what it may become."""

    piece: int
    start: int
    key: re.Match[str] | None  # of the citation `@key` that stands before it
    cites: bool = False  # whether a citation key stands in it


class Segment:
    """Some lines of prose. No construct begins in it and ends outside."""

    def __init__(
        self,
        source: Source,
        rows: Sequence[Row],
        targets: Mapping[str, links.Target],
        unbalanced: set[int],
        *,
        tabular: bool,
    ) -> None:
        self.source, self.text, self.rows = source, source.text, rows
        self.targets, self.unbalanced, self.tabular = targets, unbalanced, tabular
        self.used: set[str] = set()  # the link definitions that were used
        self.end = rows[-1].end
        self.made: list[Piece] = []
        self.brackets: list[_Bracket] = []
        self.deeper = 0  # brackets that are open beyond those
        self.marks: list[int] = []  # the pieces that open a mark
        self.pipes: list[tuple[int, int]] = []  # the pieces that are pipes inside open marks, and their offsets
        self.key: tuple[int, re.Match[str]] | None = None  # the last `@key`, and which piece it is
        self.missing: set[str] = set()  # what has been looked for and does not come any more
        self.ticks: dict[int, list[int]] = defaultdict(list)  # where backticks stand, by how many
        if self.text.find("`", rows[0].start, self.end) >= 0:
            for found in re.compile("`+").finditer(self.text, rows[0].start, self.end):
                self.ticks[len(found.group())].append(found.start())

    def pieces(self) -> list[Piece]:
        """Tokens, and between them what is left for Python-Markdown."""
        act: dict[str, Callable[[re.Match[str]], int]] = {
            "escape": self._escape,
            "opener": self._opener,
            "closer": self._closer,
            "middle": self._middle,
            "comment": self._comment,
            "ticks": self._code,
            "anchor": self._anchor,
            "bracket": self._bracket,
            "end": self._bracket_end,
            "braces": self._braces,
            "angle": self._angle,
            "reference": self._reference,
            "key": self._key,
            "pipe": self._pipe,
        }
        made, match = self.made, TOKEN.match
        row, at = 0, self.rows[0].start
        made.append(self.rows[0].prefix)
        while at < self.end:
            while self.rows[row].end < at:
                row += 1
            if at == self.rows[row].end:
                row += 1
                made.append("\n" + self.rows[row].prefix)
                at = self.rows[row].start
                continue
            found = match(self.text, at, self.end)
            kind = found.lastgroup if found else None
            if found is None or kind is None:  # nothing is left over by the expression; but text is never lost
                at = self._words(at, at + 1)
            elif kind in {"words", "other"}:
                at = found.end()
                made.append(Words(found.start(), at, (), found.group(), ((0, found.start()),)))
            elif kind in {"space", "emphasis", "hashes"}:
                at = found.end()
                made.append(found.group().replace("\t", " "))
            else:
                at = act[kind](found)
        return made

    # --- plain text ----------------------------------------------------------------------------------------------

    def _words(self, start: int, end: int, *diagnostics: Diagnostic) -> int:
        self.made.append(Words(start, end, diagnostics, self.text[start:end], ((0, start),)))
        return end

    def _escape(self, found: re.Match[str]) -> int:
        start, end = found.span()
        self.made.append(Words(start, end, (), found.group()[1], ((0, start + 1),), literal=True))
        return end

    def _reference(self, found: re.Match[str]) -> int:
        start = found.start()
        reference = html.REFERENCE.match(self.text, start, self.end)
        if not reference:
            return self._words(start, start + 1)
        if value := html.decoded(reference):
            self.made.append(Words(start, reference.end(), (), value, ((0, start),), literal=True))
            return reference.end()
        hint = "type the character itself, or '&amp;' for an ampersand"
        fault = self.source.diagnostic("P114", start, f"'{reference.group()}' names no character", hint)
        return self._words(start, reference.end(), fault)

    def _pipe(self, found: re.Match[str]) -> int:
        if not self.tabular:
            return self._words(*found.span())
        if self.marks:
            self.pipes.append((len(self.made), found.start()))
        self.made.append("|")
        return found.end()

    def _code(self, found: re.Match[str]) -> int:
        start, inside = found.span()
        places = self.ticks[inside - start]
        after = bisect_right(places, start)
        if after == len(places):
            return self._words(start, inside)
        close = places[after]
        end = close + inside - start
        content = unbroken(self.text, inside, close)
        self._whole(start, end, Element("code", (content,) if content.value else (), (), Span(start, end)))
        return end

    # --- marks, comments, anchors ---------------------------------------------------------------------------------

    def _opener(self, found: re.Match[str]) -> int:
        self.marks.append(len(self.made))
        self.made.append(Opener(*found.span(), family=found.group()[1]))
        return found.end()

    def _closer(self, found: re.Match[str]) -> int:
        family = found.group()[0]
        opener = self.made[self.marks[-1]] if self.marks else None
        if isinstance(opener, Opener) and opener.family == family:
            first = self.marks.pop()
            while self.pipes and self.pipes[-1][0] > first:  # what stands in a mark divides no cells
                piece, at = self.pipes.pop()
                self.made[piece] = Words(at, at + 1, (), "|", ((0, at),))
        self.made.append(Closer(*found.span(), family=family))
        return found.end()

    def _middle(self, found: re.Match[str]) -> int:
        self.made.append(Middle(*found.span()))
        return found.end()

    def _comment(self, found: re.Match[str]) -> int:
        start, inside = found.span()
        close = self._find("<<}", inside)
        if close < 0:
            hint = "end it with '<<}' in the same paragraph"
            return self._words(start, inside, self.source.diagnostic("P101", start, "this comment is never closed", hint))
        attributes = read(self.text, close + 3, self.end)
        end = attributes.end if attributes else close + 3
        self.made.append(Comment(start, end, body=Span(inside, close), attributes=attributes))
        return end

    def _anchor(self, found: re.Match[str]) -> int:
        self.made.append(Anchor(*found.span(), id=found.group()[2:-1]))
        return found.end()

    # --- brackets ------------------------------------------------------------------------------------------------

    def _bracket(self, found: re.Match[str]) -> int:
        if len(self.brackets) == BRACKETS:
            self.deeper += 1
        else:
            self.brackets.append(_Bracket(len(self.made), found.start(), self._key_before()))
        return self._words(*found.span())

    def _bracket_end(self, found: re.Match[str]) -> int:
        start, after = found.span()
        if self.deeper or not self.brackets:
            self.deeper = max(0, self.deeper - 1)
            return self._words(start, after)
        bracket = self.brackets.pop()
        image = self.text.startswith("!", bracket.start)
        follows = self.text[after : after + 1] if after < self.end else ""
        if follows == "(" and (address := links.TARGET.match(self.text, after, self.end)):
            return self._link(bracket, links.target(address), start, address.end())
        if follows == "[" and (named := LABEL.match(self.text, after, self.end)):
            name = label(named["label"] or self.text[bracket.start + 1 + image : start])
            if name in self.targets:
                return self._named_link(bracket, name, start, named.end())
        if follows == "{" and not image and (attributes := read(self.text, after, self.end)):
            return self._span(bracket, attributes, start)
        if not image and (bracket.cites or bracket.key) and (end := self._citation(bracket, after)):
            return end
        if (name := label(self.text[bracket.start + 1 + image : start][:200])) in self.targets:
            return self._named_link(bracket, name, start, after)
        if follows == "(" and links.SPACED.match(self.text, after, self.end):
            hint = "put the address in angle brackets, or write %20 for a space"
            fault = self.source.diagnostic("P311", after + 1, "this address has a space in it", hint)
            return self._words(start, after, fault)
        return self._words(start, after)

    def _named_link(self, bracket: _Bracket, name: str, start: int, end: int) -> int:
        self.used.add(name)
        return self._link(bracket, self.targets[name], start, end)

    def _link(self, bracket: _Bracket, target: links.Target, start: int, end: int) -> int:
        """A link or an image, whose text ends at `start`."""
        if self.text.startswith("!", bracket.start):
            return self._image(bracket, target, start, end)
        if start == bracket.start + 1:
            return self._empty_link(bracket, target, end)
        faults = [*self._marks_in(Span(start, end))]
        if fault := links.fault(target.address, target.place, self.source):
            faults.append(fault)
        attributes = (("href", target.address), *((("title", target.title),) if target.title else ()))
        self._enclose(bracket, start, end, Wrapper("a", () if faults else attributes), *faults)
        return end

    def _empty_link(self, bracket: _Bracket, target: links.Target, end: int) -> int:
        if not re.match(r"#[^\s#]", target.address):
            hint = "write its words between the brackets; only a link to an id of this title fills itself"
            fault = self.source.diagnostic("P314", bracket.start, "this link has no words", hint)
            self._cut(bracket)
            return self._words(bracket.start, end, fault)
        attributes = read(self.text, end, self.end)
        _, faults = allowed(attributes.items if attributes else (), "link", self.source, also=PAGE)
        form: Literal["number", "page"] = "page" if attributes and "page" in attributes.classes else "number"
        end = attributes.end if attributes else end
        self._cut(bracket)
        node = CrossReference(target.address[1:], form, Span(bracket.start, end))
        return self._whole(bracket.start, end, node, *faults)

    def _image(self, bracket: _Bracket, target: links.Target, start: int, end: int) -> int:
        faults = [*self._marks_in(Span(bracket.start, target.place.end))]
        if fault := links.image_fault(target.address, target.place, self.source):
            faults.append(fault)
        alt = self._plain(self.made[bracket.piece + 1 :])
        if not alt:
            hint = "say between the brackets what the picture shows, for those who cannot see it"
            faults.append(self.source.diagnostic("P501", bracket.start, "this image has no alternative text", hint))
        self._cut(bracket)
        self.made.append(
            Picture(bracket.start, end, tuple(faults), alt, target.address, target.title_place, target.title or "")
        )
        return end

    def _span(self, bracket: _Bracket, attributes: AttributeList, start: int) -> int:
        faults = [*self._marks_in(Span(attributes.start, attributes.end))]
        if "index" in attributes.classes:
            _, wrong = allowed(attributes.items, "index", self.source, also=INDEX_KEYS)
            faults += wrong
            if (range_ := attributes.get("range")) not in {None, "start", "end"}:
                fault = f"'{range_}' is neither the start nor the end of a range"
                faults.append(self.source.diagnostic("P123", attributes.start, fault))
            wrapper = Wrapper("index", index=attributes)
        else:
            kept, wrong = allowed(attributes.items, "span", self.source)
            faults += wrong
            wrapper = Wrapper("span", kept)
        self._enclose(bracket, start, attributes.end, wrapper, *faults)
        return attributes.end

    def _enclose(self, bracket: _Bracket, start: int, end: int, wrapper: Wrapper, *faults: Diagnostic) -> None:
        """Make a pair of the bracket and what closes it, from `start` to `end`: no other can close it."""
        family = f"[{bracket.start}"
        self.made[bracket.piece] = Opener(bracket.start, bracket.start + 1, family=family)
        self.made.append(Closer(start, end, faults, family, wrapper))

    # --- citations -----------------------------------------------------------------------------------------------

    def _key(self, found: re.Match[str]) -> int:
        key = citations.KEY.match(self.text, found.start(), self.end)
        if not key:
            return self._words(*found.span())
        if self.brackets:
            self.brackets[-1].cites = True
        self.key = len(self.made), key
        return self._whole(*key.span(), citations.in_text(self.source, key, None))

    def _key_before(self) -> re.Match[str] | None:
        """The `@key` that a bracket would follow if it began here."""
        if self.key is None:
            return None
        piece, key = self.key
        between = self.made[piece + 1 :]
        return key if all(isinstance(piece, str) and not piece.strip() for piece in between) else None

    def _citation(self, bracket: _Bracket, end: int) -> int | None:
        """The citation that the brackets hold, or the locator of the key before them."""
        inside = Span(bracket.start, end)
        if bracket.key and not citations.begins_with_work(self.text, inside):
            first, node = bracket.key.start(), citations.in_text(self.source, bracket.key, inside)
        elif bracket.cites:
            first, node = bracket.start, citations.bracketed(self.source, inside)
        else:
            return None
        faults = (*self._marks_in(inside), *self._notes_in(bracket))
        self._cut(bracket)
        if isinstance(node, Diagnostic):
            return self._words(bracket.start, end, node, *faults)
        if first < bracket.start and self.key:
            del self.made[self.key[0] :]
        return self._whole(first, end, node, *faults)

    # --- HTML and attribute lists --------------------------------------------------------------------------------

    def _angle(self, found: re.Match[str]) -> int:
        start = found.start()
        if tag := html.TAG.match(self.text, start, self.end):
            return self._tag(tag)
        if (link := AUTOLINK.match(self.text, start, self.end)) or (link := MAIL.match(self.text, start, self.end)):
            address = link["address"] if link.re is AUTOLINK else f"mailto:{link['address']}"
            fault = links.fault(address, start + 1, self.source)
            words = Text(link["address"], ((0, start + 1),))
            node = Element("a", (words,), () if fault else (("href", address),), Span(*link.span()))
            return self._whole(*link.span(), node, *([fault] if fault else []))
        if self.text.startswith("<!--", start):
            close = self._find("-->", start + 4)
            if close >= 0:
                return self._whole(start, close + 3, None)
            hint = "end it with '-->'; only a comment at the beginning of a line may hold a blank line"
            return self._words(start, start + 4, self.source.diagnostic("P113", start, "this comment is never closed", hint))
        if DECLARATION.match(self.text, start, self.end):
            return self._words(start, start + 2, self.source.diagnostic("P110", start, "this is not allowed as raw HTML"))
        return self._words(start, start + 1)

    def _tag(self, tag: re.Match[str]) -> int:
        start, end = tag.span()
        name = tag["name"].lower()
        if start in self.unbalanced:
            return self._words(start, end)
        if fault := html.misplaced(tag, self.source):
            return self._words(start, end, fault)
        if tag["close"]:
            self.made.append(Closer(start, end, family=f"<{name}"))
            return end
        element, faults = html.element(tag, self.source)
        if tag["empty"] or name in html.EMPTY:
            return self._whole(start, end, element, *faults)
        self.made.append(Opener(start, end, faults, f"<{name}", Wrapper(name, element.attributes)))
        return end

    def _braces(self, found: re.Match[str]) -> int:
        attributes = read(self.text, found.start(), self.end)
        if not attributes:
            return self._words(*found.span())
        place = Span(attributes.start, attributes.end)
        self.made.append(Braces(place.start, place.end, self._marks_in(place), attributes))
        return attributes.end

    def _find(self, closing: str, start: int) -> int:
        """Where something closes, or -1; what is missing is looked for once."""
        found = -1 if closing in self.missing else self.text.find(closing, start, self.end)
        if found < 0:
            self.missing.add(closing)
        return found

    # --- pieces --------------------------------------------------------------------------------------------------

    def _whole(self, start: int, end: int, node: Node | None, *diagnostics: Diagnostic) -> int:
        self.made.append(Whole(start, end, diagnostics, node))
        return end

    def _cut(self, bracket: _Bracket) -> None:
        """Take back the pieces from a bracket on: they become one."""
        del self.made[bracket.piece :]
        while self.marks and self.marks[-1] >= bracket.piece:
            self.marks.pop()
        while self.pipes and self.pipes[-1][0] >= bracket.piece:
            self.pipes.pop()

    def _marks_in(self, place: Span) -> tuple[Diagnostic, ...]:
        """What is wrong where no mark may stand, if one does."""
        mark = MARK.search(self.text, place.start, place.end)
        if not mark:
            return ()
        hint = "mark the whole of it, or say it in an editor's comment"
        return (self.source.diagnostic("P108", mark.start(), f"the mark '{mark.group()}' cannot stand here", hint),)

    def _notes_in(self, bracket: _Bracket) -> tuple[Diagnostic, ...]:
        """What is wrong in a citation's brackets, if a note stands there."""
        note = next((piece for piece in self.made[bracket.piece :] if isinstance(piece, Anchor)), None)
        message = "a note cannot stand in a citation's brackets"
        return (self.source.diagnostic("P108", note.start, message, "put it behind them"),) if note else ()

    @staticmethod
    def _plain(pieces: Sequence[Piece]) -> str:
        """Pieces as words without emphasis."""
        text = []
        for piece in pieces:
            if isinstance(piece, str):
                text.append(piece.replace("*", ""))
            elif isinstance(piece, Words):
                text.append(piece.text)
        return " ".join("".join(text).split())

