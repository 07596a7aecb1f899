"""Where a link may lead, and how an address is written."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from postil.source import Diagnostic, Source, Span

SCHEMES = ("http", "https", "mailto", "doi", "urn")
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
UNSEEN = re.compile(r"[\s\x00-\x20\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")

# An address is at most 2,000 characters and a title 1,000: what never closes is not read to its end again and again.
TARGET = re.compile(
    r"""\(\s{0,100} (?: <(?P<angled>[^<>\n]{0,2000})> | (?P<bare>(?:[^\s()<>\\]|\\.|\([^\s()]{0,500}\)){0,2000}) )
    (?:\s{1,100}(?: "(?P<double>(?:[^"\\]|\\.){0,1000})" | '(?P<single>(?:[^'\\]|\\.){0,1000})' ))? \s{0,100}\)""",
    re.VERBOSE | re.DOTALL,
)
SPACED = re.compile(r"\([^()\n<>\"]{1,300}\)")
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
DEFINITION = re.compile(
    r"""[ ]{0,3}\[(?!\^|@)(?P<label>[^\[\]\n]{1,200})\]:[ \t]*(?:<(?P<angled>[^<>\n]+)>|(?P<bare>[^\s<>]+))
    (?:[ \t]+(?:"(?P<double>[^"\n]*)"|'(?P<single>[^'\n]*)'|\((?P<round>[^()\n]*)\)))?[ \t]*$""",
    re.VERBOSE,
)


class Address(NamedTuple):
    """An address with the title of a link or the caption of a figure, and where each stands."""

    address: str
    place: Span
    title: str | None = None
    title_place: Span | None = None


def target(found: re.Match[str]) -> Address:
    """What a match of `TARGET` says."""
    address, title = ("angled" if found["angled"] is not None else "bare"), None
    if found["double"] is not None:
        title = "double"
    elif found["single"] is not None:
        title = "single"
    return Address(
        html.unescape(ESCAPE.sub(r"\1", found[address])),
        Span(*found.span(address)),
        html.unescape(ESCAPE.sub(r"\1", found[title])) if title else None,
        Span(*found.span(title)) if title else None,
    )


def fault(address: str, at: Span | int, source: Source) -> Diagnostic | None:
    """What is wrong with the address of a link, if anything is."""
    seen = UNSEEN.sub("", address)
    scheme = SCHEME.match(seen)
    if scheme and scheme[1].lower() not in SCHEMES:
        hint = f"these schemes are: {', '.join(SCHEMES)}"
        return source.diagnostic("P310", at, f"a link to '{scheme[1].lower()}:' is not allowed", hint)
    if UNSEEN.search(address):
        return source.diagnostic("P311", at, f"'{seen}' has a space or an invisible character in it", "write %20")
    if not scheme and not re.match(r"#.", seen):
        hint = "lead to an id, as in '#sec-war', or write the whole address with https://"
        return source.diagnostic("P312", at, f"'{address}' leads to no place in this title", hint)
    return None


def image_fault(address: str, at: Span | int, source: Source) -> Diagnostic | None:
    """What is wrong with the path of a picture, if anything is."""
    seen = UNSEEN.sub("", address)
    parts = seen.replace("\\", "/").split("/")
    if not seen or SCHEME.match(seen) or seen.startswith(("/", "\\")) or ".." in parts:
        hint = "give the path of a file in the title's folder, as in 'figures/map.svg'"
        return source.diagnostic("P313", at, f"'{address}' is not a file of this title", hint)
    return None
