"""CSL-JSON files: a list of items, of which a broken one costs no other."""

from __future__ import annotations

import json
import re
from collections import Counter

from postil.bibliography.reading.csl.items import PARTS, Fields, Items, Read
from postil.source import Source, Span

# The beginning of the next entry, where reading goes on behind a broken one: '}, {"id"'. A list of names within an
# entry looks the same, but for what its objects begin with: '}, {"family"'.
NEXT_ENTRY = re.compile(r'\}\s*,\s*(?=\{\s*"(?!(?:' + "|".join(sorted(PARTS)) + ')"))')
TOKEN = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"|[{}\[\]:]')
MOST_BROKEN = 100
"""How many broken entries of a file are reported; with more of them it is hardly JSON."""


def read_json(source: Source) -> Read:
    """The items of a CSL-JSON file, and everything that is wrong with them."""
    items = Items(source)
    text, at = source.text, _skip(source.text, 0)
    if text[at : at + 1] == "[":
        _read_list(items, _skip(text, at + 1))
    elif at < len(text):
        items.report(at, "a list of references is expected here", "CSL-JSON is a list: '[{\"id\": …}, …]'")
    return items.read()


def _fields(source: Source, span: Span) -> Fields:
    """The names in an item of a CSL-JSON file, each with its place, but none of the objects within the item."""
    found: list[tuple[str, int]] = []
    depth, last = 0, None
    for token in TOKEN.finditer(source.text, span.start, span.end):
        if token[0] == ":" and depth == 1 and last:
            found.append((last["text"], last.start()))
        depth += (token[0] in "{[") - (token[0] in "}]")
        last = token if token["text"] is not None else None
    return tuple(found)


def _read_list(items: Items, at: int) -> None:
    """Read a list from its first item, which begins at `at`, to the end of the file."""
    text = items.source.text
    broken = 0
    while at < len(text) and text[at] != "]":
        twice: list[str] = []
        try:
            item, end = _decoder(twice).raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            where, what = _fault(error, at)
            items.report(where, f"this is no JSON: {what}", "mend it; the entry is left out until then")
            broken += 1
            following = NEXT_ENTRY.search(text, where)
            if following is None or broken == MOST_BROKEN:
                return
            at = following.end()
            continue
        items.add(item, Span(at, end), _fields(items.source, Span(at, end)), twice)
        at = _skip(text, end)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at : at + 1] not in ("]", ""):
            items.report(end, "there is no comma behind the entry", "add a comma")
            if text[at] != "{":
                return
    if at == len(text):
        items.report(len(text.rstrip()), "the list is not closed", "add a ']' at its end")
    elif (rest := _skip(text, at + 1)) < len(text):
        items.report(rest, "the list is closed, but something follows", "entries belong within the brackets")


def _decoder(twice: list[str]) -> json.JSONDecoder:
    """A decoder that adds to `twice` the names which an object has more than once."""

    def read(pairs: list[tuple[str, object]]) -> dict[str, object]:
        read = dict(pairs)
        if len(read) != len(pairs):
            twice.extend(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        return read

    return json.JSONDecoder(object_pairs_hook=read)


def _fault(error: ValueError | RecursionError, at: int) -> tuple[int, str]:
    """Where an entry that begins at `at` is broken, and how."""
    match error:
        case json.JSONDecodeError():
            return error.pos, error.msg[0].lower() + error.msg[1:]
        case RecursionError():
            return at, "too deep"
        case _:
            return at, "a number has too many digits"


def _skip(text: str, at: int) -> int:
    """The place of the first character from `at` on that is no white space."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at
