"""What one edition shows of a chapter: which changes are carried out, and which annotations are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from postil.document import (
    CHANGE_STATUSES,
    Annotation,
    Audience,
    Change,
    Chapter,
    Edition,
    EditionSettings,
    Element,
    Highlight,
    IndexTerm,
    Node,
    NoteCall,
    Point,
    Text,
    plain,
    rewrite,
    walk,
)
from postil.source import Diagnostic

GONE = Text("")
"""What a deletion leaves behind, until it is known whether its block is empty without it."""


def present(chapter: Chapter, edition: Edition, settings: EditionSettings) -> tuple[Chapter, tuple[Diagnostic, ...]]:
    """The chapter as an edition shows it, with a warning for each change that nobody has decided.

    Where changes are shown, everything stays. In other editions no `Change` is left, and only what readers may see is
    annotated. What a deletion leaves empty is gone, and so are notes and annotations that nothing calls any more.
    """
    if edition.shows_changes:
        return chapter, ()
    view = _View(chapter, settings, edition.audiences)
    annotations = {i: replace(note, body=view.text(note.body), replies=()) for i, note in view.kept.items()}
    view.kept = {i: note for i, note in annotations.items() if note.body or not chapter.annotations[i].body}
    notes = {i: replace(note, body=view.text(note.body)) for i, note in chapter.notes.items()}
    view.notes = {i: note for i, note in notes.items() if note.body or not chapter.notes[i].body}
    presented = replace(chapter, body=view.text(chapter.body), notes=view.notes, annotations=view.kept)
    called = _called(presented)
    presented = replace(
        presented,
        notes={i: note for i, note in presented.notes.items() if i in called},
        annotations={i: annotation for i, annotation in presented.annotations.items() if i in called},
    )
    return presented, tuple(dict.fromkeys(view.found))


class _View:
    """What readers of an edition see of one chapter's nodes."""

    def __init__(self, chapter: Chapter, settings: EditionSettings, audiences: frozenset[Audience]) -> None:
        self.chapter = chapter
        self.settings = settings
        self.kept = {i: a for i, a in chapter.annotations.items() if a.kind.audience in audiences}
        self.notes = chapter.notes
        self.found: list[Diagnostic] = []

    def text(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        """A text as the edition shows it."""
        return rewrite(rewrite(nodes, self._shown), lambda node: () if node == GONE else None)

    def _shown(self, node: Node) -> tuple[Node, ...] | None:
        match node:
            case Change():
                text = (node.inserted if self._accepts(node) else node.deleted) or (GONE,)
                return self._lemma(text, node)
            case Highlight():
                return self._lemma(node.children, node)
            case Point() if node.annotation not in self.kept:
                return (GONE,)
            case NoteCall() if node.note not in self.notes:
                return (GONE,)
            case Element() | IndexTerm() if _is_left_empty(node) and not _is_cell(node):
                return (GONE,)
        return None

    def _accepts(self, change: Change) -> bool:
        status = decision(change, self.chapter.annotations)
        if status == "proposed" and self.settings.changes == "decided":
            self.found.append(
                self.chapter.source.diagnostic(
                    "P420",
                    change.span,
                    "an undecided change shows its original text",
                    "give it an annotation with status=accepted or status=rejected",
                )
            )
        if self.settings.changes == "original":
            return False
        return status == "accepted" or (status == "proposed" and self.settings.changes == "accept")

    def _lemma(self, text: tuple[Node, ...], mark: Change | Highlight) -> tuple[Node, ...]:
        kept = tuple(i for i in mark.annotations if i in self.kept)
        if not kept:
            return text
        if not plain(text):
            return (*text, *(Point(i, mark.span) for i in kept))
        return (Highlight(text, kept, mark.span),)


def undecided(chapter: Chapter) -> tuple[Diagnostic, ...]:
    """An error for each open query and each undecided change: what a release may not have."""
    queries = (
        chapter.source.diagnostic(
            "P421",
            annotation.span,
            f"{annotation.kind.name} '{annotation.id}' is open",
            "answer it and set status=resolved, stet or deferred: a release has no open queries",
        )
        for annotation in open_queries(chapter)
    )
    changes = (
        chapter.source.diagnostic(
            "P422",
            node.span,
            "a change is not decided",
            "give it an annotation with status=accepted or status=rejected: a release has no undecided changes",
        )
        for node in _nodes(chapter)
        if isinstance(node, Change) and decision(node, chapter.annotations) == "proposed"
    )
    return (*queries, *changes)


def open_queries(chapter: Chapter) -> tuple[Annotation, ...]:
    """The annotations of editor kinds that still wait for somebody.

    On a change that is those which say that they are open: the others have the status of the change.
    """
    on_changes = {i for node in _nodes(chapter) if isinstance(node, Change) for i in node.annotations}
    return tuple(
        annotation
        for annotation in chapter.annotations.values()
        if annotation.kind.audience is Audience.EDITOR
        and (annotation.status or "open") == "open"
        and (annotation.status or annotation.id not in on_changes)
    )


def decision(change: Change, annotations: Mapping[str, Annotation]) -> str:
    """Accepted, rejected or proposed: the first of a change's annotations that says so decides."""
    for identifier in change.annotations:
        annotation = annotations.get(identifier)
        if annotation and annotation.status in CHANGE_STATUSES:
            return annotation.status
    return "proposed"


def _nodes(chapter: Chapter) -> Iterator[Node]:
    return (node for text in chapter.texts for node in walk(text))


def _is_left_empty(node: Node) -> bool:
    """Whether a deletion, or more than one, has left nothing of a node but white space."""
    if not isinstance(node, Element | IndexTerm):
        return node == GONE
    left = [child for child in node.children if not (isinstance(child, Text) and child.value.isspace())]
    return bool(left) and all(_is_left_empty(child) for child in left)


def _is_cell(node: Node) -> bool:
    """Whether a node has its place in a row, so that it stays there when it is empty."""
    return isinstance(node, Element) and node.tag in ("td", "th")


def _called(chapter: Chapter) -> frozenset[str]:
    """The notes and annotations that are called in the body, or in one of those."""
    bodies = {i: note.body for i, note in chapter.notes.items()}
    bodies |= {i: annotation.body for i, annotation in chapter.annotations.items()}
    called: set[str] = set()
    texts = [chapter.body]
    while texts:
        for node in walk(texts.pop()):
            for identifier in _calls(node):
                if identifier in bodies and identifier not in called:
                    called.add(identifier)
                    texts.append(bodies[identifier])
    return frozenset(called)


def _calls(node: Node) -> tuple[str, ...]:
    match node:
        case NoteCall(identifier) | Point(identifier):
            return (identifier,)
        case Highlight():
            return node.annotations
    return ()
