"""Attribute lists: `{#id .class key=value}`, and what may stand in one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import NamedTuple

from postil.document import ROLES, THEOREMS, Attributes, Chapter, Element, Parsed, rewritten
from postil.source import Diagnostic, Source, Span

OPEN = re.compile(r"\{:?\s*(?=[#.\w]|-\s*\})")
MEANT = re.compile(r"\{:?[ ]*[#.][^\W\d][^{}\n]*(?:\}|$)", re.MULTILINE)  # what nobody types but for an attribute list
ITEM = re.compile(
    r"""\#(?P<id>[^\s{}"'=\#]+) | \.(?P<class>[^\s{}"'=\#.]+) | (?P<dash>-)(?=[\s}])
      | (?P<name>[^\W\d_][\w:-]*)=
        (?: "(?P<double>(?:[^"\\]|\\.)*)" | '(?P<single>(?:[^'\\]|\\.)*)' | (?P<bare>[^\s{}"']+) )
    """,
    re.VERBOSE | re.DOTALL,
)
SPACE = re.compile(r"\s*")
ESCAPE = re.compile(r"\\(.)", re.DOTALL)

# The marks that stand on or beside letters, by blocks of scripts, and the two joiners that Persian and Indic words have
# inside: to `\w` they are no letters. What is punctuation in these blocks (dandas, the Thai signs) is left out.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u0816-\u082d\u0859-\u085b\u08d3-\u0963\u0971-\u0df3\u0e31-\u0e3a"
    "\u0e47-\u0e4e\u0eb1-\u0ebc\u0ec8-\u0ecd\u0f18\u0f19\u0f35-\u0f39\u0f3e\u0f3f\u0f71-\u0f84\u0f86-\u0fbc\u102b-\u103e\u1056-\u109d"
    "\u17b4-\u17d3\u180b-\u180d\u1dc0-\u1dff\u200c\u200d\u3099\u309a\ufe20-\ufe2f"
)
LETTER = rf"[\w{_MARKS}]"
"""A letter, digit or low line, or a mark that belongs to one, of any script."""
ID = re.compile(rf"{LETTER}(?:{LETTER}|[.:-])*\Z")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\Z")
COUNT = re.compile(r"[1-9]\d{0,2}\Z")
LENGTH = r"(?=[\d.]*[1-9])(?:\d{1,5}(?:\.\d{1,4})?|\.\d{1,4})(?:cm|mm|in|px|pt|pc|em)?\Z"
SHARE = r"(?=[\d.]*[1-9])(?:100(?:\.0+)?|\d{1,2}(?:\.\d{1,4})?)%\Z"
DATA = re.compile(r"data-[a-z0-9_.-]+\Z")
NUMBER = re.compile(r"[0-9]{1,9}\Z")
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
_NUMBER = Form(NUMBER, "a whole number of up to nine digits")

VALUES: Mapping[str, Form] = {
    "id": Form(ID, "letters and digits of any script, and . : - _ inside"),
    "lang": Form(LANGUAGE, "a BCP 47 tag, such as en-GB or ur"),
    "dir": Form(re.compile(r"(?:ltr|rtl|auto)\Z"), "ltr, rtl or auto"),
    "columns": _COUNT,
    "colspan": _COUNT,
    "rowspan": _COUNT,
    "start": _NUMBER,
    "value": _NUMBER,
    "type": Form(re.compile(r"[1aAiI]\Z"), "1, a, A, i or I"),
    "reversed": Form(re.compile(r"(?:reversed)?\Z"), "given without a value"),
    "scope": Form(re.compile(r"(?:row|col|rowgroup|colgroup)\Z"), "row, col, rowgroup or colgroup"),
    "datetime": Form(MOMENT, "a date, time or duration as HTML has it: 2026-11-23, 18:00, P3D"),
    "width": Form(
        re.compile(f"{SHARE}|{LENGTH}"),
        "a share of the text's width, such as 50%, or a length in cm, mm, in, pt, px, em",
    ),
    "height": Form(re.compile(LENGTH), "a length in cm, mm, in, pt, px, em"),
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

CAPTION: Mapping[str, str] = {"caption": "what stands below it; an empty one for none"}
OWN: Mapping[str, Mapping[str, str]] = {
    "img": {
        "width": "how wide the picture is; never wider than there is room",
        "height": "how tall it is",
        "alt": "what the picture shows, where what stands in the brackets is its caption",
        **CAPTION,
    },
    "figures": {"columns": "how many of them stand in a row"},
    "pre": CAPTION,
    "td": {"colspan": "how many columns the cell takes", "rowspan": "how many rows the cell takes"},
    "th": {
        "colspan": "how many columns the cell takes",
        "rowspan": "how many rows the cell takes",
        "scope": "what the cell heads",
    },
    "ol": {
        "start": "the number of the first item",
        "type": "how it counts: 1, a, A, i or I",
        "reversed": "it counts down",
    },
    "li": {"value": "the number of the item"},
    "time": {"datetime": "the same moment, for programs"},
    "index": {
        "entry": "the heading in the index, 'Main!Sub' for one under another; else the words themselves",
        "see": "the heading to look under instead",
        "see-also": "another heading to look under",
        "range": "start or end: the passage goes from the one to the other",
    },
}
"""The attributes that some elements have besides; `index` is what words for an index are, `figures` a container."""

BOXES: Mapping[str, str] = {
    "note": "a note on the text, set off from it",
    "tip": "advice, in a box",
    "important": "what must not be missed, in a box",
    "warning": "a warning, in a box",
    "caution": "a warning of harm, in a box",
}
"""The boxes that many kinds of Markdown have, under GitHub's names."""
BOX_NAMES: Mapping[str, str] = {
    **{name: name for name in THEOREMS},
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
PICTURES: Mapping[str, str] = {
    **ILLUSTRATIONS,
    "left": "it stands at the left, and the text beside it",
    "right": "it stands at the right, and the text beside it",
    "full": "it has a page of its own, and the text before it ends there",
}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
PARTS: Mapping[str, str] = {
    **{role.name: role.about for role in ROLES.values() if role.for_chapters},
    "unnumbered": "also written {-}; it has no number, where headings are numbered",
    "unlisted": "the contents leave it out",
}
CLASSES: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(HEADINGS, PARTS),
    **dict.fromkeys(("figure", "img"), PICTURES),
    "figures": {"figures": "its pictures stand side by side; a paragraph behind them is their caption", **PICTURES},
    "table": ILLUSTRATIONS,
    **dict.fromkeys(("p", "blockquote"), CONTAINERS),
    "div": {
        **CONTAINERS,
        **{each.name: each.about for each in THEOREMS.values()},
        "unnumbered": "on a theorem and the like: it has no number",
    },
    **dict.fromkeys(("span", "em", "strong", "a", "code", "abbr"), INLINE),
}
"""The classes that each element may have, and what each makes of it."""

