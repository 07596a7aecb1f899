"""Citations as the processor gets them: what a reader meets, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from postil.bibliography import Entry, Stream
from postil.document import Chapter, Citation, NoteCall, Presented, walk


def series(
    runs: Iterable[Iterable[Chapter[Presented]]], *, in_full_anew: bool = False, nocite: tuple[str, ...] = ()
) -> Stream:
    """Every citation that is shown: the footnotes as one series in order, and those of annotations apart from it.

    A citation in the text is a footnote of its own in a note style; one in a note or an annotation stays in line.
    `runs` are chapters that run on; with `in_full_anew` each of them cites every work in full once.
    """
    entries: list[Entry] = []
    apart: list[tuple[str, Citation]] = []
    for run in runs:
        anew = in_full_anew
        for chapter in run:
            # nobody looks for an ibid. across the opening of a chapter
            entries.append(Entry((), anew=anew))
            anew = False
            entries += _notes(chapter)
            for annotation in chapter.annotations.values():
                for body in (annotation.body, *(reply.body for reply in annotation.replies)):
                    apart += _within(chapter, body)
    return Stream(tuple(entries), tuple(apart), nocite)


def _notes(chapter: Chapter[Presented]) -> Iterator[Entry]:
    called: set[str] = set()
    for node in walk(chapter.body):
        if isinstance(node, Citation):
            yield Entry(((name(chapter, node), node),), generated=True)
        elif isinstance(node, NoteCall) and node.note in chapter.notes and node.note not in called:
            called.add(node.note)
            yield Entry(_within(chapter, chapter.notes[node.note].body))


def name(chapter: Chapter[Presented], citation: Citation) -> str:
    """The id of a citation: where it stands."""
    return f"{chapter.source.path}@{citation.span.start}"


def _within(chapter: Chapter[Presented], nodes: tuple[Presented, ...]) -> tuple[tuple[str, Citation], ...]:
    return tuple((name(chapter, node), node) for node in walk(nodes) if isinstance(node, Citation))
