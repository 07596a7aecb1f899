"""Typographic signs for those of a typewriter: quotation marks, apostrophes, primes, dashes, ellipses, and spaces.

Python-Markdown's `smarty` does the same for some of them, but on text that is already cut at every mark and emphasis,
so that it cannot tell which way a quotation mark beside one of them turns; and it keeps no positions. Here a stretch of
prose is seen as it will be read, whatever markup stands in it. What one would have to guess is a `Doubt`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Final, NamedTuple

from postil.words import quotes as quotes_of
from postil.words.locales import locales

NO_BREAK, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
APOSTROPHE, PRIME, DOUBLE_PRIME = "’", "′", "″"
GERESH, GERSHAYIM = "\N{HEBREW PUNCTUATION GERESH}", "\N{HEBREW PUNCTUATION GERSHAYIM}"
EN_DASH, EM_DASH = "–", "—"


class Quotes(NamedTuple):
    """The quotation marks of a language, the inner ones within the others; a space inside belongs to its mark."""

    opening: str
    closing: str
    inner_opening: str
    inner_closing: str


class Substitution(NamedTuple):
    """`text` instead of what is typed from `start` up to `end`; where these are one place, `text` goes in there."""

    start: int
    end: int
    text: str


class Doubt(NamedTuple):
    """Something typed at a place that is set as it is, or one way of two: what is to be said of it."""

    start: int
    end: int
    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Typography:
    """How a language sets what is typed.

    `spaces` are those before a punctuation mark, `dash` what `--` is beside a space, `ellipsis` what `...` is; `bound`
    says whether no line begins with a dash. An apostrophe stands before `elided` words.
    """

    quotes: Quotes
    spaces: Mapping[str, str] = field(default_factory=dict)
    dash: str = EN_DASH
    ellipsis: str = "…"
    bound: bool = False
    elided: re.Pattern[str] | None = None


# --- what is usual in which language -----------------------------------------------------------------------------

SPACES: Final[Mapping[str, Mapping[str, str]]] = {
    "fr": {";": NARROW, "!": NARROW, "?": NARROW, ":": NO_BREAK},  # Lexique de l'Imprimerie nationale
    "fr-CH": {";": NARROW, "!": NARROW, "?": NARROW, ":": NARROW},  # Guide du typographe
    "fr-CA": {":": NO_BREAK},  # Office québécois de la langue française
}
DASHES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("ru", "uk", "be", "bg"), EM_DASH),  # Мильчин, 6.4: only the long one is a dash
    **dict.fromkeys(("es", "ca", "gl", "pt"), EM_DASH),  # RAE, Ortografía 3.4.6: raya; Portuguese: travessão
    **dict.fromkeys(("zh", "ja", "yue"), EM_DASH * 2),  # GB/T 15834, 4.13; JIS X 4051
}
ELLIPSES: Final[Mapping[str, str]] = dict.fromkeys(("zh", "ja", "yue"), "……")  # GB/T 15834, 4.11
BOUND: Final = frozenset({"ru", "uk", "be", "bg"})
ELIDED: Final[Mapping[str, str]] = {
    "en": "tis|tisn|twas|twasn|twere|twill|twould|tain|em|til|n|nuff|cos|coz|cuz|gainst|neath|twixt",
    "nl": "[stnkmr]|ie|ns",
    "af": "[ntk]",
    "de": "[sn]|ne|nem|nen|ner|nes",
    "cy": "[rniwmu]|ch",
}
"""Words that begin with an apostrophe and that no quotation begins with, whatever follows."""


@cache
def typography(language: str, quotes: Quotes | None = None) -> Typography:
    """How a BCP 47 language tag's text is set; with other quotation marks, if these are given."""
    found = Typography(quotes or Quotes(*quotes_of(language)))
    spaces: Mapping[str, str] = {}
    dash, ellipsis, bound, elided = found.dash, found.ellipsis, found.bound, ""
    for locale in reversed(locales(language)):
        spaces = SPACES.get(locale, spaces)
        dash, ellipsis = DASHES.get(locale, dash), ELLIPSES.get(locale, ellipsis)
        bound = bound or locale in BOUND
        elided = ELIDED.get(locale, elided)
    pattern = re.compile(rf"(?:{elided})\b", re.IGNORECASE) if elided else None
    return Typography(found.quotes, spaces, dash, ellipsis, bound, pattern)


ENGLISH: Final = typography("en")


# --- what is set for what is typed -------------------------------------------------------------------------------

