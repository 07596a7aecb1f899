"""The capitals of English titles: those of a headline, by the rules of each style guide, and those of a sentence.

Engines have one rule for all guides, and take each full stop for the end of a sentence: "The C.I.A. And America". So
titles get their capitals here, and engines are told to leave them alone.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from postil.bibliography.facts import facts

LISTS = facts()["capitals"]
ARTICLES, PREPOSITIONS, ADVERBS, CONJUNCTIONS, PARTICLES, PREFIXES = (
    frozenset(LISTS[name]) for name in ("articles", "prepositions", "adverbs", "conjunctions", "particles", "prefixes")
)
SMALL_ABBREVIATIONS, BEFORE_NAMES, ABBREVIATIONS, DOTTED = (
    frozenset(LISTS[name]) for name in ("small-abbreviations", "before-names", "abbreviations", "dotted")
)
FUNCTION_WORDS = ARTICLES | PREPOSITIONS | ADVERBS | CONJUNCTIONS

PERIODICALS = ("article", "review", "periodical")
"""The types of what is in a periodical, which has a name rather than a title."""
TAG = re.compile(r"<(/?)(?:i|b|sub|sup|span)(?: [^<>]*)?>")
NOCASE = '<span class="nocase">'
LETTER = r"(?:[^\W_]|[\u0300-\u036f])"
# a word with what stands in the middle of one, as in "C.I.A.", "America's", "AT&T", and the full stop behind it
WORD = re.compile(rf"{LETTER}(?:{LETTER}|['’.&](?={LETTER}))*\.?")
HYPHEN = re.compile(r"[-‐‑]")
# between a main title and its subtitle; a question within quotation marks may be no main title
SUBTITLE = re.compile(r":\s|[?!]\s")
ASIDE = re.compile(r"[?!][”’\"'»)\]]+\s|[—–]|\.\s*$")
OPENING = re.compile(r"(?:^|[\s(\[—–-])[“‘«„\"'(\[]+$|[“‘«„]$")
# the name of a law case, whose parties are names: "Brown v. Board of Education"
CASE = re.compile(r"\bv\. ")
INITIALS = 3
"""The most letters of a dotted abbreviation that is somebody's initials."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A guide's rule for headlines: its conjunctions that are small, and the most letters of a small preposition."""

    conjunctions: frozenset[str]
    longest: int

    def has_small(self, word: str) -> bool:
        """Whether a word can be small."""
        is_preposition = word in PREPOSITIONS | ADVERBS and len(word) <= self.longest
        return word in ARTICLES | self.conjunctions or is_preposition


_AND = frozenset({"and", "but", "for", "nor", "or", "as", "to"})
_ANY_LENGTH = 99
# The Chicago Manual of Style, 18th edition, 8.160, which since then has prepositions of five letters with a capital
CHICAGO = Headline(_AND, 4)
GUIDES: Sequence[tuple[str, Headline]] = (
    ("chicago-.*17th", Headline(_AND, _ANY_LENGTH)),  # 17th edition, 8.159
    ("turabian", Headline(_AND, _ANY_LENGTH)),  # Turabian, 9th edition, 22.3.1
    ("chicago", CHICAGO),
    ("modern-language-association", Headline(_AND | {"so", "yet"}, _ANY_LENGTH)),  # MLA Handbook, 9th edition, 2.90
    ("apa", Headline(_AND | {"if", "so", "yet"}, 3)),  # Publication Manual of the APA, 7th edition, 6.17
)


def headline_of(style: str) -> Headline:
    """The rule of the guide after which a style is named; that of Chicago where the guide is another."""
    return next((rule for name, rule in GUIDES if re.match(name, style)), CHICAGO)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a title as it is written, and how it stands there.

    It is `first` at the beginning of a title or subtitle, `last` at the end, `quoted` behind an opening quotation mark
    or bracket, a `head` before a hyphen; `joined` is the word before it in a compound, `before` the word before it in
    any case. `kept` is one that braces or a `nocase` protect.
    """

    start: int
    written: str
    first: bool
    last: bool
    quoted: bool
    head: bool
    joined: str
    before: str
    kept: bool

    @property
    def bare(self) -> str:
        """The word without its full stop, in small letters."""
        return self.written.removesuffix(".").lower()

    @property
    def is_great(self) -> bool:
        return self.written[0].isupper()

    @property
    def is_fixed(self) -> bool:
        """Whether the word reads as it is written everywhere: "CIA", "iPhone", "H2O", "e.g.", "I'm", a lone "B"."""
        bare = self.written.removesuffix(".")
        return (
            self.kept
            or any(sign.isdigit() or sign.isupper() or sign == "." for sign in bare[1:])
            or (len(bare) == 1 and bare not in "aA" and (self.is_great or not self.head))
            or re.match(r"I['’]", bare) is not None
        )

    @property
    def is_small_abbreviation(self) -> bool:
        return self.written.endswith(".") and self.bare in SMALL_ABBREVIATIONS and not self.is_fixed

    @property
    def is_part_of_name(self) -> bool:
        """Whether the word is one such as "Mr." or "St.", or stands behind one, or behind somebody's initials."""
        behind = self.before.removesuffix(".").lower() if self.before.endswith(".") else ""
        initials = behind.replace(".", "")
        return (
            (self.written.endswith(".") and self.bare in BEFORE_NAMES)
            or behind in BEFORE_NAMES
            or (
                self.before[:1].isupper()
                and (len(behind) == 1 or ("." in behind and len(initials) <= INITIALS and behind not in DOTTED))
            )
        )