ALIASES: Mapping[str, str] = {"fig-alt": "alt", "fig-cap": "caption", "lst-cap": "caption", "layout-ncol": "columns"}
"""Names of attributes in Quarto, and what they are here."""
SAME_CLASSES: Mapping[str, str] = {"no_toc": "unlisted"}
"""Names of classes in kramdown, and what they are here."""
REMEDIES: Mapping[str, str] = {
    "style": "give it a class, '.name', and say in the title's styles/book.css how that looks",
}
"""What to write instead of an attribute that many know from HTML."""
MADE = re.compile(r"(?:equation|examples|figures|listing|statement|statement-\\w+|table|align-\w+|language-.*)\Z")
"""The classes that parsing itself gives: a manuscript cannot give them to something else."""


@dataclass(frozen=True, slots=True)
class Unknown(Diagnostic):
    """A class or a `data-` attribute, by its name, that the dialect does not know. A style sheet may."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One item of an attribute list; `#x` has the name id, `.x` the name class, and `-` is `.unnumbered`.

    `start` is its offset, `place` where a value stands that can have Markdown in it.
    """

    name: str
    value: str
    start: int
    place: Span | None = None


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
        if at == found.end() and (found["name"] or text[at : at + 1] not in {".", "#"}):  # `.a.b` are two in kramdown
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
        form = next(form for form in ("double", "single", "bare") if found[form] is not None)
        value = found[form] if form == "bare" else ESCAPE.sub(r"\1", found[form])
        known = ALIASES.get(name.lower(), name.lower())
        return Attribute(known, " ".join(value.split()), found.start(), Span(*found.span(form)))
    if found["dash"]:
        return Attribute("class", "unnumbered", found.start())
    kind = "id" if found["id"] is not None else "class"
    return Attribute(
        kind, SAME_CLASSES.get(found[kind], found[kind]) if kind == "class" else found[kind], found.start()
    )


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
        if all(isinstance(fault, Unknown) and not MADE.match(fault.name) for fault in found):
            kept[item.name] = f"{kept['class']} {item.value}" if item.name == "class" in kept else item.value
    return tuple(sorted(kept.items(), key=lambda pair: pair[0] != "id")), tuple(wrong)


