"""A compact way to write a chapter down, for the expected halves of the cases in tests/cases/.

An element is `tag#id.class{name=value}[children]`; its text stands as it is, a line break as `↵`.

    {+new+}  {-old-}  {-old-+new+}  {=words=}    marks; anchored annotations follow as in {=words=|q1,q2}
    (·q1)  (^1)                                  a point annotation; the call of a footnote
    (@see|key|23|suffix; …)  (@!key|3)           a citation; with ! its author is part of the sentence, with - left out
    (→id)  (→id page)  (→id bare)  (→id capital) an empty link, or another reference; behind it the file that it names
    (i words|entry!sub|see=…)                    an index span
    ($x$)  ($$x$$)                               maths in the line, and set off
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from postil.document import (
    Change,
    Chapter,
    Citation,
    Cite,
    CrossReference,
    Element,
    Formula,
    Highlight,
    IndexTerm,
    NoteCall,
    Parsed,
    Point,
    Text,
    Words,
    WorkLink,
)
from postil.source import Diagnostic


def chapter(parsed: Chapter[Parsed]) -> Iterator[str]:
    yield from (nodes([node]) for node in parsed.body)
    yield from (f"^{each.id}: {nodes(each.body)}" for each in parsed.notes.values())
    for note in parsed.annotations.values():
        facts = {
            "status": note.status,
            "by": note.by,
            "at": note.at,
            "to": note.to,
            "closed-by": note.closed_by,
            "closed-at": note.closed_at,
            "nm": note.foreign_id,
        }
        said = "".join(f" {name}={value}" for name, value in facts.items() if value is not None)
        yield f"*{note.id}: {note.kind.name}{said}: {nodes(note.body)}"
        for reply in note.replies:
            yield f"    {reply.by} {reply.at}: {nodes(reply.body)}"


def diagnostics(found: Iterable[Diagnostic]) -> Iterator[str]:
    for diagnostic in found:
        place = diagnostic.position
        yield f"{place.line}:{place.column} {diagnostic.code}" if place else diagnostic.code


def nodes(these: Iterable[Parsed] | Iterable[Words]) -> str:
    return "".join(node(this) for this in these)


def node(this: Parsed | Words) -> str:  # noqa: C901, PLR0911 # one sort of node after another
    match this:
        case Text(value):
            return value.replace("\n", "↵")
        case Element():
            return _element(this)
        case Change(deleted, inserted, annotations):
            old = "" if deleted is None else f"-{nodes(deleted)}-"
            new = "" if inserted is None else f"+{nodes(inserted)}+"
            return f"{{{old}{new}{_anchored(annotations)}}}"
        case Highlight(children, annotations):
            return f"{{={nodes(children)}={_anchored(annotations)}}}"
        case Point(annotation):
            return f"(·{annotation})"
        case NoteCall(note):
            return f"(^{note})"
        case Citation(cites, in_text):
            return f"(@{'!' if in_text else ''}{'; '.join(map(_cite, cites))})"
        case CrossReference(target, form):
            more = (form if form != "number" else "", "capital" if this.capital else "", this.file)
            return f"(→{' '.join((target, *filter(None, more)))})"
        case Formula(tex, display):
            return f"($${tex.value}$$)".replace("\n", "↵") if display else f"(${tex.value}$)".replace("\n", "↵")
        case WorkLink():
            return nodes(this.children)
        case IndexTerm(children, entry, see, see_also, end):
            said = "".join(f"|{k}={v}" for k, v in (("see", see), ("see-also", see_also), ("range", end)) if v)
            return f"(i {nodes(children)}|{'!'.join(entry)}{said})"
    assert_never(this)


def _element(this: Element[Parsed] | Element[Words]) -> str:
    values = dict(this.attributes)
    identifier = f"#{values.pop('id')}" if "id" in values else ""
    classes = "".join(f".{name}" for name in values.pop("class", "").split())
    others = f"{{{' '.join(f'{name}={value}' for name, value in values.items())}}}" if values else ""
    return f"{this.tag}{identifier}{classes}{others}[{nodes(this.children)}]"


def _anchored(annotations: tuple[str, ...]) -> str:
    return f"|{','.join(annotations)}" if annotations else ""


def _cite(cite: Cite) -> str:
    key = f"-{cite.key}" if cite.suppress_author else cite.key
    return f"{nodes(cite.prefix)}|{key}|{cite.locator}|{nodes(cite.suffix)}".rstrip("|").removeprefix("|")
