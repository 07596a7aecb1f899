"""The constructs in one stretch of prose, found in one pass from left to right."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import unquote

from postil.dialect import foreign, html, links, maths, references
from postil.dialect.attributes import AttributeList, read, unreadable
from postil.dialect.brackets import Brackets, marks_in
from postil.dialect.notations import Notation
from postil.dialect.passage import unbroken
from postil.dialect.pieces import Piece, Pieces
from postil.dialect.tokens import (
    Anchor,
    Braces,
    Closer,
    Comment,
    InlineNote,
    Middle,
    Opener,
    Picture,
    Whole,
    Words,
    Wrapper,
)
from postil.document import Element, Text
from postil.source import Diagnostic, Source, Span

ESCAPABLE = re.escape("\\`*_{}[]()>#+-.!|\"'=~<@^$&:% ")
WORDS = r"""
    (?:(?<!\S)["'(“‘«]+)?                            # absorbed where white space precedes …
    [^\W_](?:[^\n\t\[\]{}<>&@!`*_\\|~^$]*[^\W_])?
    (?:[.,;:?!'")”’»]+(?=\s|\Z))?                    # … or follows: nobody looks at the neighbours there
"""
TOKEN = re.compile(
    rf"""
    (?P<words>{WORDS}) | (?P<space>[ \t]+) | (?P<emphasis>[*_]+) | (?P<escape>\\[{ESCAPABLE}]) | (?P<hard>\\(?=\n))
  | (?P<opener>\{{(?:==|--|\+\+|~~)) | (?P<closer>(?:==|--|\+\+|~~)\}}) | (?P<middle>~>) | (?P<comment>\{{>>)
  | (?P<inline>\^\[) | (?P<shift>\^|~~?(?!~))
  | (?P<ticks>`+) | (?P<anchor>\[\^[^\[\]\s]+\]) | (?P<misnamed>\[\^[^\[\]]{{0,100}}\](?![(\[{{]))
  | (?P<bracket>!?\[) | (?P<end>\]) | (?P<braces>\{{)
  | (?P<angle><) | (?P<reference>&) | (?P<key>(?<!\w)@) | (?P<dollar>\$) | (?P<pipe>\|)
  | (?P<hashes>(?<=[ \t])\#+(?=[ \t]*\Z))
  | (?P<other>(?:(?!(?:==|--|\+\+|~~|<<)\}}|~>)[^\w\s\\*_`\[\]{{}}<&@|!\#^~$])+ | ~+(?!\}}) | \S | [^\S\n])
    """,
    re.VERBOSE,
)
# What stands above the line, below it, or is struck through. Above and below it no space stands, as in pandoc; below it
# stands only what follows something, since "~5" is about five.
SHIFTED = {
    "^": (re.compile(r"\^(?:\\.|[^\s^\\])+\^(?!\^)"), "sup"),
    "~": (re.compile(r"(?<=[^\s~])~(?:\\.|[^\s~\\])+~(?!~)"), "sub"),
    "~~": (re.compile(r"~~(?=[^\s~])(?:\\.|[^~\\]|~(?!~))*?(?<=[^\s~])~~(?!~)", re.DOTALL), "s"),
}
SCHEME = re.compile("https?://", re.IGNORECASE)
ADDRESS = re.compile(r"(?<![\w/])https?://[^\s<>\[\]{}|\\^`\"]+", re.IGNORECASE)
NAMED_ADDRESS = re.compile(r"\[(?![\^@\d])[^\[\]\n]+\](?![(\[])")
EMPHASES = 10_000  # how many delimiters of emphasis are read in one stretch
AUTOLINK = re.compile(r"<(?P<address>[A-Za-z][A-Za-z0-9+.\-]{1,31}:[^\s<>]{1,2000})>")
MAIL = re.compile(r"<(?P<address>[^\s<>@!/]{1,200}@[^\s<>@]{1,200})>")
BESIDE = 80  # how far from a formula words are looked for in its line
WORDY = re.compile(r"[\w)\]]")
LINE_END = re.compile(r"[ \t]*\n")
DECLARATION = re.compile(r"<[!?][A-Za-z\[]")


class Row(NamedTuple):
    """A line of prose: where its words begin and end.

    A line of verse is indented by some columns, or it goes on with the one before it.
    """

    start: int
    end: int
    indent: int = 0
    goes_on: bool = False


class Segment:
    """Some lines of prose. No construct begins in it and ends outside."""

    def __init__(  # noqa: PLR0913 -- what a stretch of prose is read with
        self,
        source: Source,
        rows: Sequence[Row],
        targets: Mapping[str, links.Address],
        unbalanced: set[int],
        *,
        tabular: bool,
        cites: bool = True,
    ) -> None:
        self.source, self.text, self.rows, self.end = source, source.text, rows, rows[-1].end
        self.unbalanced, self.tabular = unbalanced, tabular
        self.made = Pieces(self.text)
        self.brackets = Brackets(source, self.made, targets, self.end, cites=cites)
        self.emphases = 0
        self.missing: set[str] = set()  # what has been looked for and does not come any more
        self.closing: dict[int, int] | None = None  # where the brackets end, once that is asked
        self.shifted: dict[int, str] = {}  # where what is above the line, below it or struck ends, and its element
        self.ticks: dict[int, list[int]] = defaultdict(list)  # where backticks stand, by how many
        if self.text.find("`", rows[0].start, self.end) >= 0:
            for found in re.compile("`+").finditer(self.text, rows[0].start, self.end):
                self.ticks[len(found.group())].append(found.start())

    def pieces(self) -> list[Piece]:
        """Tokens, and between them what is left for Python-Markdown."""
        pieces = self._read()
        words = [number for number, piece in enumerate(pieces) if isinstance(piece, Words)]
        ends = [pieces[number].end for number in words]  # type: ignore[union-attr]

        def piece_at(at: int) -> Words | None:
            after = bisect_right(ends, at)
            piece = pieces[words[after]] if after < len(words) else None
            return piece if isinstance(piece, Words) and piece.start <= at else None

        def stands(at: int, notation: Notation) -> bool:
            piece = piece_at(at)
            return piece is not None and piece.literal <= notation.escaped

        for at, fault in foreign.found(self.source, [row.start for row in self.rows], self.end, stands):
            if piece := piece_at(at):
                number = words[bisect_right(ends, at)]
                pieces[number] = replace(piece, diagnostics=(*piece.diagnostics, fault))
        return pieces

    def _read(self) -> list[Piece]:
        act: dict[str, Callable[[re.Match[str]], int]] = {
            "escape": self._escape,
            "hard": self._hard_break,
            "opener": self._opener,
            "inline": self._inline_note,
            "shift": self._shift,
            "closer": self._closer,
            "middle": self._middle,
            "comment": self._comment,
            "ticks": self._code,
            "anchor": self._anchor,
            "misnamed": self._misnamed,
            "bracket": self.brackets.open,
            "end": self.brackets.close,
            "braces": self._braces,
            "angle": self._angle,
            "reference": self._reference,
            "key": self.brackets.key,
            "pipe": self._pipe,
            "dollar": self._dollar,
        }
        made, match = self.made.made, TOKEN.match
        row, at = 0, self.rows[0].start
        self._indent(self.rows[0])
        while at < self.end:
            while self.rows[row].end < at:
                row += 1
            if at == self.rows[row].end:
                row += 1
                made.append(" " if self.rows[row].goes_on else "\n")
                self._indent(self.rows[row])
                at = self.rows[row].start
                continue
            found = match(self.text, at, self.end)
            kind = found.lastgroup if found else None
            if found is None or kind is None:  # nothing is left over by the expression; but text is never lost
                at = self.made.words(at, at + 1)
            elif kind in {"words", "other"}:
                if "://" in found.group() and (address := self._address(found)):
                    at = address
                    continue
                at = found.end()
                made.append(Words(found.start(), at, (), found.group(), ((0, found.start()),)))
            elif kind == "emphasis" and self._too_many():
                at = self.made.words(*found.span())
            elif kind in {"space", "emphasis", "hashes"}:
                at = found.end()
                made.append(found.group())
            else:
                at = act[kind](found)
        return made

    def _indent(self, row: Row) -> None:
        """Keep the spaces before a line of verse."""
        if row.indent:
            first = row.start
            while first > row.start - row.indent and self.text[first - 1] in " \t":
                first -= 1
            runs = tuple((column, min(first + column, row.start - 1)) for column in range(row.indent))
            self.made.add(Words(first, row.start, (), "\N{NO-BREAK SPACE}" * row.indent, runs, literal=True))

    def _too_many(self) -> bool:
        """Whether there is more emphasis in one block than Python-Markdown can read in a reasonable time."""
        self.emphases += 1
        return self.emphases > EMPHASES

    # --- plain text ----------------------------------------------------------------------------------------------

    def _escape(self, found: re.Match[str]) -> int:
        """A sign that is meant as text; a space, as one at which no line ends (as in pandoc)."""
        start, end = found.span()
        if reference := references.BY_NUMBER.match(self.text, start, self.end):
            return self.made.whole(*reference.span(), references.by_number(reference))
        sign = found.group()[1].replace(" ", "\N{NO-BREAK SPACE}")
        faults: tuple[Diagnostic, ...] = ()
        if sign == "\\" and LINE_END.match(self.text, end, self.end):
            message = "two backslashes break a line in kramdown; here they print one, and the line goes on"
            faults = (self.source.diagnostic("P161", start, message, "for a new line, end this one with a single one"),)
        return self.made.add(Words(start, end, faults, sign, ((0, start + 1),), literal=True))

    def _hard_break(self, found: re.Match[str]) -> int:
        """A backslash at the end of a line, as in CommonMark."""
        start, end = found.span()
        return self.made.add(Whole(start, end, node=Element("br", span=Span(start, end))))

    def _reference(self, found: re.Match[str]) -> int:
        start = found.start()
        reference = html.REFERENCE.match(self.text, start, self.end)
        if not reference:
            return self.made.words(start, start + 1)
        if value := html.decoded(reference):
            return self.made.add(Words(start, reference.end(), (), value, ((0, start),), literal=True))
        hint = "type the character itself, or '&amp;' for an ampersand"
        fault = self.source.diagnostic("P114", start, f"'{reference.group()}' names no character", hint)
        return self.made.words(start, reference.end(), fault)

    def _pipe(self, found: re.Match[str]) -> int:
        return self.made.pipe(found.start()) if self.tabular else self.made.words(*found.span())

    def _code(self, found: re.Match[str]) -> int:
        start, inside = found.span()
        places = self.ticks[inside - start]
        after = bisect_right(places, start)
        if after == len(places):
            return self.made.words(start, inside)
        close = places[after]
        end = close + inside - start
        content = unbroken(self.text, inside, close)
        code = Element("code", (content,) if content.value else (), (), Span(start, end))
        self.made.whole(start, end, code, *foreign.in_line(self.source, inside, close))
        return end

    def _address(self, found: re.Match[str]) -> int | None:
        """A link where an address stands in words; where nothing says that they are to be linked, it does itself."""
        begins = (each.start() for each in SCHEME.finditer(self.text, *found.span()))
        address = next(filter(None, (ADDRESS.match(self.text, at, self.end) for at in begins)), None)
        if address is None or self.brackets.are_open:
            return None
        start, end = address.span()
        while self.text[end - 1] in ".,:;!?'*_~\"" or (
            self.text[end - 1] == ")" and self.text.count(")", start, end) > self.text.count("(", start, end)
        ):
            end -= 1
        if start > found.start():
            self.made.words(found.start(), start)
        words = Text(self.text[start:end], ((0, start),))
        node = Element("a", (words,), (("href", self.text[start:end]),), Span(start, end))
        faults: tuple[Diagnostic, ...] = ()
        if named := NAMED_ADDRESS.match(self.text, end, self.end):
            message = "these words in brackets are those of a link in AsciiDoc, and would be printed as they stand"
            hint = f"write '{named.group()}({self.text[start:end]})'"
            faults = (self.source.diagnostic("P161", end, message, hint),)
        return self.made.whole(start, end, node, *faults)

    def _shift(self, found: re.Match[str]) -> int:
        """The beginning or the end of what is above the line, below it, or struck through."""
        start, end = found.span()
        if name := self.shifted.pop(start, ""):
            return self.made.add(Closer(start, end, family=f"<{name}"))
        pattern, name = SHIFTED[found.group()]
        whole = pattern.match(self.text, start, self.end)
        if not whole or name in self.shifted.values():
            return self.made.words(start, end)
        self.shifted[whole.end() - (end - start)] = name
        faults: tuple[Diagnostic, ...] = ()
        if name == "s":
            hint = "a deletion that an editor proposes is '{--words--}'"
            faults = (self.source.diagnostic("P128", start, "these words are printed struck through", hint),)
        return self.made.add(Opener(start, end, faults, f"<{name}", Wrapper(name)))

    def _inline_note(self, found: re.Match[str]) -> int:
        """`^[…]`, a note in the line itself."""
        start, inside = found.span()
        if self.closing is None:
            self.closing = self._brackets()
        end = self.closing.get(inside - 1)
        if end is None:
            hint = "end it with ']' in the same paragraph"
            fault = self.source.diagnostic("P101", start, "this note is never closed", hint)
            return self.made.words(start, inside, fault)
        return self.made.add(InlineNote(start, end + 1, (), Span(inside, end)))

    def _brackets(self) -> dict[int, int]:
        """Where each bracket that is closed in this stretch is: none in code, and none behind a backslash."""
        closing: dict[int, int] = {}
        opened: list[int] = []
        ticks = self.ticks.get(1, [])
        at = self.rows[0].start
        while at < self.end:
            sign = self.text[at]
            if sign == "`" and (after := bisect_right(ticks, at)) and ticks[after - 1] == at and after < len(ticks):
                at = ticks[after]
            elif sign == "[":
                opened.append(at)
            elif sign == "]" and opened:
                closing[opened.pop()] = at
            at += 2 if sign == "\\" else 1
        return closing

    def _dollar(self, found: re.Match[str]) -> int:
        start, after = found.span()
        place = maths.find(self.text, start, self.end)
        if not place:
            return self.made.words(start, after, *maths.not_maths(self.source, start, self.end))
        node, end, faults = maths.formula(self.source, start, place, self.rows, self.end)
        if place.display and self._is_within_a_line(start, end):
            message = "a formula that is set off stands within a line of words"
            hint = "write single dollar signs for one in the sentence; or put it on lines of its own"
            faults.append(self.source.diagnostic("P176", start, message, hint))
        return self.made.whole(start, end, node, *faults)

    def _is_within_a_line(self, start: int, end: int) -> bool:
        """Whether something stands before a place in its line, and words or the end of a bracket behind it."""
        before = self.text[max(start - BESIDE, self.rows[0].start) : start].rpartition("\n")[2]
        behind = self.text[end : min(end + BESIDE, self.end)].partition("\n")[0]
        return bool(before.strip() and WORDY.search(behind))

    # --- marks, comments, anchors ---------------------------------------------------------------------------------

    def _opener(self, found: re.Match[str]) -> int:
        return self.made.open_mark(Opener(*found.span(), family=found.group()[1]))

    def _closer(self, found: re.Match[str]) -> int:
        return self.made.close_mark(Closer(*found.span(), family=found.group()[0]))

    def _middle(self, found: re.Match[str]) -> int:
        return self.made.add(Middle(*found.span()))

    def _comment(self, found: re.Match[str]) -> int:
        start, inside = found.span()
        close = self._find("<<}", inside)
        if close < 0:
            hint = "end it with '<<}' in the same paragraph"
            fault = self.source.diagnostic("P101", start, "this comment is never closed", hint)
            return self.made.words(start, inside, fault)
        attributes = read(self.text, close + 3, self.end)
        end = attributes.end if attributes else close + 3
        return self.made.add(Comment(start, end, (), Span(inside, close), attributes))

    def _anchor(self, found: re.Match[str]) -> int:
        return self.made.add(Anchor(*found.span(), id=found.group()[2:-1]))

    def _misnamed(self, found: re.Match[str]) -> int:
        """`[^my note]` or `[^]`, which looks like an anchor."""
        start, end = found.span()
        name = "-".join(found.group()[2:-1].split())
        message = "the name of a note has no spaces" if name else "a note needs a name"
        hint = f"write '[^{name or 1}]', here and where it is defined; or a backslash before the bracket if it is text"
        return self.made.words(start, end, self.source.diagnostic("P412", start, message, hint))

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
            return self.made.whole(*link.span(), node, *([fault] if fault else []))
        if self.text.startswith("<!--", start):
            close = self._find("-->", start + 4)
            if close >= 0:
                return self.made.whole(start, close + 3, None)
            hint = "end it with '-->'; only a comment at the beginning of a line may hold a blank line"
            fault = self.source.diagnostic("P113", start, "this comment is never closed", hint)
            return self.made.words(start, start + 4, fault)
        if DECLARATION.match(self.text, start, self.end):
            fault = self.source.diagnostic("P110", start, "a declaration is not allowed as raw HTML")
            return self.made.words(start, start + 2, fault)
        return self.made.words(start, start + 1)

    def _tag(self, tag: re.Match[str]) -> int:
        start, end = tag.span()
        name = tag["name"].lower()
        if start in self.unbalanced:
            return self.made.words(start, end)
        if name not in html.LINKS and (fault := html.misplaced(tag, self.source)):
            return self.made.words(start, end, fault)
        if tag["close"]:
            return self.made.add(Closer(start, end, family=f"<{name}"))
        if name in html.LINKS:
            return self._html_link(tag) if name == "a" else self._html_picture(tag)
        element, faults = html.element(tag, self.source)
        if tag["empty"] or name in html.EMPTY:
            return self.made.whole(start, end, element, *faults)
        return self.made.add(Opener(start, end, faults, f"<{name}", Wrapper(name, element.attributes)))

    def _html_link(self, tag: re.Match[str]) -> int:
        """`<a href="…">`, or a place to which links lead."""
        items = {item.name: item for item in html.given(tag, self.source)}
        address, place, title = items.get("href"), items.get("id") or items.get("name"), items.get("title")
        attributes = (("id", place.value),) if place and place.value else ()
        if address is None:
            return self.made.add(Opener(*tag.span(), (), "<a", Wrapper("span", attributes)))
        fault = links.fault(address.value, address.start, self.source)
        if not fault:
            attributes = (*attributes, ("href", address.value), *((("title", title.value),) if title else ()))
        return self.made.add(Opener(*tag.span(), (fault,) if fault else (), "<a", Wrapper("a", attributes)))

    def _html_picture(self, tag: re.Match[str]) -> int:
        """`<img src="…" alt="…">`. What else is said of it is as if it stood in braces behind it."""
        start, end = tag.span()
        items = {item.name: item for item in html.given(tag, self.source)}
        source, alt = items.get("src"), items.get("alt")
        given = unquote(source.value) if source else ""
        address, fault = links.picture(given, source.start if source else start, self.source)
        faults = [fault] if fault else []
        if alt is None:
            hint = 'say what it shows, as in alt="…", for those who cannot see it; alt="" if it is an ornament'
            faults.append(self.source.diagnostic("P501", start, "this image has no alternative text", hint))
        self.made.add(Picture(start, end, tuple(faults), alt.value if alt else "", address))
        rest = tuple(item for name, item in items.items() if name not in {"src", "alt", "title", "loading"})
        return self.made.add(Braces(end, end, (), AttributeList(rest, end, end))) if rest else end

    def _braces(self, found: re.Match[str]) -> int:
        attributes = read(self.text, found.start(), self.end)
        if not attributes:
            return self.made.words(*found.span(), *unreadable(self.source, found.start(), self.end))
        faults = marks_in(self.source, attributes.start, attributes.end)
        return self.made.add(Braces(attributes.start, attributes.end, faults, attributes))

    def _find(self, closing: str, start: int) -> int:
        """Where something closes, or -1; what is missing is looked for once."""
        found = -1 if closing in self.missing else self.text.find(closing, start, self.end)
        if found < 0:
            self.missing.add(closing)
        return found
