"""What one edition shows of a chapter: which changes are carried out, and which annotations are there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar, assert_never

from postil.document import (
    CHANGE_STATUSES,
    Annotation,
    Audience,
    Change,
    Chapter,
    Citation,
    CrossReference,
    Edition,
    EditionSettings,
    Element,
    Formula,
    Highlight,
    IndexTerm,
    Note,
    NoteCall,
    Parsed,
    ParsedOf,
    Point,
    Presented,
    Reply,
    Revision,
    Text,
    fold,
    plain,
    rewrite,
    walk,
)
from postil.source import Diagnostic

N = TypeVar("N")

GONE = Text("")
"""What a deletion leaves behind, until it is known whether its block is empty without it."""


def present(
    chapter: Chapter[Parsed], edition: Edition, settings: EditionSettings
) -> tuple[Chapter[Presented], tuple[Diagnostic, ...]]:
    """The chapter as an edition shows it, with a warning for each change that nobody has decided.

    Where changes are shown, everything stays, and of each change the texts that it has. In other editions changes are
    decided, and only what readers may see is annotated. What a deletion leaves empty is gone, and so are notes and
    annotations that nothing calls any more.
    """
    if edition.shows_changes:
        return _in_proof(chapter), ()
    view = _View(chapter, settings, edition.audiences)
    annotations = {i: view.annotation(chapter.annotations[i]) for i in view.annotations}
    annotations = {i: note for i, note in annotations.items() if note.body or not chapter.annotations[i].body}
    view.annotations = annotations.keys()
    notes = {i: Note(i, view.text(note.body), note.span) for i, note in chapter.notes.items()}
    notes = {i: note for i, note in notes.items() if note.body or not chapter.notes[i].body}
    view.notes = notes.keys()
    body = view.text(chapter.body)
    called = _called(body, notes, annotations)
    presented = Chapter(
        chapter.source,
        body,
        {i: note for i, note in notes.items() if i in called},
        {i: annotation for i, annotation in annotations.items() if i in called},
    )
    return presented, tuple(dict.fromkeys(view.found))


def _in_proof(chapter: Chapter[Parsed]) -> Chapter[Presented]:
    """The chapter with all that it has, where changes are shown as such."""

    def shown(node: ParsedOf[Presented]) -> tuple[Presented, ...]:
        if not isinstance(node, Change):
            return (node,)
        deleted = (Revision("deletion", node.deleted, node.span),) if node.deleted else ()
        texts = (*deleted, *((Revision("insertion", node.inserted, node.span),) if node.inserted else ()))
        known = tuple(i for i in node.annotations if i in chapter.annotations)
        return (Highlight(texts, known, node.span),) if known else texts

    def text(nodes: tuple[Parsed, ...]) -> tuple[Presented, ...]:
        return fold(nodes, shown)

    open_ = {annotation.id for annotation in open_queries(chapter)}
    return Chapter(
        chapter.source,
        text(chapter.body),
        {i: Note(i, text(note.body), note.span) for i, note in chapter.notes.items()},
        {i: _with(annotation, text, is_open=i in open_) for i, annotation in chapter.annotations.items()},
    )


def _with(
    annotation: Annotation[Parsed],
    text: Callable[[tuple[Parsed, ...]], tuple[Presented, ...]],
    *,
    is_open: bool,
    replies: bool = True,
) -> Annotation[Presented]:
    """An annotation with its texts as an edition shows them."""
    answers = annotation.replies if replies else ()
    whole: Any = replace  # of another shape than the one it is made from
    made: Annotation[Presented] = whole(
        annotation,
        body=text(annotation.body),
        replies=tuple(Reply(reply.by, reply.at, text(reply.body), reply.span) for reply in answers),
        is_open=is_open,
    )
    return made


class _View:
    """What readers of an edition see of one chapter's nodes.

    `notes` and `annotations` are the ids of those that there are, as far as is known.
    """

    def __init__(self, chapter: Chapter[Parsed], settings: EditionSettings, audiences: frozenset[Audience]) -> None:
        self.chapter = chapter
        self.settings = settings
        self.annotations: Collection[str] = [
            i for i, annotation in chapter.annotations.items() if annotation.kind.audience in audiences
        ]
        self.notes: Collection[str] = chapter.notes.keys()
        self.found: list[Diagnostic] = []
        self._open = frozenset(annotation.id for annotation in open_queries(chapter))

    def text(self, nodes: tuple[Parsed, ...]) -> tuple[Presented, ...]:
        """A text as the edition shows it."""
        return rewrite(fold(nodes, self._shown), lambda node: () if node == GONE else None)

    def annotation(self, annotation: Annotation[Parsed]) -> Annotation[Presented]:
        """An annotation as the edition shows it, without what editors have answered."""
        return _with(annotation, self.text, is_open=annotation.id in self._open, replies=False)

    def _shown(self, node: ParsedOf[Presented]) -> tuple[Presented, ...]:
        match node:
            case Change():
                text = (node.inserted if self._accepts(node) else node.deleted) or (GONE,)
                return self._lemma(text, node)
            case Highlight():
                return self._lemma(node.children, node)
            case Point():
                return (node,) if node.annotation in self.annotations else (GONE,)
            case NoteCall():
                return (node,) if node.note in self.notes else (GONE,)
            case Element() | IndexTerm():
                return (GONE,) if _is_left_empty(node) and not _is_cell(node) else (node,)
            case Text() | Citation() | CrossReference() | Formula():
                return (node,)
            case _:
                assert_never(node)

    def _accepts(self, change: Change[Presented]) -> bool:
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

    def _lemma(
        self, text: tuple[Presented, ...], mark: Change[Presented] | Highlight[Presented]
    ) -> tuple[Presented, ...]:
        kept = tuple(i for i in mark.annotations if i in self.annotations)
        if not kept:
            return text
        if not plain(text):
            return (*text, *(Point(i, mark.span) for i in kept))
        return (Highlight(text, kept, mark.span),)


def undecided(chapter: Chapter[Parsed]) -> tuple[Diagnostic, ...]:
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


def open_queries(chapter: Chapter[Parsed]) -> tuple[Annotation[Parsed], ...]:
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


def decision(change: Change[N], annotations: Mapping[str, Annotation[Parsed]]) -> str:
    """Accepted, rejected or proposed: the first of a change's annotations that says so decides."""
    for identifier in change.annotations:
        annotation = annotations.get(identifier)
        if annotation and annotation.status and annotation.status in CHANGE_STATUSES:
            return annotation.status
    return "proposed"