def is_english(item: Mapping[str, object], language: str) -> bool:
    """Whether a work has an English title. Where it does not name its language, it is in that of the book."""
    return str(item.get("language", language)).lower().startswith("en")


def headline(title: str, rule: Headline) -> str:
    """A title with the capitals of a headline, by a guide's rule, in CSL's markup."""
    return _changed(title, lambda words: _headline(words, rule))


def sentence(title: str) -> str:
    """A title with the capitals of a sentence, in CSL's markup: those of a headline go, all others stay.

    Which are a headline's, the whole title says: in "The C.I.A. and America's secret wars" none is.
    """
    return _changed(title, _sentence)


def lowered(title: str) -> Sequence[str]:
    """The words that lose their capital where a title is set as a sentence."""
    text, kept, _ = _visible(title)
    words = _words(text, kept)
    capitals = zip(words, _sentence(words), strict=True)
    return [w.written for w, great in capitals if w.is_great and not great and w.bare not in FUNCTION_WORDS]


def protected(title: str) -> str:
    """A title, in CSL's markup, whose capitals no engine changes."""
    return f"{NOCASE}{_without_nocase(title)}</span>"


def _headline(words: Sequence[_Word], rule: Headline) -> Iterator[bool]:
    """Whether each word has a capital."""
    indiscriminate = _is_indiscriminate(words)
    for word in words:
        can_be_small = rule.has_small(word.bare) and not word.head
        if word.is_fixed:
            yield word.is_great
        elif word.is_small_abbreviation:
            yield word.first
        elif word.first or word.last:
            yield True
        elif word.bare == "a" and word.is_great and not word.joined:
            yield not indiscriminate
        elif word.joined and word.joined.lower() in PREFIXES:
            yield word.is_great
        elif not word.is_great:
            # "van Gogh" and "al-Qaeda", and in a headline a preposition that its writer found small
            is_particle = word.bare in PARTICLES and not (word.head and word.bare in PREFIXES)
            yield not (is_particle or can_be_small)
        elif can_be_small:
            is_certain = word.bare in ARTICLES | PREPOSITIONS | rule.conjunctions
            yield word.quoted or not is_certain
        else:
            yield True


def _sentence(words: Sequence[_Word]) -> Iterator[bool]:
    """Whether each word has a capital."""
    is_headline, indiscriminate = _is_headline(words), _is_indiscriminate(words)
    cases = _in_case(words)
    for word, in_case in zip(words, cases, strict=True):
        # "al-Qaeda" is no headline's either
        if word.is_fixed or not is_headline or word.joined.islower():
            yield word.is_great or (word.first and not word.is_fixed)
        elif word.is_small_abbreviation:
            yield word.first
        elif word.bare == "a" and not word.first and not word.joined:
            yield word.is_great and not indiscriminate
        else:
            is_name = word.is_part_of_name or (in_case and word.bare not in FUNCTION_WORDS)
            yield word.first or (word.is_great and is_name)


def _is_headline(words: Sequence[_Word]) -> bool:
    """Whether a title is written with the capitals of a headline: most of the words have one that would have none."""
    telling = [
        word.is_great
        for word in words
        if not (word.first or word.is_fixed or word.joined or word.is_part_of_name or word.is_small_abbreviation)
        and word.bare not in FUNCTION_WORDS | PARTICLES
    ]
    return not telling or telling.count(True) > telling.count(False)


