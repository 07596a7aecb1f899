"""Citations in Pandoc's syntax: `[see @a, chap. 2; -@b]`, `@a [3]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from postil.document import Citation, Cite, Text
from postil.source import Diagnostic, Source, Span

# A key may have these characters inside, one at a time, but not at its end: `@a.` is the key a and a full stop, and
# `@a---b` the key a and a dash. In manubot's manuscripts a key may be an address, `@url:https://a.org/b`.
_PLAIN = r"url:https?://[^\s\[\];,{}<>]*[\w/]|\w(?:\w|[:.#$%&\-+?<>~/](?=\w))*"
KEY = re.compile(rf"@(?:\{{(?P<braced>[^{{}}\s]+)\}}|(?P<plain>{_PLAIN}))")
FIRST_KEY = re.compile(rf"(?<!\w)(?P<suppress>-?)(?=@){KEY.pattern}")

TERM = r"""(?:
    (?:app|art|b|bk|c|ca|chap|ch|col|eq|fig|fol|f|l|n|no|op|p|para|pt|r|sec|s|st|s\.v|sub[ ]verbo|v|vol)s?\.
  | (?:article|book|chapter|column|figure|folio|issue|line|note|number|opus|page|paragraph|part|rule|scene|section
      |stanza|table|title|verse|volume|appendix|supplement|act|canon|equation)s?\b | appendices\b
  | (?:ff|ll|nn|nos|pp|vv)\. | (?:p|pp|chap|vol|sec)\b | §{1,2} | ¶{1,2} )"""
# a roman number is no abbreviation: "bk. 2, l. 44" has a line of that number, not the number fifty
ROMAN = r"[ivxlcdm]+\b(?!\.)"
ARABIC = r"\d[\w./:]*(?<![./:])"
NUMBER = rf"(?:\(?{ROMAN}\)?|[A-Z]?{ARABIC}|[A-H]\b(?![.\w]))"
# "3-5", "3, 5", "3 & 5", and "3, 4, and 5" in the languages that have one word for it
RANGE = r"(?:\s*(?:-{1,3}|[–—])\s*|\s*,?\s*&\s*|,?\s+(?:and|und|et|y|e|og|och|en)\s+|\s*,\s*)"
NUMBERS = rf"{NUMBER}(?:{RANGE}{NUMBER})*"
LOCATOR = re.compile(
    rf"""\s*(?: ,?\s*(?P<named>{TERM}\s*{NUMBERS}(?:,?\s+{TERM}\s*{NUMBERS})*)
      | ,?\s*(?P<bare>{ARABIC}(?:{RANGE}{ARABIC})*)
      | ,\s*(?P<whole>(?:{ROMAN}|[A-Z]\d+)(?:{RANGE}{NUMBER})*)\s*\Z
      | ,?\s*\{{(?P<braced>[^{{}}]*)\}} )""",
    re.VERBOSE | re.IGNORECASE,
)
LINE_BREAK = re.compile(r"\s*\n[\s>]*")


Around = tuple[tuple[Span, Span], ...]
"""Where the words stand that are said before and behind each work of a citation."""


def bracketed(source: Source, place: Span) -> tuple[Citation, Around] | Diagnostic:
    """The citation in brackets, which `place` includes, and the places of the words around its works."""
    cites: list[Cite] = []
    around: list[tuple[Span, Span]] = []
    for at, until in _between(source.text, place.start + 1, place.end - 1):
        found = FIRST_KEY.search(source.text, at, until)
        if found is None:
            hint = "each part between semicolons names a work, as in '[see @a; @b, 23]'"
            return source.diagnostic("P130", at, "a part of this citation has no key", hint)
        locator, suffix = _locator(source.text, found.end(), until)
        key = Span(source.text.index("@", found.start()), found.end())
        cites.append(Cite(_name(found), locator=locator, suppress_author=bool(found["suppress"]), span=key))
        around.append((_stripped(source.text, at, found.start()), suffix))
    return Citation(tuple(cites), in_text=False, span=place), tuple(around)


def as_typed(text: str, citation: Citation, around: Around) -> Citation:
    """A citation with the words around its works as they were typed, whatever they mean."""

    def typed(place: Span) -> tuple[Text, ...]:
        words = LINE_BREAK.sub(" ", text[place.start : place.end])
        return (Text(words),) if words else ()

    cites = (
        replace(cite, prefix=typed(before), suffix=typed(behind))
        for cite, (before, behind) in zip(citation.cites, around, strict=True)
    )
    return replace(citation, cites=tuple(cites))


def of_key(key: re.Match[str]) -> Citation:
    """A citation whose key stands in the sentence by itself."""
    place = Span(*key.span())
    return Citation((Cite(_name(key), span=place),), in_text=True, span=place)


def in_text(source: Source, key: re.Match[str], bracket: Span) -> tuple[Citation, Around] | Diagnostic:
    """A citation whose key stands in the sentence, with what the bracket behind it says about it."""
    (at, until), *others = _between(source.text, bracket.start + 1, bracket.end - 1)
    locator, suffix = _locator(source.text, at, until)
    rest: tuple[Cite, ...] = ()
    around: Around = ((Span(at, at), suffix),)
    if others:
        further = bracketed(source, Span(others[0][0] - 1, bracket.end))
        if isinstance(further, Diagnostic):
            return further
        rest, around = further[0].cites, (*around, *further[1])
    first = Cite(_name(key), locator=locator, span=Span(*key.span()))
    return Citation((first, *rest), in_text=True, span=Span(key.start(), bracket.end)), around


def begins_with_work(text: str, bracket: Span) -> bool:
    """Whether the first part of what is in brackets names a work, so that it is no locator of the key before it."""
    at, until = next(_between(text, bracket.start + 1, bracket.end - 1))
    return FIRST_KEY.search(text, at, until) is not None


def _between(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches between the semicolons, those in braces or nested brackets left alone."""
    depth, at = 0, start
    for found in re.compile(r"[;\[\]{}]").finditer(text, start, end):
        sign = found.group()
        if sign in "[{":
            depth += 1
        elif sign in "]}":
            depth = max(0, depth - 1)
        elif not depth:
            yield at, found.start()
            at = found.end()
    yield at, end


def _name(found: re.Match[str]) -> str:
    return found["braced"] or found["plain"]


def _locator(text: str, start: int, end: int) -> tuple[str, Span]:
    """The locator in what follows a key, and the place of the suffix, which keeps the comma that it begins with."""
    # line breaks, with the signs of a quotation behind them, are spaces; as many, so that places stay right
    flat = LINE_BREAK.sub(lambda found: " " * len(found[0]), text[start:end])
    found = LOCATOR.match(flat)
    if found is None:
        return "", _stripped(text, start, end)
    locator = text[start + found.start(found.lastgroup or 0) : start + found.end(found.lastgroup or 0)]
    return LINE_BREAK.sub(" ", locator).strip(), _stripped(text, start + found.end(), end)


def _stripped(text: str, start: int, end: int) -> Span:
    """A stretch of text without the white space, and the signs of quotations at the ends of its lines, around it."""
    words = LINE_BREAK.sub(lambda found: " " * len(found[0]), text[start:end])
    begin = start + len(words) - len(words.lstrip())
    return Span(begin, max(begin, start + len(words.rstrip())))
