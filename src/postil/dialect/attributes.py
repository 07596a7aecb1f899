"""Attribute lists: `{#id .class key=value}`, and what may stand in one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from postil.document import ROLES, Attributes
from postil.source import Diagnostic, Source, Span

OPEN = re.compile(r"\{:?\s*(?=[#.\w])")
MEANT = re.compile(r"\{:?[ ]*[#.][^\W\d][^{}\n]*(?:\}|$)", re.MULTILINE)  # what nobody types but for an attribute list
ITEM = re.compile(
    r"""\#(?P<id>[^\s{}"'=\#]+) | \.(?P<class>[^\s{}"'=\#.]+)
      | (?P<name>[^\W\d_][\w:-]*)=
        (?: "(?P<double>(?:[^"\\]|\\.)*)" | '(?P<single>(?:[^'\\]|\\.)*)' | (?P<bare>[^\s{}"']+) )
    """,
    re.VERBOSE | re.DOTALL,
)
SPACE = re.compile(r"\s*")
ESCAPE = re.compile(r"\\(.)", re.DOTALL)

ID = re.compile(r"\w[\w.:-]*\Z")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\Z")
COUNT = re.compile(r"[1-9]\d{0,2}\Z")
TIME = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,3})?)?"
# The values of HTML's `time` (HTML Standard, 4.5.14) that checkers of EPUB know: a year, a month, a week, a day, a day
# of any year, a time of day, a moment, a duration.
MOMENT = re.compile(
    rf"""(?: [0-9]{{4}} (?:-W[0-9]{{2}} | -[0-9]{{2}} (?:-[0-9]{{2}} (?:T{TIME} (?:Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?)?)?
      | (?:--)?[0-9]{{2}}-[0-9]{{2}}
      | {TIME}
      | P(?=[0-9T]) (?:[0-9]+D)? (?:T(?=[0-9]) (?:[0-9]+H)? (?:[0-9]+M)? (?:[0-9]+(?:\.[0-9]{{1,3}})?S)?)?
    )\Z""",
    re.VERBOSE,
)


class Form(NamedTuple):
    """What the value of an attribute must look like, and the same in words."""

    pattern: re.Pattern[str]
    words: str


_COUNT = Form(COUNT, "a whole number from 1 to 999")

VALUES: Mapping[str, Form] = {
    "id": Form(ID, "letters and digits of any script, and . : - _ inside"),
    "lang": Form(LANGUAGE, "a BCP 47 tag, such as en-GB or ur"),
    "dir": Form(re.compile(r"(?:ltr|rtl|auto)\Z"), "ltr, rtl or auto"),
    "colspan": _COUNT,
    "rowspan": _COUNT,
    "start": _COUNT,
    "scope": Form(re.compile(r"(?:row|col|rowgroup|colgroup)\Z"), "row, col, rowgroup or colgroup"),
    "datetime": Form(MOMENT, "a date, time or duration as HTML has it: 2026-11-23, 18:00, P3D"),
}
"""The attributes whose values have a form; the others may be any text."""

GLOBAL: Mapping[str, str] = {
    "id": "the name of a place, to which links lead; also written #id",
    "class": "one of the classes below; also written .class",
    "lang": "the language of the words",
    "dir": "the direction in which they run",
    "title": "what is said of them beside the text; of an abbr, what it stands for",
}
"""The attributes that anything may have, and what each says."""

OWN: Mapping[str, Mapping[str, str]] = {
    "td": {"colspan": "how many columns the cell takes", "rowspan": "how many rows the cell takes"},
    "th": {
        "colspan": "how many columns the cell takes",
        "rowspan": "how many rows the cell takes",
        "scope": "what the cell heads",
    },
    "ol": {"start": "the number of the first item"},
    "time": {"datetime": "the same moment, for programs"},
    "index": {
        "entry": "the heading in the index, 'Main!Sub' for one under another; else the words themselves",
        "see": "the heading to look under instead",
        "see-also": "another heading to look under",
        "range": "start or end: the passage goes from the one to the other",
    },
}
"""The attributes that some elements have besides; `index` is what words for an index are."""

BOXES: Mapping[str, str] = {
    "note": "a note on the text, set off from it",
    "tip": "advice, in a box",
    "important": "what must not be missed, in a box",
    "warning": "a warning, in a box",
    "caution": "a warning of harm, in a box",
}
"""The boxes that many kinds of Markdown have, under GitHub's names."""
BOX_NAMES: Mapping[str, str] = {
    **{name: name for name in BOXES},
    **dict.fromkeys(("info", "abstract", "summary", "tldr", "todo", "example", "question", "help", "faq"), "note"),
    **dict.fromkeys(("success", "check", "done", "seealso", "admonition"), "note"),
    **dict.fromkeys(("hint",), "tip"),
    **dict.fromkeys(("attention", "failure", "fail", "missing", "bug"), "warning"),
    **dict.fromkeys(("danger", "error"), "caution"),
}
"""What other tools call a box, and which of ours that is."""

CONTAINERS: Mapping[str, str] = {
    **BOXES,
    "epigraph": "a motto at the head of a chapter",
    "verse": "lines of verse, each kept as a line",
    "extract": "a long quotation, set off from the text",
    "dialogue": "what is said in turn, each turn a paragraph",
    "center": "centred lines",
}
INLINE: Mapping[str, str] = {"smallcaps": "small capitals"}
ILLUSTRATIONS: Mapping[str, str] = {"wide": "it reaches into the margin"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
PARTS: Mapping[str, str] = {role.name: role.about for role in ROLES.values() if role.for_chapters}
CLASSES: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(HEADINGS, PARTS),
    **dict.fromkeys(("figure", "img", "table"), ILLUSTRATIONS),
    **dict.fromkeys(("div", "p", "blockquote"), CONTAINERS),
    **dict.fromkeys(("span", "em", "strong", "a", "code", "abbr"), INLINE),
}
"""The classes that each element may have, and what each makes of it."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One item of an attribute list; `#x` has the name id, `.x` the name class. `start` is its offset."""

    name: str
    value: str
    start: int


@dataclass(frozen=True, slots=True)
class AttributeList:
    """What stands between `{` and `}`."""

    items: tuple[Attribute, ...]
    start: int
    end: int

    def get(self, name: str) -> str | None:
        """The first value of that name."""
        return next((item.value for item in self.items if item.name == name), None)

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes, in their order."""
        return tuple(item.value for item in self.items if item.name == "class")


def read(text: str, start: int, end: int) -> AttributeList | None:
    """The attribute list that begins at `start` and ends before `end`, if there is one."""
    opened = OPEN.match(text, start, end)
    if not opened:
        return None
    at, items = opened.end(), list[Attribute]()
    while found := ITEM.match(text, at, end):
        items.append(_attribute(found))
        at = SPACE.match(text, found.end(), end).end()  # type: ignore[union-attr] # it matches anything
        if text.startswith("}", at) and at < end:
            return AttributeList(tuple(items), start, at + 1)
        if at == found.end():
            return None
    return None


def unreadable(source: Source, start: int, end: int) -> tuple[Diagnostic, ...]:
    """What is wrong with an attribute list that was meant as one but cannot be read."""
    if not MEANT.match(source.text, start, end):
        return ()
    hint = "write '#id', '.class' or 'key=value', a value with spaces in straight quotation marks, and close the braces"
    return (source.diagnostic("P125", start, "this attribute list cannot be read", hint),)


def _attribute(found: re.Match[str]) -> Attribute:
    if name := found["name"]:
        quoted = found["double"] if found["double"] is not None else found["single"]
        value = found["bare"] if quoted is None else ESCAPE.sub(r"\1", quoted)
        return Attribute(name.lower(), " ".join(value.split()), found.start())
    kind = "id" if found["id"] is not None else "class"
    return Attribute(kind, found[kind], found.start())


def allowed(
    items: Iterable[Attribute], tag: str, source: Source, *, also: frozenset[str] = frozenset()
) -> tuple[Attributes, tuple[Diagnostic, ...]]:
    """The attributes that an element may carry, the id first, and what is wrong with the others.

    `also` names further attributes that the construct itself understands; they are passed over.
    """
    kept: dict[str, str] = {}
    wrong: list[Diagnostic] = []
    for item in items:
        if item.name in also or (item.name == "class" and item.value in also):
            continue
        wrong += (found := tuple(_faults(item, tag, source)))
        if not found:
            kept[item.name] = f"{kept['class']} {item.value}" if item.name == "class" in kept else item.value
    return tuple(sorted(kept.items(), key=lambda pair: pair[0] != "id")), tuple(wrong)


def _faults(item: Attribute, tag: str, source: Source) -> Iterator[Diagnostic]:
    at = Span(item.start, item.start + 1)
    names = GLOBAL.keys() | OWN.get(tag, {}).keys()
    if item.name not in names:
        hint = f"these are allowed here: {', '.join(sorted(names))}"
        message = f"the attribute '{item.name}' is not allowed here"
        yield source.diagnostic("P120", at, message, nearest(item.name, names, hint))
    elif item.name == "class":
        known = CLASSES.get(tag, {})
        for word in item.value.split():
            if word not in known:
                hint = f"these are: {', '.join(sorted(known))}" if known else "this element takes no class"
                yield source.diagnostic("P121", at, f"the class '{word}' is not known here", nearest(word, known, hint))
    elif (form := VALUES.get(item.name)) and not form.pattern.match(item.value):
        message = f"'{item.value}' is no value for the attribute '{item.name}'"
        yield source.diagnostic("P122", at, message, f"it is {form.words}")


def nearest(word: str, known: Iterable[str], otherwise: str | None = None) -> str | None:
    """A hint that offers the known word most like `word`."""
    like = get_close_matches(word, sorted(known), 1)
    return f"did you mean '{like[0]}'?" if like else otherwise
