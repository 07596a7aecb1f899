"""The notes and annotations of a chapter: what defines them, what calls them, and what is wrong with them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from postil.dialect.attributes import Attribute, AttributeList, nearest
from postil.dialect.outline import Definition
from postil.dialect.passage import unbroken
from postil.dialect.tokens import Anchor, Comment, InlineNote
from postil.document import (
    CHANGE_STATUSES,
    STATUSES,
    Annotation,
    Audience,
    Element,
    Kind,
    Note,
    Parsed,
    Reply,
)
from postil.guesses import Guesses
from postil.source import Diagnostic, Source, Span

REPLY_KEYS: Mapping[str, str] = {
    "by": "who wrote it",
    "at": "when: a date, or a date and time, 2026-11-23T10:00Z",
    "nm": "its name in another program, which is kept",
}
KEYS: Mapping[str, str] = {
    **REPLY_KEYS,
    "to": "whom it asks",
    "status": "how it stands, or what becomes of the change that it is on",
    "closed-by": "who closed it",
    "closed-at": "when it was closed",
}
"""What can be said of an annotation, and what of a reply to one, with what each means."""
SPACED = re.compile(r"(?:[^\s>*+|:-]|\S[*:-])[ \t]\Z")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?)?\Z")
COMMENT = Kind("comment", "Comment", Audience.EDITOR)


@dataclass(frozen=True, slots=True)
class Call:
    """An anchor that calls `target`, in the body or inside the definition of another."""

    target: str
    inside: str | None
    place: Span
    on_change: bool


class Notes:
    """All of one chapter's."""

    def __init__(self, source: Source, kinds: Mapping[str, Kind], definitions: Sequence[Definition]) -> None:
        self.source, self.kinds = source, kinds
        self.definitions: dict[str, Definition] = {}
        self.notes: dict[str, Note[Parsed]] = {}
        self.annotations: dict[str, Annotation[Parsed]] = {}
        self._found: list[Diagnostic] = []
        self._calls: list[Call] = []
        self._comments: Counter[int] = Counter()  # how many comments each line has, so that none is counted again
        self._inside: str | None = None
        for definition in definitions:
            if definition.id in self.definitions:
                first = source.position(self.definitions[definition.id].span.start)
                message = f"'{definition.id}' is defined twice, first in line {first.line}"
                self._report("P403", definition.span.start, message, "give each note and annotation an id of its own")
            else:
                self.definitions[definition.id] = definition
        self._guesses = Guesses(sorted(self.definitions))

    @contextmanager
    def inside(self, identifier: str) -> Iterator[None]:
        """While the text of a note or annotation is read."""
        outer, self._inside = self._inside, identifier
        yield
        self._inside = outer

    # --- calls ---------------------------------------------------------------------------------------------------

    def call(self, anchor: Anchor, *, on_change: bool) -> Literal["annotation", "note"] | None:
        """What an anchor calls; None, with an error, if nothing is to be called here."""
        definition = self.definitions.get(anchor.id)
        if self.source.text.startswith(":", anchor.end) and self._begins_line(anchor.start):
            hint = "begin the line with it, outside any list or quotation"
            self._report("P407", anchor.start, "a definition stands at the top level of its chapter", hint)
            return None
        if definition is None:
            message = f"no note or annotation is called '{anchor.id}'"
            near = self._guesses.of(anchor.id)
            remedy = f"did you mean '{near}'?" if near else f"define it with a line '[^{anchor.id}]: …'"
            self._report("P401", anchor.start, message, remedy)
            return None
        call = Call(anchor.id, self._inside, Span(anchor.start, anchor.end), on_change)
        self._calls.append(call)
        if definition.attributes is not None:
            return "annotation"
        if self._inside is not None:
            hint = "move it into the text, or say it in one note"
            self._report("P408", anchor.start, "a footnote cannot stand inside a note or annotation", hint)
            return None
        self._stands_apart(anchor.start)
        return "note"

    def comment(self, comment: Comment, *, on_change: bool) -> str:
        """Make an annotation of a comment, with an id from its line."""
        line = self.source.position(comment.start).line
        identifier = ""
        while not identifier or identifier in self.definitions or identifier in self.annotations:
            self._comments[line] += 1
            identifier = f"comment-{line}" if self._comments[line] == 1 else f"comment-{line}-{self._comments[line]}"
        words = unbroken(self.source.text, comment.body.start, comment.body.end)
        if not words.value:
            self._report("P104", comment.start, "this comment is empty", "delete it, or say something")
        body = (Element("p", (words,), (), comment.body),)
        attributes = comment.attributes or AttributeList((), comment.end, comment.end)
        self.annotations[identifier] = self._annotation(
            identifier, attributes, body, (), Span(comment.start, comment.end)
        )
        self._calls.append(Call(identifier, self._inside, Span(comment.start, comment.end), on_change))
        return identifier

    def begin_inline(self, note: InlineNote) -> str | None:
        """An id for a note that stands in the line itself, from its line; None, with an error, where none can be."""
        if self._inside is not None:
            hint = "move it into the text, or say it in one note"
            self._report("P408", note.start, "a footnote cannot stand inside a note or annotation", hint)
            return None
        line = self.source.position(note.start).line
        number = 1
        while (identifier := f"note-{line}" if number == 1 else f"note-{line}-{number}") in {
            *self.definitions,
            *self.notes,
        }:
            number += 1
        if not self.source.text[note.body.start : note.body.end].strip():
            self._report("P104", note.start, "this note is empty", "delete it, or say something")
            return None
        self._stands_apart(note.start)
        return identifier

    def end_inline(self, identifier: str, note: InlineNote, body: Element[Parsed]) -> None:
        """Enter a note that stands in the line itself, its text read."""
        self.notes[identifier] = Note(identifier, (body,), Span(note.start, note.end))
        self._calls.append(Call(identifier, None, Span(note.start, note.end), on_change=False))

    def _stands_apart(self, call: int) -> None:
        """Say so where a space parts the call of a note from its word, and would be printed before it."""
        if SPACED.search(self.source.text, max(0, call - 20), call):
            hint = "take it out: a call stands right behind its word, or behind the stop"
            self._report("P606", call - 1, "a space stands before the call of a note", hint)

    def _begins_line(self, offset: int) -> bool:
        text = self.source.text
        return not text[text.rfind("\n", 0, offset) + 1 : offset].strip(" \t>*+-.0123456789:|")

    # --- definitions ---------------------------------------------------------------------------------------------

    def read(self, definition: Definition, body: tuple[Parsed, ...], answers: Sequence[tuple[Parsed, ...]]) -> None:
        """Enter a definition, its text read."""
        if definition.attributes is None:
            for answer in definition.replies:
                self._report("P411", answer.span.start, "a footnote has no replies", "give it a kind, as in '{.query}'")
            replies = tuple(node for answer in answers for node in answer)
            self.notes[definition.id] = Note(definition.id, body + replies, definition.span)
            return
        replies_ = tuple(
            self._reply(answer.attributes, text, answer.span)
            for answer, text in zip(definition.replies, answers, strict=True)
        )
        self.annotations[definition.id] = self._annotation(
            definition.id, definition.attributes, body, replies_, definition.span
        )

    def _annotation(
        self,
        identifier: str,
        attributes: AttributeList,
        body: tuple[Parsed, ...],
        replies: tuple[Reply[Parsed], ...],
        span: Span,
    ) -> Annotation[Parsed]:
        values = self._values(attributes, KEYS)
        return Annotation(
            identifier,
            self._kind(attributes, comment=identifier not in self.definitions),
            body,
            values.get("status"),
            values.get("by"),
            values.get("at"),
            values.get("to"),
            values.get("closed-by"),
            values.get("closed-at"),
            values.get("nm"),
            replies,
            span,
        )

    def _reply(self, attributes: AttributeList, body: tuple[Parsed, ...], span: Span) -> Reply[Parsed]:
        values = self._values(attributes, REPLY_KEYS)
        return Reply(values.get("by"), values.get("at"), body, span)

    def _kind(self, attributes: AttributeList, *, comment: bool) -> Kind:
        name = next(iter(attributes.classes), "comment" if comment else "")
        if name in self.kinds:
            return self.kinds[name]
        if name == "comment":
            return COMMENT
        message = f"there is no kind of annotation '{name}'" if name else "this annotation has no kind"
        hint = nearest(name, self.kinds, f"these are: {', '.join(sorted(self.kinds))}")
        self._report("P404", attributes.start, message, hint)
        return Kind(name, name, Audience.EDITOR)

    def _values(self, attributes: AttributeList, keys: Mapping[str, str]) -> dict[str, str]:
        """The values by key, with an error for each that is not understood."""
        values: dict[str, str] = {}
        classes = 0
        for item in attributes.items:
            classes += item.name == "class"
            if item.name == "class" and classes == 1:
                continue
            if item.name not in keys:
                typed = {"class": f".{item.value}", "id": f"#{item.value}"}.get(item.name, item.name)
                remedy = nearest(item.name, keys, f"these are: {', '.join(sorted(keys))}")
                self._report("P411", item.start, f"'{typed}' says nothing here", remedy)
            elif item.name in values:
                self._report("P411", item.start, f"'{item.name}' is given twice")
            else:
                values[item.name] = item.value
                self._check(item)
        return values

    def _check(self, item: Attribute) -> None:
        if item.name in {"at", "closed-at"} and not _is_moment(item.value):
            hint = "write it as 2026-11-23 or 2026-11-23T10:00Z"
            self._report("P406", item.start, f"'{item.value}' is no date", hint)
        elif item.name == "status" and item.value not in (known := (*STATUSES, *CHANGE_STATUSES)):
            remedy = nearest(item.value, known, f"these are: {', '.join(known)}")
            self._report("P405", item.start, f"there is no status '{item.value}'", remedy)

    # --- what is wrong -------------------------------------------------------------------------------------------

    def _report(self, code: str, at: int, message: str, hint: str | None = None) -> None:
        self._found.append(self.source.diagnostic(code, at, message, hint))

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything, once all is read."""
        self._check_use()
        self._check_statuses()
        self._check_calls_inside()
        return tuple(self._found)

    def _check_use(self) -> None:
        called = {call.target for call in self._calls}
        for definition in self.definitions.values():
            if definition.id not in called:
                what = "note" if definition.attributes is None else "annotation"
                hint = f"put '[^{definition.id}]' where it belongs, or delete it"
                self._report("P402", definition.span.start, f"nothing calls the {what} '{definition.id}'", hint)

    def _check_statuses(self) -> None:
        """The status of a change is only for annotations on a change."""
        on_change = {call.target for call in self._calls if call.on_change}
        for annotation in self.annotations.values():
            if annotation.status in CHANGE_STATUSES and annotation.id not in on_change:
                *others, last = STATUSES
                hint = f"an annotation is {', '.join(others)} or {last}"
                message = f"'{annotation.id}' is on no change, so that it cannot be {annotation.status}"
                self._report("P405", annotation.span.start, message, hint)

    def _check_calls_inside(self) -> None:
        """Annotations on annotations: for editors only, and never in a circle."""
        inner: dict[str, list[Call]] = {}
        for call in self._calls:
            if call.inside is None:
                continue
            inner.setdefault(call.inside, []).append(call)
            outer, target = self.annotations.get(call.inside), self.annotations.get(call.target)
            if outer and target and target.kind.audience is Audience.READER:
                hint = "only editors' annotations can be on another one"
                self._report("P410", call.place.start, f"'{call.target}' is for readers, and on an annotation", hint)
        finished: set[str] = set()
        for start in sorted(inner):
            self._follow(start, inner, finished)

    def _follow(self, start: str, inner: Mapping[str, Sequence[Call]], finished: set[str]) -> None:
        """Go through all that `start` calls, and report a call of something that is not finished yet."""
        path = {start: iter(inner.get(start, ()))}
        while path:
            name, calls = next(reversed(path.items()))
            call = next(calls, None)
            if call is None:
                del path[name]
                finished.add(name)
            elif call.target in path:
                message = f"'{call.target}' is an annotation on itself, by way of '{name}'"
                self._report("P409", call.place.start, message, "break the circle")
            elif call.target not in finished:
                path[call.target] = iter(inner.get(call.target, ()))


def _is_moment(value: str) -> bool:
    if not MOMENT.match(value):
        return False
    try:
        datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    except ValueError:
        return False
    return True