def _faults(item: Attribute, tag: str, source: Source) -> Iterator[Diagnostic]:
    at = Span(item.start, item.start + 1)
    names = GLOBAL.keys() | OWN.get(tag, {}).keys()
    if DATA.match(item.name):
        message = f"no style sheet of the title names the attribute '{item.name}'"
        yield Unknown("P121", message, source.position(item.start), None, item.name)
    elif item.name not in names:
        hint = f"these are allowed here: {', '.join(sorted(names))}"
        message = f"the attribute '{item.name}' is not allowed here"
        yield source.diagnostic("P120", at, message, REMEDIES.get(item.name) or nearest(item.name, names, hint))
    elif item.name == "class":
        known = CLASSES.get(tag, {})
        for word in item.value.split():
            if word not in known:
                remedy = nearest(word, known, f"these are: {', '.join(sorted(known))}" if known else None)
                message = f"the class '{word}' is not known here, and no style sheet of the title names it"
                yield Unknown("P121", message, source.position(item.start), remedy, word)
    elif (form := VALUES.get(item.name)) and not form.pattern.match(item.value):
        message = f"'{item.value}' is no value for the attribute '{item.name}'"
        yield source.diagnostic("P122", at, message, f"it is {form.words}")


def dressed(
    chapter: Chapter[Parsed], found: Iterable[Diagnostic], named: Collection[str]
) -> tuple[Chapter[Parsed], tuple[Diagnostic, ...]]:
    """The chapter without the classes and `data-` attributes that neither the dialect nor a style sheet knows.

    `named` are those that the style sheets of the title name. What is wrong with the chapter goes on without these.
    """
    kept = tuple(fault for fault in found if not (isinstance(fault, Unknown) and fault.name in named))
    gone = {fault.name for fault in kept if isinstance(fault, Unknown)}

    def bare(node: Parsed) -> tuple[Parsed, ...] | None:
        if not isinstance(node, Element) or not (gone & (node.classes | dict(node.attributes).keys())):
            return None
        known = CLASSES["figures" if "figures" in node.classes else node.tag] if node.tag in CLASSES else {}
        classes = [
            name for name in (node.get("class") or "").split() if name not in gone or name in known or MADE.match(name)
        ]
        attributes = {name: value for name, value in node.attributes if name not in gone | {"class"}}
        left = replace(node, attributes=tuple(attributes.items()))
        return (left.having(class_=" ".join(classes)) if classes else left,)

    return (rewritten(chapter, bare) if gone else chapter), kept


def nearest(word: str, known: Iterable[str], otherwise: str | None = None) -> str | None:
    """A hint that offers the known word most like `word`."""
    like = get_close_matches(word, sorted(known), 1)
    return f"did you mean '{like[0]}'?" if like else otherwise
