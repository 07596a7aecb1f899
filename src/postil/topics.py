"""What `postil help` says beside the commands: the reference, made of the tables that the program itself goes by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from textwrap import fill, indent
from typing import Final

from postil.dialect.attributes import CLASSES, GLOBAL, HEADINGS, OWN, VALUES
from postil.dialect.constructs import CONSTRUCTS
from postil.dialect.html import AROUND, BLOCK, INLINE, LINKS
from postil.dialect.links import SCHEMES
from postil.dialect.notes import KEYS, REPLY_KEYS
from postil.document import CHANGE_STATUSES, EDITIONS, STATUSES, Audience
from postil.manuscript.reference import Setting
from postil.manuscript.relators import RELATORS
from postil.manuscript.settings import KINDS, tables
from postil.words import languages

WIDTH: Final = 80
"""The columns of a terminal."""
_TERMS: Final = 22
"""The longest term that stands beside its meaning. In a group with longer ones, meanings stand below."""


@dataclass(frozen=True, slots=True)
class Group:
    """Terms of one sort with the meaning of each, under a heading and perhaps a remark on all of them."""

    heading: str
    meanings: tuple[tuple[str, str], ...]
    remark: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether all terms are short enough to stand in a column."""
        return all(len(term) <= _TERMS and "\n" not in term for term, _ in self.meanings)


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that there is help on: what it is, in a line, and its groups."""

    name: str
    about: str
    groups: Callable[[], Iterable[Group]]


def plain(topic: Topic) -> str:
    """A topic for a terminal."""
    return "\n\n".join((f"{topic.about}.", *map(_plain, topic.groups()))) + "\n"


def markdown(topic: Topic) -> str:
    """A topic as Markdown."""
    return "\n\n".join((f"# {topic.about}", *map(_markdown, topic.groups()))) + "\n"


# --- what there is to say ----------------------------------------------------------------------------------------


def _dialect() -> Iterator[Group]:
    for heading, constructs in CONSTRUCTS.items():
        yield Group(heading, tuple((each.written, each.meaning) for each in constructs))
    for audience in Audience:
        own = {name: kind.about for name, kind in KINDS.items() if kind.audience is audience}
        yield _group(f"Kinds of annotation for the {audience}", own, "book.toml can add others.")
    remark = f"As in {{.query by=AB}}. Of a reply: {_listed(REPLY_KEYS)}."
    yield _group("What is said of an annotation", KEYS, remark)
    yield _group("What an annotation can be: status=…", STATUSES)
    yield _group("What a change can be, by an annotation on it: status=…", CHANGE_STATUSES)
    yield _group("Attributes of everything", {name: _valued(name, meaning) for name, meaning in GLOBAL.items()})
    for tag, attributes in OWN.items():
        of = {"index": "words for an index", "figures": "containers of figures"}.get(tag, tag)
        yield _group(f"Attributes of {of}", {name: _valued(name, meaning) for name, meaning in attributes.items()})
    for tags, classes in _classes():
        title = "headings: on a chapter's title they say what the chapter is"
        yield _group(f"Classes on {title if tuple(tags) == HEADINGS else _listed(tags)}", classes)
    yield _group("HTML in a sentence", {**INLINE, **LINKS})
    yield _group("HTML around Markdown, beginning and ending a line", AROUND)
    yield _group("HTML on lines of its own, without Markdown inside", BLOCK)
    remark = "Any other class, and any data- attribute, passes where a style sheet of the title has a rule for it."
    yield Group(
        "Addresses of links",
        (
            (_listed(SCHEMES), "what an address may begin with"),
            ("#id", "a place in the title"),
            ("20-peace.md#id", "a place in a chapter by its file; also 20-peace.html"),
        ),
    )
    yield Group("Classes of one's own", ((".name", "words or blocks for the title's style sheets"),), remark)


def _classes() -> Iterator[tuple[list[str], Mapping[str, str]]]:
    """The classes that there are, and before them the elements that have the same ones."""
    for names in dict.fromkeys(map(tuple, CLASSES.values())):
        tags = [tag for tag, each in CLASSES.items() if tuple(each) == names]
        yield tags, CLASSES[tags[0]]


def _settings() -> Iterator[Group]:
    for table in tables():
        own = tuple((setting.name, f"{setting.meaning} {_value(setting)}") for setting in table.settings)
        yield Group(table.header or "Above all tables", own, table.meaning)
    remark = "'postil codes P601' says what becomes of other languages."
    yield Group("Languages that Postil has words in", (("language", _listed(languages())),), remark)
    yield _group("Roles of contributors", RELATORS)
    yield _group("Editions", {name: f"written as {_listed(edition.formats)}" for name, edition in EDITIONS.items()})


TOPICS: Final = {
    topic.name: topic
    for topic in (
        Topic("dialect", "What a manuscript can have: Postil's Markdown", _dialect),
        Topic("settings", "What book.toml can say", _settings),
    )
}
"""Every topic by its name."""


def _group(heading: str, meanings: Mapping[str, str], remark: str = "") -> Group:
    return Group(heading, tuple(meanings.items()), remark)


def _listed(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _valued(attribute: str, meaning: str) -> str:
    form = VALUES.get(attribute)
    return f"{meaning}: {form.words}" if form else meaning


def _value(setting: Setting) -> str:
    """What the value of a setting is, as in `Text; without it "aut".`, for a sentence of its own."""
    kind = setting.type[0].upper() + setting.type[1:]
    match setting.default:
        case "required":
            return f"{kind}; it must be there."
        case "":
            return f"{kind}."
        case default:
            return f"{kind}; without it {default}."


# --- how it is said ----------------------------------------------------------------------------------------------


def _plain(group: Group) -> str:
    width = max(len(term) for term, _ in group.meanings)
    lines = [group.heading, "-" * len(group.heading)]
    lines += [fill(group.remark, WIDTH), ""] if group.remark else []
    for term, meaning in group.meanings:
        if group.is_narrow:
            lines.append(_wrapped(meaning, f"  {term:<{width}}  ", " " * (width + 4)))
        else:
            lines += [indent(term, "  "), _wrapped(meaning, " " * 6, " " * 6), ""]
    return "\n".join(lines).rstrip("\n")


def _wrapped(words: str, first: str, rest: str) -> str:
    return fill(words, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def _markdown(group: Group) -> str:
    parts = [f"## {group.heading}", *([group.remark] if group.remark else [])]
    if group.is_narrow:
        rows = (f"| {_code(term)} | {meaning.replace('|', chr(92) + '|')} |" for term, meaning in group.meanings)
        parts.append("\n".join(("| | |", "| --- | --- |", *rows)))
    else:
        parts += (f"{indent(term, '    ')}\n\n{meaning}" for term, meaning in group.meanings)
    return "\n\n".join(parts)


def _code(term: str) -> str:
    return f"`{term}`"
