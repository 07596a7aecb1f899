"""Where a link may lead, and how an address is written."""

from __future__ import annotations

import html
import posixpath
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from postil.source import Diagnostic, Source, Span

SCHEMES = ("http", "https", "mailto", "doi", "urn")
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
HOST = re.compile(r"https?://(?:[^/?#@]*@)?[^/?#@:]", re.IGNORECASE)
UNSEEN = re.compile(r"[\s\x00-\x20\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
SEEN = re.compile(r"[^\x00-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
"""What may stand in the name of a file or of an id: spaces, and the two joiners of Persian and Indic words, too."""

# An address is at most 2,000 characters and a title 1,000: what never closes is not read to its end again and again.
TARGET = re.compile(
    r"""\(\s{0,100} (?: <(?P<angled>[^<>\n]{0,2000})> | (?P<bare>(?:[^\s()<>\\]|\\.|\([^\s()]{0,500}\)){0,2000}) )
    (?:\s{1,100}(?: "(?P<double>(?:[^"\\]|\\.){0,1000})" | '(?P<single>(?:[^'\\]|\\.){0,1000})' ))? \s{0,100}\)""",
    re.VERBOSE | re.DOTALL,
)
SPACED = re.compile(r"\([^()\n<>\"]{1,300}\)")
_NAME = r"(?:[^()\n<>\"\\]|\\.|\([^()\n<>\"]{0,100}\)){1,300}?"
# a file whose name has spaces in it; its ending tells it from words in brackets behind a bracket
SPACED_FILE = re.compile(
    rf"""\(\s{{0,100}}(?P<bare>{_NAME}\.(?:png|jpe?g|gif|svg|webp|md|markdown|x?html?)(?:\#[^\s()<>"]{{0,200}})?)
    (?:\s{{1,100}}(?: "(?P<double>(?:[^"\\]|\\.){{0,1000}})" | '(?P<single>(?:[^'\\]|\\.){{0,1000}})' ))?
    \s{{0,100}}\)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
FILE = re.compile(r"(?P<file>[^#?]+\.(?:md|markdown|qmd|rmd|x?html?))(?:#(?P<id>.*))?", re.IGNORECASE)
"""The address of a chapter's file, as it is in the manuscript or as other programs publish it, and an id in it."""
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
    address, title = ("angled" if found.groupdict().get("angled") is not None else "bare"), None
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


def place(address: str) -> tuple[str, str] | None:
    """The file of a chapter and the id in it that an address leads to; no file for this title's `#id`."""
    if re.match(r"#[^\s#]", address):
        return "", address[1:]
    found = None if SCHEME.match(address) else FILE.fullmatch(address)
    return (found["file"], found["id"] or "") if found else None


def fault(address: str, at: Span | int, source: Source) -> Diagnostic | None:
    """What is wrong with the address of a link, if anything is."""
    seen = UNSEEN.sub("", address)
    scheme = SCHEME.match(seen)
    if scheme and scheme[1].lower() not in SCHEMES:
        hint = f"these schemes are: {', '.join(SCHEMES)}"
        return source.diagnostic("P310", at, f"a link to '{scheme[1].lower()}:' is not allowed", hint)
    inside = place(address)
    if UNSEEN.search(address) and not (inside and SEEN.fullmatch(address)):
        return source.diagnostic("P311", at, f"'{seen}' has a space or an invisible character in it", "write %20")
    if scheme and scheme[1].lower() in {"http", "https"} and not _names_a_host(seen):
        return source.diagnostic(
            "P315", at, f"'{seen}' names no place on the web", "write it as https://example.org/page"
        )
    if not scheme and not inside:
        hint = "lead to an id, as in '#sec-war', to a chapter's file, or write the whole address with https://"
        return source.diagnostic("P312", at, f"'{address}' leads to no place in this title", hint)
    return None


def _names_a_host(address: str) -> bool:
    """Whether an address on the web has the host, and the number of the port, that it needs."""
    if not HOST.match(address):
        return False
    try:
        return urlsplit(address).port != 0
    except ValueError:  # a port that is none, brackets that are no IPv6 address
        return False


def picture(address: str, at: Span | int, source: Source) -> tuple[str, Diagnostic | None]:
    """The path of a picture in its shortest form, `img/a.png` for `./img/a.png`; or none, and what is wrong with it."""
    seen = UNSEEN.sub("", address)
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), seen.replace("\\", "/")))
    if not seen or SCHEME.match(seen) or seen.startswith(("/", "\\")) or whole.split("/")[0] == "..":
        name = re.search(r"[\w.-]+\.(?:png|jpe?g|gif|svg|webp)(?=[?#]|\Z)", seen, re.IGNORECASE)
        path = f"figures/{name.group() if name else 'map.svg'}"
        hint = f"put the picture into the title's folder, and give its path there, as in '{path}'"
        return "", source.diagnostic("P313", at, f"'{address}' is not a file of this title", hint)
    return posixpath.normpath(address), None
