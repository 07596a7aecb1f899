"""What one edition shows of a chapter: which changes are carried out, and which annotations are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from postil.document import (
    CHANGE_STATUSES,
    Annotation,
    Audience,
    Change,
    Chapter,
    EditionName,
    EditionSettings,
    Element,
    Highlight,
    Node,
    NoteCall,
    Point,
    Text,
    plain,
    rewrite,
    walk,
)
from postil.source import Diagnostic

AUDIENCES: Mapping[EditionName, frozenset[Audience]] = {
    "annotated": frozenset({Audience.READER}),
    "clean": frozenset(),
    "proof": frozenset(Audience),
}
BLOCKS = frozenset({"p", "li", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl"})


def present(
    chapter: Chapter, edition: EditionName, settings: EditionSettings
) -> tuple[Chapter, tuple[Diagnostic, ...]]:
    """The chapter as an edition shows it, with a warning for each change that nobody has decided.

    In the proof everything stays. In the other editions no `Change` is left, and only what readers may see is
    annotated. Notes and annotations that nothing calls any more are gone.
    """
    if edition == "proof":
        return chapter, ()
    view = _View(chapter, settings, AUDIENCES[edition])
    body = rewrite(chapter.body, view.shown)
    notes = {i: replace(note, body=rewrite(note.body, view.shown)) for i, note in chapter.notes.items()}
    annotations = {i: replace(note, body=rewrite(note.body, view.shown)) for i, note in view.kept.items()}
    called = _called((body, *(annotation.body for annotation in annotations.values())))
    presented = replace(
        chapter,
        body=body,
        notes={i: note for i, note in notes.items() if i in called},
        annotations={i: annotation for i, annotation in annotations.items() if i in called},
    )
    return presented, tuple(dict.fromkeys(view.found))


class _View:
    """What readers of an edition see of one chapter's nodes."""

    def __init__(self, chapter: Chapter, settings: EditionSettings, audiences: frozenset[Audience]) -> None:
        self.chapter = chapter
        self.settings = settings
        self.kept = {i: a for i, a in chapter.annotations.items() if a.kind.audience in audiences}
        self.found: list[Diagnostic] = []

    def shown(self, node: Node) -> tuple[Node, ...] | None:
        match node:
            case Change():
                text = (node.inserted if self._accepts(node) else node.deleted) or ()
                return self._lemma(text, node)
            case Highlight():
                return self._lemma(node.children, node)
            case Point() if node.annotation not in self.kept:
                return ()
            case Element() if node.tag in BLOCKS and _is_empty(node):
                return ()
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
    """The annotations of editor kinds that still wait for somebody. What is said of a change is no query."""
    on_changes = {i for node in _nodes(chapter) if isinstance(node, Change) for i in node.annotations}
    return tuple(
        annotation
        for annotation in chapter.annotations.values()
        if annotation.kind.audience is Audience.EDITOR
        and (annotation.status or "open") == "open"
        and annotation.id not in on_changes
    )


def decision(change: Change, annotations: Mapping[str, Annotation]) -> str:
    """Accepted, rejected or proposed: the first of a change's annotations that says so decides."""
    for identifier in change.annotations:
        annotation = annotations.get(identifier)
        if annotation and annotation.status in CHANGE_STATUSES:
            return annotation.status
    return "proposed"


def _nodes(chapter: Chapter) -> Iterator[Node]:
    yield from walk(chapter.body)
    for note in chapter.notes.values():
        yield from walk(note.body)
    for annotation in chapter.annotations.values():
        yield from walk(annotation.body)


def _is_empty(block: Element) -> bool:
    return all(isinstance(child, Text) and not child.value.strip() for child in block.children)


def _called(trees: Iterable[tuple[Node, ...]]) -> frozenset[str]:
    calls: set[str] = set()
    for tree in trees:
        for node in walk(tree):
            match node:
                case NoteCall():
                    calls.add(node.note)
                case Point():
                    calls.add(node.annotation)
                case Highlight():
                    calls.update(node.annotations)
    return frozenset(calls)
