"""Citations in Pandoc's syntax: `[see @a, chap. 2; -@b]`, `@a [3]`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from postil.document import Citation, Cite
from postil.source import Diagnostic, Source, Span

# A key may have these characters inside, but not at its end: `@a.` is the key a and a full stop.
KEY = re.compile(r"@(?:\{(?P<braced>[^{}\s]+)\}|(?P<plain>\w(?:\w|[:.#$%&\-+?<>~/]+(?=\w))*))")
FIRST_KEY = re.compile(rf"(?<!\w)(?P<suppress>-?)(?=@){KEY.pattern}")

TERM = r"""(?:
    (?:art|b|bk|c|ca|chap|ch|col|eq|fig|fol|f|l|n|no|op|p|para|pt|r|sec|s|st|s\.v|sub[ ]verbo|v|vol)s?\.
  | (?:article|book|chapter|column|figure|folio|issue|line|note|number|opus|page|paragraph|part|rule|scene|section
      |stanza|table|title|verse|volume|appendix|supplement|act|canon|equation)s?\b
  | (?:ff|ll|nn|nos|pp|vv)\. | (?:p|pp|chap|vol|sec)\b | §{1,2} | ¶{1,2} )"""
NUMBER = r"(?:\(?[ivxlcdm]+\b\)?|[A-Z]?\d[\w./:]*(?<![./:]))"
RANGE = r"\s*(?:-{1,3}|[–—,&])\s*"
LOCATOR = re.compile(
    rf"""\s*(?: ,?\s*(?P<named>{TERM}\s*{NUMBER}(?:{RANGE}{NUMBER})*)
      | ,?\s*(?P<bare>\d[\w./:]*(?<![./:])(?:{RANGE}\d[\w./:]*(?<![./:]))*)
      | ,\s*(?P<roman>[ivxlcdm]+(?:{RANGE}[ivxlcdm]+)*)\s*\Z
      | ,?\s*\{{(?P<braced>[^{{}}]*)\}} )""",
    re.VERBOSE | re.IGNORECASE,
)
LINE_BREAK = re.compile(r"\s*\n[\s>]*")


def bracketed(source: Source, place: Span) -> Citation | Diagnostic:
    """The citation in brackets, which `place` includes."""
    cites: list[Cite] = []
    for at, until in _between(source.text, place.start + 1, place.end - 1):
        found = FIRST_KEY.search(source.text, at, until)
        if found is None:
            hint = "each part between semicolons names a work, as in '[see @a; @b, 23]'"
            return source.diagnostic("P130", at, "a part of this citation has no key", hint)
        cites.append(_cite(source.text, found, at, until))
    return Citation(tuple(cites), in_text=False, span=place)


def of_key(key: re.Match[str]) -> Citation:
    """A citation whose key stands in the sentence by itself."""
    place = Span(*key.span())
    return Citation((Cite(_name(key), span=place),), in_text=True, span=place)


def in_text(source: Source, key: re.Match[str], bracket: Span) -> Citation | Diagnostic:
    """A citation whose key stands in the sentence, with what the bracket behind it says about it."""
    (at, until), *others = _between(source.text, bracket.start + 1, bracket.end - 1)
    locator, suffix = _locator(_flat(source.text[at:until]))
    rest: tuple[Cite, ...] = ()
    if others:
        further = bracketed(source, Span(others[0][0] - 1, bracket.end))
        if isinstance(further, Diagnostic):
            return further
        rest = further.cites
    first = Cite(_name(key), locator=locator, suffix=suffix, span=Span(*key.span()))
    return Citation((first, *rest), in_text=True, span=Span(key.start(), bracket.end))


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


def _cite(text: str, found: re.Match[str], start: int, end: int) -> Cite:
    locator, suffix = _locator(_flat(text[found.end() : end]))
    return Cite(
        _name(found),
        prefix=_flat(text[start : found.start()]).strip(),
        locator=locator,
        suffix=suffix,
        suppress_author=bool(found["suppress"]),
        span=Span(text.index("@", found.start()), found.end()),
    )


def _name(found: re.Match[str]) -> str:
    return found["braced"] or found["plain"]


def _locator(text: str) -> tuple[str, str]:
    """The locator and the suffix of what follows a key; the suffix keeps the comma that it begins with."""
    if found := LOCATOR.match(text):
        return (found[found.lastgroup or 0] or "").strip(), text[found.end() :].strip()
    return "", text.strip()


def _flat(text: str) -> str:
    return LINE_BREAK.sub(" ", text)