def _nodes(chapter: Chapter[Parsed]) -> Iterator[Parsed]:
    return (node for text in chapter.texts for node in walk(text))


def _is_left_empty(node: Presented) -> bool:
    """Whether a deletion, or more than one, has left nothing of a node but white space."""
    match node:
        case Element() | IndexTerm():
            left = [child for child in node.children if not (isinstance(child, Text) and child.value.isspace())]
            return bool(left) and all(_is_left_empty(child) for child in left)
        case Text():
            return node == GONE
        case Revision() | Highlight() | Point() | NoteCall() | Citation() | CrossReference() | Formula():
            return False
    assert_never(node)


def _is_cell(node: Presented) -> bool:
    """Whether a node has its place in a row, so that it stays there when it is empty."""
    return isinstance(node, Element) and node.tag in ("td", "th")


def _called(
    body: tuple[Presented, ...],
    notes: Mapping[str, Note[Presented]],
    annotations: Mapping[str, Annotation[Presented]],
) -> frozenset[str]:
    """The notes and annotations that are called in the body, or in one of those."""
    bodies = {i: note.body for i, note in notes.items()} | {i: note.body for i, note in annotations.items()}
    called: set[str] = set()
    texts = [body]
    while texts:
        for node in walk(texts.pop()):
            for identifier in _calls(node):
                if identifier in bodies and identifier not in called:
                    called.add(identifier)
                    texts.append(bodies[identifier])
    return frozenset(called)


def _calls(node: Presented) -> tuple[str, ...]:
    match node:
        case NoteCall(identifier) | Point(identifier):
            return (identifier,)
        case Highlight():
            return node.annotations
        case Text() | Element() | Revision() | Citation() | CrossReference() | IndexTerm() | Formula():
            return ()
        case _:
            assert_never(node)
