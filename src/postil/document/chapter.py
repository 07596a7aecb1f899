"""A chapter as it was written: its tree, its notes, its annotations and their threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from postil.document.tree import Node, rewrite
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


STATUSES = ("open", "answered", "resolved", "stet", "deferred")
CHANGE_STATUSES = ("proposed", "accepted", "rejected")


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer in an annotation's thread."""

    by: str | None
    at: str | None
    body: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note on a passage. `at`, `closed_at` are ISO 8601 dates or times as written; `foreign_id` is `nm`."""

    id: str
    kind: Kind
    body: tuple[Node, ...]
    status: str | None
    by: str | None
    at: str | None
    to: str | None
    closed_by: str | None
    closed_at: str | None
    foreign_id: str | None
    replies: tuple[Reply, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Note:
    """An author's footnote: its blocks."""

    id: str
    body: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Chapter:
    """One Markdown file, parsed. `body` is a sequence of block elements; notes and annotations are by id."""

    source: Source
    body: tuple[Node, ...]
    notes: Mapping[str, Note]
    annotations: Mapping[str, Annotation]

    @property
    def texts(self) -> Iterator[tuple[Node, ...]]:
        """All its trees: the body, the notes, and the annotations, each with its replies."""
        yield self.body
        for note in self.notes.values():
            yield note.body
        for annotation in self.annotations.values():
            yield annotation.body
            for reply in annotation.replies:
                yield reply.body

    def rewritten(self, change: Callable[[Node], tuple[Node, ...] | None]) -> Chapter:
        """The chapter with `rewrite` done to all its trees, in their order."""

        def whole(annotation: Annotation) -> Annotation:
            body = rewrite(annotation.body, change)
            replies = tuple(replace(reply, body=rewrite(reply.body, change)) for reply in annotation.replies)
            return replace(annotation, body=body, replies=replies)

        return replace(
            self,
            body=rewrite(self.body, change),
            notes={i: replace(note, body=rewrite(note.body, change)) for i, note in self.notes.items()},
            annotations={i: whole(annotation) for i, annotation in self.annotations.items()},
        )
