"""What to set for the signs that stand in a stretch of prose, and what has to be said of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from postil.dialect.typography.ranges import range_at
from postil.dialect.typography.rules import EM_DASH, EN_DASH, NO_BREAK, Typography
from postil.document import SPACELESS, is_spaceless

APOSTROPHE, PRIME, DOUBLE_PRIME = "’", "′", "″"
GERESH, GERSHAYIM = "\N{HEBREW PUNCTUATION GERESH}", "\N{HEBREW PUNCTUATION GERSHAYIM}"

SIGN_ENDS = r"(?=[;:!?]*(?:[\s)\]»›”’\"'.,…]|\Z))"  # so that it is punctuation, and not part of an address or a time
TYPED = re.compile(  # each alternative begins with a character of its own: so the search is quick
    rf"""
    " | ' | « | » | ‹ | › | -(?<!--)-{{0,2}}(?!-) | \.(?<!\.\.)(?:\.{{5}}|\.\.|(?:[ ]\.){{2,3}})(?!\.)
    | [ ](?<=\S[ ])[;:!?]{SIGN_ENDS}
    """,
    re.VERBOSE,
)
PUNCTUATION = re.compile(rf"(?<=[^\s(\[{{«‹“‘;:!?])(?P<space>[ ]*)(?P<sign>[;:!?]){SIGN_ENDS}")
BEFORE_DASH = re.compile(r"(?<=\S)[ ](?=(?:-{2,3}|[–—])(?:\s|\Z))")
RATIO = re.compile(r"\d :\s\d")

OPENS_BEFORE = re.compile(r"[\s(\[{<«‹“‘„‚「『《（：，。、\-–—/]")  # a quotation mark after one of these opens
DECADE = re.compile(r"\d\ds\b")  # '90s
YEAR = re.compile(r"\d\d\b")  # '09
OFTEN_ELIDED = re.compile(r"(?:cause|round|bout|fraid|cept|ere|cross|kay)\b", re.IGNORECASE)
AND = re.compile(r"(?<=\S )'(?=n' \w)", re.IGNORECASE)  # rock 'n' roll
LETTER = re.compile(
    r"\b(?:letters?|sounds?|consonants?|characters?|keys?|press|hit|type|enter|an?|the|of|is|and|or|for) \Z",
    re.IGNORECASE,
)
SHORT = re.compile(
    r"(?:[sxz]|\b(?:po|mo|be|va|fa|da|di|sta))\Z", re.IGNORECASE
)  # the dogs', un po': a quotation goes on
FEET = re.compile(r"(?<=\d)'(?:(?=\d)(?!\d{3}(?!\d))|(?= ?\d+[¼½¾]?\"))")  # the first sign of 6'2", not that of 10'000
INCHES = re.compile(r"(?<=\d)'[ ]?\d+[¼½¾]?\Z")  # what stands before the second sign of 6'2"
HEBREW: Final = "\u0590"
"""Where the scripts begin that have apostrophes of another form, or no spaces between words."""
PREFIXED = re.compile("(?<![\u05d0-\u05ea])[משהוכלב]{1,3}\\Z")  # what Hebrew writes as one with the next word
CLOSES = re.compile(rf"(?<=[^\s(\[{{])'(?:(?!\w)|(?={SPACELESS.pattern}))")  # a ' that may close, by what is beside it
OPENS = re.compile(r"(?<![^\s(\[{\"“«—–-])'(?=\w)")
DIVIDED = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_])")
SUSPENDED = re.compile(
    r"(?:and|or|nor|to|und|oder|bis|bzw|sowie|wie|als|et|ou|à|e|ed|od|o|y|u|en|of|och|og|eller|i|lub|a|nebo|и|или)\b",
    re.IGNORECASE,
)
"""What follows a part of a compound that has the rest in common with a later one: short- and long-term."""
WORD = re.compile(r"\w")

FEW: Final = 20
"""How many signs that may close a quotation are looked at, so that the time does not grow with their square."""


class Substitution(NamedTuple):
    """`text` instead of what is typed from `start` up to `end`; where these are one place, `text` goes in there."""

    start: int
    end: int
    text: str


class Doubt(NamedTuple):
    """Something typed that is set as it is, or one way of two: where it is, and what is to be said of it."""

    start: int
    end: int
    code: str
    message: str
    hint: str


def typeset(text: str, rules: Typography) -> list[Substitution | Doubt]:
    """What to set in the place of what is typed in `text`, a stretch of prose, and what is in doubt; left to right."""
    found = list(_Stretch(text, rules).signs())
    if rules.spaces or rules.bound:
        found = sorted([*found, *_spaces(text, rules)], key=lambda each: each[:2])
    return found


def _spaces(text: str, rules: Typography) -> Iterator[Substitution]:
    """The spaces that the language has before punctuation, where none is typed or one that may end a line."""
    for found in PUNCTUATION.finditer(text):
        if wanted := rules.spaces.get(found["sign"]):
            yield Substitution(*found.span("space"), wanted)
    for found in BEFORE_DASH.finditer(text) if rules.bound else ():
        yield Substitution(*found.span(), NO_BREAK)


class _Stretch:
    """A stretch of prose while the signs in it are found, from left to right."""

    def __init__(self, text: str, rules: Typography) -> None:
        self.text, self.rules, self.quotes = text, rules, rules.quotes
        self._opened = -1  # where the last quotation mark that opens stands
        self._outer = False  # whether a quotation is open
        self._inner = False  # whether an inner quotation is open, so that not every ' is an apostrophe

    def signs(self) -> Iterator[Substitution | Doubt]:
        """What is set for the signs of a typewriter, and what is said of them."""
        for found in TYPED.finditer(self.text):
            at, end, sign = found.start(), found.end(), found.group()
            match sign[0]:
                case "'":
                    yield from self._single(at)
                case '"':
                    yield from self._double(at)
                case "-":
                    yield from self._hyphen(at) if sign == "-" else (Substitution(at, end, self._dash(at, end)),)
                case ".":
                    yield from self._points(at, end)
                case " ":
                    if sign[1] not in self.rules.spaces and not RATIO.match(self.text, at - 1):
                        yield _needless(at + 1, sign[1])
                case _:
                    yield from self._guillemet(at, sign)

    # --- sign by sign --------------------------------------------------------------------------------------------

    def _single(self, at: int) -> Iterator[Substitution | Doubt]:
        text, end = self.text, at + 1
        before, after = text[at - 1 : at] if at else "", text[end : end + 1]
        if before.isalpha() and after.isalpha() and before < HEBREW and after < HEBREW:
            yield Substitution(at, end, APOSTROPHE)  # within a word
        elif _is_hebrew(before) and not (self._inner and self._ends_word(end)):
            yield Substitution(at, end, GERESH)
        elif self._is_elision(at):
            yield Substitution(at, end, APOSTROPHE)
        elif before.isnumeric() and self._is_feet(at):
            yield Substitution(at, end, PRIME)
        elif self._opens(at, is_open=self._inner):
            opens, in_doubt = self._begins(at)
            if opens:
                self._opened, self._inner = at, True
            yield Substitution(at, end, self.quotes.inner_opening if opens else APOSTROPHE)
            if in_doubt:
                hint = "type the sign that is meant: ’ or ‘"
                yield Doubt(at, end, "P604", "this may be an apostrophe or open a quotation", hint)
        elif self._inner and self._ends_word(end):
            self._inner = False
            yield Substitution(at, end, self.quotes.inner_closing)
        else:
            yield Substitution(at, end, APOSTROPHE)

    def _double(self, at: int) -> Iterator[Substitution | Doubt]:
        text, end = self.text, at + 1
        before, after = text[at - 1 : at] if at else "", text[end : end + 1]
        if _is_hebrew(before) and _is_hebrew(after) and not self._is_prefixed(at):
            yield Substitution(at, end, GERSHAYIM)
        elif before.isnumeric() and self._is_inches(at):
            yield Substitution(at, end, DOUBLE_PRIME)
        elif self._opens(at, is_open=self._outer):
            self._opened, self._outer = at, True
            yield Substitution(at, end, self.quotes.opening)
        else:
            self._outer = False
            yield Substitution(at, end, self.quotes.closing)
        if before == after == " ":
            hint = "take out the space inside the quotation; or write a backslash before the mark, if it is none"
            yield Doubt(at, end, "P604", "this quotation mark has a space on both sides", hint)

    def _dash(self, at: int, end: int) -> str:
        """A dash as long as it is typed; but beside a space, and in scripts without spaces, that of the language."""
        before, after = self.text[at - 1 : at] if at else "", self.text[end : end + 1]
        is_apart = not before.strip() or not after.strip() or is_spaceless(before) or is_spaceless(after)
        if self.rules.dash != EN_DASH and is_apart:
            return self.rules.dash
        return EN_DASH if end - at == len("--") else EM_DASH

    def _points(self, at: int, end: int) -> Iterator[Substitution]:
        """An ellipsis; if it is typed with spaces, these keep it on one line (Chicago 18, 12.59)."""
        typed = self.text[at:end]
        if " " in typed:
            yield from (Substitution(place, place + 1, NO_BREAK) for place in range(at + 1, end, 2))
        elif len(typed) == len("...") or len(self.rules.ellipsis) > 1:
            yield Substitution(at, end, self.rules.ellipsis)

    def _hyphen(self, at: int) -> Iterator[Doubt]:
        """What is said of a hyphen between numbers or spaces, where a dash would stand, and of one that ends a line."""
        text, end = self.text, at + 1
        if place := range_at(text, at):
            written = text[place[0] : place[1]]
            hint = f"write {written.replace('-', '--')}; or a backslash before the hyphen, if it is no range"
            yield Doubt(*place, "P602", f"the range '{written}' has a hyphen", hint)
        elif at > 1 and text[at - 1] == text[end : end + 1] == " ":
            before, after = text[at - 2], text[end + 1 : end + 2]
            if before.strip() and after.strip() and not (before.isdigit() and after.isdigit()):
                hint = "write -- for a dash, or a backslash before the hyphen"
                yield Doubt(at, end, "P603", "a hyphen stands between spaces, as a dash would", hint)
        elif DIVIDED.match(text, at) and not SUSPENDED.match(text, end + 1):
            hint = "put the whole word on one line; its hyphen, too, if it has one within a line"
            yield Doubt(at, end, "P607", "a word is divided at the end of this line, and would be printed in two", hint)

    def _guillemet(self, at: int, mark: str) -> Iterator[Substitution | Doubt]:
        """The space inside one that is typed: that which the language has there, or what is said of one too many."""
        text, wanted, is_left = self.text, self.rules.inside.get(mark), mark in "«‹"
        start = end = at + 1 if is_left else at
        while is_left and text.startswith(" ", end):
            end += 1
        while not is_left and text.startswith(" ", start - 1, start):
            start -= 1
        if wanted is None or not text[start - 1 : start].strip() or not text[end : end + 1].strip():
            return
        if wanted:
            yield Substitution(start, end, wanted)
        elif start < end and is_left == (mark in self.quotes[::2]):
            yield _needless(at, mark)

    # --- which way a sign is meant ---------------------------------------------------------------------------------

    def _is_elision(self, at: int) -> bool:
        """Whether an apostrophe stands for what a word has lost at its beginning, by the word alone; or in ’n’."""
        text, elided = self.text, self.rules.elided
        if self._is_and(at) or self._is_and(at - 2):
            return True
        if at and text[at - 1].isalnum():
            return False
        if DECADE.match(text, at + 1):
            return True
        word = elided.match(text, at + 1) if elided else None
        return word is not None and (self._inner or not text.startswith("'", word.end()))  # 'em' is a word in quotes

    def _is_often_elided(self, at: int) -> bool:
        return bool(YEAR.match(self.text, at + 1) or OFTEN_ELIDED.match(self.text, at + 1))

    def _is_and(self, at: int) -> bool:
        """Whether the ' at a place is the first of those in `rock 'n' roll`, and not in `the letter 'n' is`."""
        return at > 0 and bool(AND.match(self.text, at)) and not LETTER.search(self.text[max(0, at - 16) : at])

    def _begins(self, at: int) -> tuple[bool, bool]:
        """Whether a ' that stands where a quotation may open does open one, and whether that is in doubt.

        It is an apostrophe if nothing closes the quotation. Before figures (`'09`) and words that are often cut short
        it is in doubt if something may; what stands behind an s (`the dogs' bowl`) is less likely to.
        """
        first, last = bisect_right(self._closing, at), bisect_right(self._opening, at)
        nearer = self._opening[last] if last < len(self._opening) else len(self.text)
        later = [place for place in self._closing[first : first + FEW] if place < nearer]
        if not self._is_often_elided(at):
            return bool(later or self._inner or at < self._first_word), False
        if self._inner or not later:
            return False, False
        return any(not SHORT.search(self.text[max(0, place - 4) : place]) for place in later), True

    @cached_property
    def _closing(self) -> list[int]:
        """Where a ' stands that may close a quotation."""
        places = (found.start() for found in CLOSES.finditer(self.text))
        return [place for place in places if not self._is_and(place - 2)]

    @cached_property
    def _opening(self) -> list[int]:
        """Where a ' stands that opens a quotation, if what is behind it is no word that is often cut short."""
        places = (found.start() for found in OPENS.finditer(self.text))
        elided = self.rules.elided
        return [
            place
            for place in places
            if not self._is_elision(place)
            and not self._is_often_elided(place)
            and not (elided and elided.match(self.text, place + 1))
        ]

    @cached_property
    def _first_word(self) -> int:
        """Where the first word begins. A quotation before it may close in a later paragraph."""
        found = WORD.search(self.text)
        return found.start() if found else len(self.text)

    def _is_feet(self, at: int) -> bool:
        """Whether a ' behind a figure stands for feet or minutes: unless it closes a quotation, or is in `747's`."""
        if FEET.match(self.text, at):
            return True
        return not self._inner and self._is_behind_number(at) and self._ends_word(at + 1)

    def _is_inches(self, at: int) -> bool:
        """Whether a " behind a figure stands for inches or seconds: unless it closes a quotation."""
        if not self._is_behind_number(at):
            return False
        if not self._outer or INCHES.search(self.text[max(0, at - 8) : at]):
            return True
        following = self.text.find('"', at + 1)
        return following >= 0 and not self._opens(following, is_open=True)

    def _is_behind_number(self, at: int) -> bool:
        """Whether what stands before a sign is a number, and not a name such as MI6."""
        start = at
        while start and (self.text[start - 1].isnumeric() or self.text[start - 1] in ".,"):
            start -= 1
        return not self.text[start - 1 : start].isalpha()

    def _is_prefixed(self, at: int) -> bool:
        """Whether a quotation opens behind letters that Hebrew writes as one with the next word: ב"הארץ"."""
        closes = self.text.find('"', at + 1)
        is_word = bool(PREFIXED.search(self.text[max(0, at - 4) : at])) and closes > at + 2
        return is_word and not self.text[closes + 1 : closes + 2].isalnum()

    def _ends_word(self, end: int) -> bool:
        """Whether no word goes on behind a sign."""
        after = self.text[end : end + 1]
        return not after.isalnum() or is_spaceless(after)

    def _opens(self, at: int, *, is_open: bool) -> bool:
        """Whether the quotation mark at a place opens, by what stands beside it, or else because none `is_open`."""
        text = self.text
        before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
        if before == after == " " or (is_spaceless(before) and (after.isalnum() or is_spaceless(after))):
            return not is_open
        if not before or not after.strip() or OPENS_BEFORE.match(before):
            return bool(after.strip())
        if before in "\"'":  # as the one before it; but where one that closes meets a word, a new quotation begins
            return self._opened == at - 1 or (before == text[at] and after.isalnum())
        return _is_hebrew(before) and _is_hebrew(after) and self._is_prefixed(at)


def _needless(at: int, sign: str) -> Doubt:
    message = f"a space stands {'behind' if sign in '«‹' else 'before'} '{sign}'"
    hint = "the language of these words sets none: take it out; or write a backslash before the sign"
    return Doubt(at, at + 1, "P606", message, hint)


def _is_hebrew(sign: str) -> bool:
    return "\u05d0" <= sign <= "\u05ea"
