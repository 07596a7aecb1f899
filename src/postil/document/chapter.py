"""A chapter as it was written: its tree, its notes, its annotations and their threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic

from postil.document.tree import N, Shape_co, rewrite
from postil.source import Source, Span


class Audience(StrEnum):
    """Whom a kind of annotation is for."""

    READER = "reader"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of annotation: the word a manuscript uses, the label a reader sees, and whom it is for."""

    name: str
    label: str
    audience: Audience


STATUSES: Mapping[str, str] = {
    "open": "it waits for somebody; what an editors' annotation is without a status",
    "answered": "somebody has answered it",
    "resolved": "what it asked for is done",
    "stet": "the text stays as it is",
    "deferred": "it is left for later",
}
"""What an annotation can be, and what each means. A release has no editors' annotation that is open."""

CHANGE_STATUSES: Mapping[str, str] = {
    "proposed": "nobody has decided; what a change is without a status",
    "accepted": "readers see the new text",
    "rejected": "readers see the old text",
}
"""What a change can be, by an annotation on it, and what each means. A release has no change that is proposed."""


@dataclass(frozen=True, slots=True)
class Reply(Generic[Shape_co]):
    """One answer in an annotation's thread."""

    by: str | None
    at: str | None
    body: tuple[Shape_co, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Annotation(Generic[Shape_co]):
    """A note on a passage. `at`, `closed_at` are ISO 8601 dates or times as written; `foreign_id` is `nm`.

    Once it is presented, `is_open` says of an editor's that it waits for somebody.
    """

    id: str
    kind: Kind
    body: tuple[Shape_co, ...]
    status: str | None
    by: str | None
    at: str | None
    to: str | None
    closed_by: str | None
    closed_at: str | None
    foreign_id: str | None
    replies: tuple[Reply[Shape_co], ...]
    span: Span
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Note(Generic[Shape_co]):
    """An author's footnote: its blocks."""

    id: str
    body: tuple[Shape_co, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Chapter(Generic[Shape_co]):
    """One Markdown file, in one of the shapes that its trees come in.

    `body` is a sequence of block elements; notes and annotations are by id.
    """

    source: Source
    body: tuple[Shape_co, ...]
    notes: Mapping[str, Note[Shape_co]]
    annotations: Mapping[str, Annotation[Shape_co]]

    @property
    def texts(self) -> Iterator[tuple[Shape_co, ...]]:
        """All its trees: the body, the notes, and the annotations, each with its replies."""
        yield self.body
        for note in self.notes.values():
            yield note.body
        for annotation in self.annotations.values():
            yield annotation.body
            for reply in annotation.replies:
                yield reply.body


def rewritten(chapter: Chapter[N], change: Callable[[N], tuple[N, ...] | None]) -> Chapter[N]:
    """The chapter with `rewrite` done to all its trees, in their order."""

    def whole(annotation: Annotation[N]) -> Annotation[N]:
        body = rewrite(annotation.body, change)
        replies = tuple(replace(reply, body=rewrite(reply.body, change)) for reply in annotation.replies)
        return replace(annotation, body=body, replies=replies)

    return replace(
        chapter,
        body=rewrite(chapter.body, change),
        notes={i: replace(note, body=rewrite(note.body, change)) for i, note in chapter.notes.items()},
        annotations={i: whole(annotation) for i, annotation in chapter.annotations.items()},
    )