TYPED = re.compile(r"""["']|(?<!-)-{2,3}(?!-)|(?<!\.)(?:\.{6}|\.{3})(?!\.)|(?<!\.)\.(?:[ ]\.){2,3}(?!\.)""")
OPENS_BEFORE = re.compile(r"[\s(\[{<«‹“‘„‚「『《（：，。、\-–—/]")  # a quotation mark after one of these opens
DECADE = re.compile(r"\d\ds\b")  # '90s
YEAR = re.compile(r"\d\d\b")  # '09
OFTEN_ELIDED = re.compile(r"(?:cause|round|bout|fraid|cept|ere|cross|kay)\b", re.IGNORECASE)
AND = re.compile(r"(?<=\w )'(?=n' \w)", re.IGNORECASE)  # rock 'n' roll
SHORT = re.compile(
    r"(?:[sxz]|\b(?:po|mo|be|va|fa|da|di|sta))\Z", re.IGNORECASE
)  # dogs', un po': hardly a quotation's end
LETTER = re.compile(r"\b(?:letters?|sounds?|consonants?|characters?|keys?|an?|the|of|is|and|or|for) \Z", re.IGNORECASE)
FEET = re.compile(r"(?<=\d)'(?:(?=\d)(?!\d{3}(?!\d))|(?= ?\d+[¼½¾]?\"))")  # the first sign of 6'2", not of 10'000
INCHES = re.compile(r"(?<=\d)'[ ]?\d+[¼½¾]?\Z")  # what stands before its second sign
SPACELESS = re.compile(
    # scripts that set no space between words: Thai to Myanmar, Khmer, kana, Han, their punctuation and wide forms
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
CLOSES = re.compile(rf"(?<=[^\s(\[{{])'(?:(?!\w)|(?={SPACELESS.pattern}))")  # one that may close, by what is beside it
OPENS = re.compile(r"(?<![^\s(\[{\"“«—–-])'(?=\w)")
WORD = re.compile(r"\w")
HEBREW = re.compile("[\u05d0-\u05ea]")
PREFIXED = re.compile("(?<![\u05d0-\u05ea])[משהוכלב]{1,3}\\Z")  # what Hebrew writes as one with the next word

EITHER: Final = "write a backslash before it and the sign itself, or type the one that you mean: ‘ or ’"


class _Stretch:
    """A stretch of prose while the signs in it are found, from left to right."""

    def __init__(self, text: str, rules: Typography) -> None:
        self.text, self.rules, self.quotes = text, rules, rules.quotes
        self._opened = -1  # where the last quotation mark that opens stands
        self._outer = False  # whether a quotation is open
        self._inner = False  # whether an inner quotation is open, so that not every ' is an apostrophe

    @cached_property
    def _closing(self) -> list[int]:
        """Where a ' stands that may close a quotation."""
        places = (found.start() for found in CLOSES.finditer(self.text))
        return [place for place in places if not self._is_and(place - 2)]

    @cached_property
    def _opening(self) -> list[int]:
        """Where a ' stands that opens a quotation, if what is behind it is no word that is often cut short."""
        places = (found.start() for found in OPENS.finditer(self.text))
        return [place for place in places if not self._is_elision(place) and not self._is_often_elided(place)]

    @cached_property
    def _first_word(self) -> int:
        """Where the first word begins. A quotation before it may close in a later paragraph."""
        found = WORD.search(self.text)
        return found.start() if found else len(self.text)

    def signs(self) -> Iterator[Substitution | Doubt]:
        """What is set for the signs of a typewriter."""
        for found in TYPED.finditer(self.text):
            at, end, sign = found.start(), found.end(), found.group()
            match sign[0]:
                case "-":
                    yield Substitution(at, end, self._dash(at, end))
                case "." if " " in sign:  # Chicago 18, 12.59: the points of an ellipsis stay on one line
                    yield from (Substitution(at + n, at + n + 1, NO_BREAK) for n in range(1, len(sign), 2))
                case "." if len(sign) == len("...") or len(self.rules.ellipsis) > 1:
                    yield Substitution(at, end, self.rules.ellipsis)
                case '"':
                    yield from self._double(at)
                case "'":
                    yield from self._single(at)

    def _dash(self, at: int, end: int) -> str:
        """A dash as long as it is typed; but beside a space, and between words without spaces, the language's."""
        before, after = self.text[at - 1 : at] if at else "", self.text[end : end + 1]
        beside = not before.strip() or not after.strip() or SPACELESS.match(before) or SPACELESS.match(after)
        if self.rules.dash != EN_DASH and beside:
            return self.rules.dash
        return EN_DASH if end - at == len("--") else EM_DASH

    def _double(self, at: int) -> Iterator[Substitution | Doubt]:
        text = self.text
        if HEBREW.match(text, at - 1 if at else 0) and HEBREW.match(text, at + 1) and not self._is_prefixed(at):
            yield Substitution(at, at + 1, GERSHAYIM)
        elif self._measures(at):
            yield Substitution(at, at + 1, DOUBLE_PRIME)
        elif self._opens(at, is_open=self._outer):
            self._opened, self._outer = at, True
            yield Substitution(at, at + 1, self.quotes.opening)
        else:
            self._outer = False
            yield Substitution(at, at + 1, self.quotes.closing)
        if self._is_apart(at):
            hint = "take out the space inside the quotation; or write a backslash before the mark, if it is none"
            yield Doubt(at, at + 1, "P604", "this quotation mark has a space on both sides", hint)

    def _single(self, at: int) -> Iterator[Substitution | Doubt]:
        text, end = self.text, at + 1
        before = text[at - 1 : at] if at else ""
        if HEBREW.match(before) and not (self._inner and self._ends_word(end)):
            yield Substitution(at, end, GERESH)
        elif self._is_elision(at):
            yield Substitution(at, end, APOSTROPHE)
        elif FEET.match(text, at) or (self._is_behind_figure(at) and not self._inner and self._ends_word(end)):
            yield Substitution(at, end, PRIME)
        elif self._opens(at, is_open=self._inner):
            opens, doubt = self._begins(at)
            if opens:
                self._opened, self._inner = at, True
            yield Substitution(at, end, self.quotes.inner_opening if opens else APOSTROPHE)
            if doubt:
                yield Doubt(at, end, "P604", "this may be an apostrophe or open a quotation", EITHER)
        elif self._inner and self._ends_word(end):
            self._inner = False
            yield Substitution(at, end, self.quotes.inner_closing)
        else:
            yield Substitution(at, end, APOSTROPHE)

    # --- which way a sign is meant ---------------------------------------------------------------------------------

    def _is_elision(self, at: int) -> bool:
        """Whether an apostrophe stands for what a word has lost at its beginning, by the word alone; or in ’n’."""
        text, elided = self.text, self.rules.elided
        if self._is_and(at) or self._is_and(at - 2):
            return True
        if at and text[at - 1].isalnum():
            return False
        word = DECADE.match(text, at + 1) or (elided.match(text, at + 1) if elided else None)
        return word is not None and not text.startswith("'", word.end())

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

    def _ends_word(self, end: int) -> bool:
        """Whether no word goes on behind a sign."""
        after = self.text[end : end + 1]
        return not after.isalnum() or bool(SPACELESS.match(after))

    def _measures(self, at: int) -> bool:
        """Whether a " stands for inches or seconds: behind a figure, unless it closes a quotation."""
        if not self._is_behind_figure(at):
            return False
        if not self._outer or INCHES.search(self.text[max(0, at - 8) : at]):
            return True
        following = self.text.find('"', at + 1)
        return following >= 0 and not self._opens(following, is_open=True)

    def _is_behind_figure(self, at: int) -> bool:
        """Whether a sign stands behind a number, and not behind a name such as MI6."""
        start = at
        while start and (self.text[start - 1].isnumeric() or self.text[start - 1] in ".,"):
            start -= 1
        return start < at and self.text[at - 1].isnumeric() and not self.text[start - 1 : start].isalpha()

    def _is_prefixed(self, at: int) -> bool:
        """Whether a quotation opens behind letters that Hebrew writes as one with the next word: ב"הארץ"."""
        closes = self.text.find('"', at + 1)
        is_word = bool(PREFIXED.search(self.text[max(0, at - 4) : at])) and closes > at + 2
        return is_word and not self.text[closes + 1 : closes + 2].isalnum()

    def _is_apart(self, at: int) -> bool:
        """Whether there are spaces on both sides of a sign, so that nothing says which way it turns."""
        return 0 < at < len(self.text) - 1 and self.text[at - 1] == self.text[at + 1] == " "

    def _opens(self, at: int, *, is_open: bool) -> bool:
        """Whether the quotation mark at a place opens, by what stands beside it, or else because none `is_open`."""
        text = self.text
        before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
        if self._is_apart(at) or (SPACELESS.match(before) and (after.isalnum() or SPACELESS.match(after))):
            return not is_open
        if not before or not after.strip() or OPENS_BEFORE.match(before):
            return bool(after.strip())
        if before in "\"'":  # as the one before it; but where one that closes meets a word, a new quotation begins
            return self._opened == at - 1 or (before == text[at] and after.isalnum())
        return bool(HEBREW.match(before) and HEBREW.match(after)) and self._is_prefixed(at)


FEW: Final = 20
"""How many signs that may close a quotation are looked at, so that the time does not grow with their square."""


# --- spaces, ranges ----------------------------------------------------------------------------------------------

BEFORE_SIGN = re.compile(r"(?<=[^\s(\[{«‹“‘;:!?/])(?P<space>[ ]*)(?P<sign>[;:!?])(?=[;!?]*(?:[\s)\]»›”’\"'.,…]|\Z))")
RATIO = re.compile(r"\d :\s\d")
GUILLEMET = re.compile(r"(?P<opening>[«‹])(?P<behind>[ ]*)(?=\S)|(?<=\S)(?P<before>[ ]*)(?P<closing>[»›])")
DASH = re.compile(r"(?<=\S)[ ](?=(?:-{2,3}|[–—])(?:\s|\Z))")
HYPHEN = re.compile(r"(?<=\S)[ ]-(?=[ ]\S)")
RANGE = re.compile(r"(?<![\w./:,#@+–—-])(?P<first>\d{1,4})-(?P<last>\d{1,4})(?![\w/:+–—-]|[.,]\d)")
ROMAN = r"(?=[ivxlc])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
ROMAN_RANGE = re.compile(rf"(?<![\w./–—-])(?P<first>{ROMAN})-(?P<last>{ROMAN})(?![\w/–—-])", re.IGNORECASE)
VALUES: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def _spaces(text: str, rules: Typography) -> Iterator[Substitution | Doubt]:
    """Spaces beside punctuation, as the language has them."""
    for found in BEFORE_SIGN.finditer(text):
        space, sign = found.span("space"), found["sign"]
        if wanted := rules.spaces.get(sign):
            yield Substitution(*space, wanted)
        elif found["space"] and not (
            sign == ":" and text[space[0] - 1].isdigit() and text[found.end() + 1 :][:1].isdigit()
        ):
            yield _needless(*found.span("sign"), sign)
    for found in GUILLEMET.finditer(text):
        mark = found["opening"] or found["closing"]
        place = found.span("behind" if found["opening"] else "before")
        for own in rules.quotes:
            if own.strip() == mark and own != mark:
                yield Substitution(*place, own.replace(mark, ""))
            elif own == mark and place[0] < place[1] and (own in rules.quotes[::2]) == bool(found["opening"]):
                yield _needless(*found.span("opening" if found["opening"] else "closing"), mark)
    for found in DASH.finditer(text) if rules.bound else ():
        yield Substitution(*found.span(), NO_BREAK)


def _needless(start: int, end: int, sign: str) -> Doubt:
    message = f"a space stands before '{sign}'" if sign not in "«‹" else f"a space stands behind '{sign}'"
    hint = "the language of the book sets none: take it out; or write a backslash before the sign"
    return Doubt(start, end, "P606", message, hint)


def _hyphens(text: str) -> Iterator[Doubt]:
    """Hyphens where dashes would stand: between figures, and between spaces."""
    for pattern, value in ((RANGE, _figures), (ROMAN_RANGE, _roman)):
        for found in pattern.finditer(text):
            first, last = found["first"], found["last"]
            if value(first, last):
                hint = f"write {first}--{last}; or a backslash before the hyphen, if it is no range"
                yield Doubt(*found.span(), "P602", f"the range '{found.group()}' has a hyphen", hint)
    for found in HYPHEN.finditer(text):
        if not (text[found.start() - 1].isdigit() and text[found.end() + 1].isdigit()):
            hint = "write -- for a dash, or a backslash before the hyphen"
            yield Doubt(found.start() + 1, found.end(), "P603", "a hyphen stands between spaces, as a dash would", hint)


def _figures(first: str, last: str) -> bool:
    """Whether two numbers are a range: 12-14, 1990-95, but not 3-2."""
    return int(first[: max(0, len(first) - len(last))] + last) > int(first)


def _roman(first: str, last: str) -> bool:
    alike = first.islower() == last.islower() and len(first) + len(last) > 2  # noqa: PLR2004 -- not I-V, nor c-i
    return alike and _roman_value(last) > _roman_value(first)


def _roman_value(number: str) -> int:
    figures = [VALUES[letter] for letter in number.lower()]
    return sum(-one if one < next_ else one for one, next_ in zip(figures, [*figures[1:], 0], strict=True))


def typeset(text: str, rules: Typography) -> list[Substitution | Doubt]:
    """What to set in the place of what is typed in `text`, a stretch of prose, and what is in doubt; left to right."""
    found = [*_Stretch(text, rules).signs(), *_spaces(text, rules), *_hyphens(text)]
    return sorted(found, key=lambda each: each[:2])