def _is_indiscriminate(words: Sequence[_Word]) -> bool:
    """Whether a title is written with a capital on every word, Such As This Of Mine."""
    small = ARTICLES | PREPOSITIONS | CONJUNCTIONS
    inner = (w for w in words if not (w.first or w.last or w.quoted or w.joined or w.is_fixed))
    return any(word.is_great for word in inner if word.bare in small and word.bare != "a")


def _in_case(words: Sequence[_Word]) -> Iterator[bool]:
    """Whether each word is part of the name of a law case, which goes up to the subtitle."""
    segments: list[list[_Word]] = []
    for word in words:
        if word.first or not segments:
            segments.append([])
        segments[-1].append(word)
    for segment in segments:
        is_case = any(word.written == "v." for word in segment[1:-1])
        yield from (is_case for _ in segment)


# --- markup -----------------------------------------------------------------------------------------------------


def _changed(title: str, capitals: Callable[[Sequence[_Word]], Iterator[bool]]) -> str:
    """A title in which each word has a capital or none, as `capitals` says; its markup stays as it is."""
    text, kept, places = _visible(title)
    words = _words(text, kept)
    result = list(title)
    for word, great in zip(words, capitals(words), strict=True):
        first = word.written[0]
        changed = first.upper() if great else first.lower()
        if len(changed) == 1:
            result[places[word.start]] = changed
    return "".join(result)


def _visible(title: str) -> tuple[str, Sequence[bool], Sequence[int]]:
    """What is read of a title: its text without tags; of each sign, whether it is protected, and where it stands."""
    text: list[str] = []
    kept: list[bool] = []
    places: list[int] = []
    opened: list[bool] = []
    at = 0
    for tag in (*TAG.finditer(title), None):
        end = tag.start() if tag else len(title)
        text += title[at:end]
        kept += [any(opened)] * (end - at)
        places += range(at, end)
        if tag is not None:
            at = tag.end()
            if not tag[1]:
                opened.append(tag[0] == NOCASE)
            elif opened:
                opened.pop()
    return "".join(text), kept, places


def _words(text: str, kept: Sequence[bool]) -> Sequence[_Word]:
    found = list(WORD.finditer(text))
    gaps = [text[one.end() : other.start()] for one, other in itertools.pairwise(found)]
    firsts = [True, *(_begins(one[0], gap, other[0]) for one, gap, other in zip(found, gaps, found[1:], strict=False))]
    words: list[_Word] = []
    for index, word in enumerate(found):
        joined = index > 0 and HYPHEN.fullmatch(gaps[index - 1]) is not None
        head = index < len(gaps) and HYPHEN.fullmatch(gaps[index]) is not None
        words.append(
            _Word(
                word.start(),
                word[0],
                firsts[index],
                index == len(found) - 1 or (SUBTITLE.search(gaps[index]) is not None and firsts[index + 1]),
                OPENING.search(text[: word.start()]) is not None,
                head and not joined,
                found[index - 1][0] if joined else "",
                found[index - 1][0] if index else "",
                kept[word.start()],
            )
        )
    return words


def _begins(before: str, gap: str, word: str) -> bool:
    """Whether a word begins a subtitle or a sentence, by what stands before it."""
    if SUBTITLE.search(gap):
        return True
    great = word[0].isupper()
    if before.endswith(".") and gap[:1].isspace():
        bare = before.removesuffix(".").lower()
        is_abbreviation = len(bare) == 1 or "." in bare or bare in SMALL_ABBREVIATIONS | BEFORE_NAMES | ABBREVIATIONS
        return great and (not is_abbreviation or word.lower() in ARTICLES)
    return great and ASIDE.search(gap) is not None


def _without_nocase(title: str) -> str:
    """A title without the marks of protected words."""
    result: list[str] = []
    opened: list[bool] = []
    at = 0
    for tag in TAG.finditer(title):
        result.append(title[at : tag.start()])
        at = tag.end()
        is_nocase = (opened.pop() if opened else False) if tag[1] else tag[0] == NOCASE
        if not tag[1]:
            opened.append(is_nocase)
        if not is_nocase:
            result.append(tag[0])
    return "".join((*result, title[at:]))
