"""BibTeX and BibLaTeX files: every entry with its place, read as far as it can be read, and every fault in it.

The library bibtexparser cuts a file into blocks, and goes on behind a block that is broken. What stands within a block
is read here: so a fault has its line and column, and what is good of the entry is kept.
"""

from __future__ import annotations

import bisect
import logging
import re
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import ImplicitComment

from postil.bibliography.facts import facts
from postil.bibliography.reading.dates import month
from postil.source import Diagnostic, Source, Span

OPENING = re.compile(r"@[ \t]*(?P<type>\w+)\s*(?P<bracket>[{(])\s*")
# what was meant to be such an opening, but its sign, its type or its bracket is missing or spoilt: "@book coll2004,"
LOST = re.compile(
    rf"^\W?(?:@[^\n]{{0,100}}|\W?(?:{'|'.join(facts()['bibtex']['types'])})\W?[({{][^\n]{{0,100}}),\s*[A-Za-z][\w-]*\s*=",
    re.MULTILINE | re.IGNORECASE,
)
NAME = re.compile(r"[^\s,{}()=\"#%~\\]+")
KEY = {"}": re.compile(r"[^\s,{}=]+"), ")": re.compile(r"[^\s,{}=)]+")}
FIELD = re.compile(r"[A-Za-z][\w:.+/-]*\s*=")
# a line that begins with a field, as no line within a value is likely to: "\n  title = {"
FIELD_LINE = re.compile(r"\n[ \t]*(?=[A-Za-z][\w-]*[ \t]*=[ \t]*[{\"\w])")
# what may follow a closing bracket within a value or a key, but not the one that closes an entry
GOES_ON = re.compile(r"\w|[ \t]*[#\"]")
SEPARATOR = re.compile(r"[,\n]")
DELIMITER = re.compile(r'\\.|[{}"]', re.DOTALL)
# the strings that need no @string
MONTHS = frozenset({"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"})
PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
# the fields in which an empty line begins a new paragraph
LONG = frozenset({"annotation", "annote"})
IGNORED = frozenset({"comment", "preamble"})
DEEPEST = 50
LONGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in lower case, its value without delimiters, and the places of both."""

    name: str
    value: str
    name_span: Span
    span: Span


@dataclass(frozen=True, slots=True)
class Record:
    """One entry, `@type{key, …}`, as far as it could be read; of a field that it has twice, the first."""

    type: str
    key: str
    fields: tuple[Field, ...]
    span: Span

    def get(self, name: str) -> Field | None:
        """The field of this name."""
        return next((f for f in self.fields if f.name == name), None)


def records(
    source: Source, strings: MutableMapping[str, str] | None = None
) -> tuple[tuple[Record, ...], tuple[Diagnostic, ...]]:
    """The entries of a file in order, with the values of strings in their place, and every fault of their form.

    `strings` are those of earlier files; this file's are added to them.
    """
    reader = _Reader(source, strings={} if strings is None else strings)
    blocks = list(_blocks(source))
    openings = [start for start, is_comment in blocks if not is_comment]
    for start, is_comment in blocks:
        # an entry may be read up to where the next one begins: what is text to bibtexparser may be its rest
        after = bisect.bisect_right(openings, start)
        limit = openings[after] if after < len(openings) else len(source.text)
        if is_comment:
            # what is text to bibtexparser may be an entry with a space where it expects none: "@ book {coll2004,"
            at = max(start, reader.end)
            while found := OPENING.search(source.text, at, limit):
                reader.read(found, limit)
                at = max(reader.end, found.end())
            reader.miss(at, limit)
        elif found := OPENING.match(source.text, start, limit):
            reader.read(found, limit)
        else:
            reader.miss(start, limit)
    return tuple(reader.records), tuple(reader.found)


def _blocks(source: Source) -> Iterator[tuple[int, bool]]:
    """Where the blocks of a file start, and whether each is text between the entries."""
    logger = logging.getLogger("bibtexparser")
    level = logger.level
    # what bibtexparser warns of is reported here, with its place
    logger.setLevel(logging.CRITICAL)
    try:
        library = parse_string(source.text, parse_stack=[])
    finally:
        logger.setLevel(level)
    cursor = 0
    for block in library.blocks:
        raw = block.raw or ""
        start = source.text.find(raw, max(cursor, source.offset((block.start_line or 0) + 1, 1)))
        if start >= 0:
            cursor = start + len(raw)
            yield start, isinstance(block, ImplicitComment)


@dataclass(slots=True)
class _Reader:
    source: Source
    records: list[Record] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)
    strings: MutableMapping[str, str] = field(default_factory=dict)
    at: int = 0
    limit: int = 0
    end: int = 0
    whole: bool = True

    def read(self, opening: re.Match[str], limit: int) -> None:
        """Read the block that opens here and ends before `limit`."""
        kind = opening["type"].lower()
        if kind in IGNORED:
            return
        self.at, self.limit, self.whole = opening.end(), limit, True
        close = "}" if opening["bracket"] == "{" else ")"
        key = self._key(close) if kind != "string" else ""
        fields = tuple(self._fields(close, opening))
        self.end = self.at
        if kind == "string":
            self.strings.update({f.name: f.value for f in fields})
        elif key:
            kept = tuple({f.name: f for f in reversed(fields)}.values())[::-1]
            self.records.append(Record(kind, key, kept, Span(opening.start(), self.at)))

    def miss(self, start: int, limit: int) -> None:
        """Report each place in text between the entries that looks like the beginning of an entry."""
        line = self.source.text.rfind("\n", 0, start) + 1
        # from the beginning of the line, unless another entry ends in it
        begin = start if self.source.text[line:start].strip() else line
        for lost in LOST.finditer(self.source.text, begin, limit):
            at = lost.start() + len(lost[0]) - len(lost[0].lstrip())
            self._report(at, "this entry is not read: it does not begin like one", "write '@book{key,', with its type")

    def _key(self, close: str) -> str:
        """Read the key and the comma behind it; nothing where the entry has no key."""
        found = KEY[close].match(self.source.text, self.at, self.limit)
        if not found or FIELD.match(self.source.text, self.at, self.limit):
            self._report(self.at, "the entry has no key", "write one behind the bracket: '@book{key, …'")
            self.at += self._next() == ","
            return ""
        self.at = found.end()
        if (known := NAME.match(found[0])) is None or known.end() < len(found[0]):
            at = known.end() if known else 0
            message = f"'{found[0][at]}' cannot stand in a key, as in '{found[0]}'"
            self._report(found.start() + at, message, "keep to letters, digits and signs like - _ : . / +")
        if self._next() not in (",", close):
            self._report(found.end(), f"there is no comma behind the key '{found[0]}'", "add a comma")
        elif self._next() == ",":
            self.at += 1
        return found[0]

    def _next(self) -> str:
        """The next character that is no white space; nothing at the end of the block."""
        text = self.source.text
        while self.at < self.limit and text[self.at].isspace():
            self.at += 1
        return text[self.at] if self.at < self.limit else ""

    def _fields(self, close: str, opening: re.Match[str]) -> Iterator[Field]:
        seen: dict[str, int] = {}
        while (sign := self._next()) != "":
            if sign == close:
                self.at += 1
                if not self._goes_on(close):
                    return
                continue
            if sign == ",":
                self._report(self.at, "there is a comma too many", "take it out")
                self.at += 1
                continue
            found = self._field()
            if found is None:
                continue
            if found.name in seen:
                first = self.source.position(seen[found.name])
                message = f"the field '{found.name}' is given twice in this entry; the first one counts"
                self._report(found.name_span.start, message, f"the first is in line {first.line}", code="P207")
            else:
                seen[found.name] = found.name_span.start
                yield found
            if self._next() == ",":
                self.at += 1
            elif FIELD.match(self.source.text, self.at, self.limit):
                self._report(found.span.end, f"there is no comma behind the field '{found.name}'", "add a comma")
        if self.whole:
            self._report(opening.start(), "the entry is not closed", f"its brackets do not balance: add a '{close}'")

    def _goes_on(self, close: str) -> bool:
        """Whether more fields follow a bracket that should have closed the entry."""
        bracket = self.at - 1
        end = self.at
        following = self._next()
        if following == close:
            self._report(self.at, f"there is a '{close}' too many", "take it out")
            return False
        if following == ",":
            self.at += 1
        if following and self._next() and FIELD.match(self.source.text, self.at, self.limit):
            message = f"the entry is closed here, but more fields follow: there is a '{close}' too many"
            self._report(bracket, message, "take it out")
            return True
        self.at = end
        if GOES_ON.match(self.source.text, end):
            self._report(
                bracket, f"the entry is closed here, but goes on: there is a '{close}' too many", "take it out"
            )
            self._skip()
            return True
        return False

    def _field(self) -> Field | None:
        text = self.source.text
        name = NAME.match(text, self.at, self.limit)
        if name is None:
            self._report(self.at, f"a field's name is expected here, not '{text[self.at]}'", "write: name = {value},")
            self._skip()
            return None
        self.at = name.end()
        if self._next() != "=":
            self._report(name.start(), f"the field '{name[0]}' has no value", "write: name = {value},")
            self._skip()
            return None
        self.at += 1
        self._next()
        start = self.at
        value = self._value(name[0].lower())
        return Field(name[0].lower(), value, Span(*name.span()), Span(start, self.at))

    def _skip(self) -> None:
        """Go on behind the next comma or line end, and at least by one character."""
        found = SEPARATOR.search(self.source.text, self.at, self.limit)
        self.at = found.end() if found else self.limit

    def _value(self, name: str) -> str:
        """A value's parts put together; `at` ends up right behind it."""
        parts: list[str] = []
        while True:
            sign = self._next()
            start = self.at
            if sign in ("{", '"'):
                parts.append(self._delimited(name, sign))
            elif bare := NAME.match(self.source.text, self.at, self.limit):
                self.at = bare.end()
                parts.append(self._bare(bare[0], bare.start(), name))
            else:
                self._report(start, f"the field '{name}' has no value", "write: name = {value},")
            end = self.at
            if self._next() != "#":
                self.at = end
                break
            self.at += 1
        value = "".join(parts)
        if (
            name == "month"
            and len(parts) == 1
            and value.isalpha()
            and (number := month(value))
            and number <= len(MONTHS)
        ):
            value = str(number)
        if len(value) > LONGEST:
            self._report(end, f"the field '{name}' is longer than {LONGEST} characters", "shorten it")
            return ""
        paragraphs = PARAGRAPHS.split(value) if name in LONG else [value]
        return "\n\n".join(text for paragraph in paragraphs if (text := " ".join(paragraph.split())))

    def _bare(self, word: str, start: int, name: str) -> str:
        if word.isdigit():
            return word
        if word.lower() in self.strings:
            return self.strings[word.lower()]
        if word.lower() in MONTHS or (name == "month" and month(word)):
            return word
        if name == "month":
            self._report(start, f"'{word}' is no month", "write a number from 1 to 12 or jan, feb, mar…", code="P212")
            return ""
        hint = f"define it with @string, or write {name} = {{{word}}}"
        self._report(start, f"there is no string '{word}'", hint)
        return word

    def _delimited(self, name: str, sign: str) -> str:
        """A value in braces or quotation marks, without them."""
        text, start = self.source.text, self.at
        depth = 0
        for mark in DELIMITER.finditer(text, start + 1, self.limit):
            if mark[0] == "{":
                depth += 1
                if depth > DEEPEST:
                    break
            elif mark[0] == "}" and depth:
                depth -= 1
            elif (mark[0] == '"' and sign == '"' and not depth) or (mark[0] == "}" and sign == "{"):
                if self._swallowed(start, mark.start()):
                    break
                self.at = mark.end()
                return text[start + 1 : mark.start()]
        if depth > DEEPEST:
            self._report(start, f"the braces of the field '{name}' are nested too deeply", "write it without them")
        else:
            close = "}" if sign == "{" else '"'
            hint = f"its brackets do not balance: add a '{close}' at its end"
            self._report(start, f"the value of the field '{name}' is not closed", hint)
        # the value goes up to the next line that looks like a field
        line = FIELD_LINE.search(text, start, self.limit)
        value = text[start + 1 : line.start() if line else self.limit].rstrip().removesuffix(",")
        self.at = start + 1 + len(value)
        return re.sub(r"[{}\"]", "", value)

    def _swallowed(self, start: int, end: int) -> bool:
        """Whether a value that is closed has taken in fields behind it: "Ghost Wars,⏎year = " had no end of its own.

        It has where it holds a line that looks like a field, and nothing follows it that may follow a value.
        """
        # the sign that closes the value is looked at too, for it may begin the value of the field taken in
        if not FIELD_LINE.search(self.source.text, start, end + 1):
            return False
        rest = self.source.text[end + 1 : self.limit].lstrip()
        return rest[:1] not in (",", "}", ")", "#")

    def _report(self, at: int, message: str, hint: str, code: str = "P202") -> None:
        if code == "P202":
            self.whole = False
        self.found.append(self.source.diagnostic(code, at, message, hint))
