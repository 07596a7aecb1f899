"""The frozen records that flow from stage to stage, from a title on disk to a book ready for its outputs.

A chapter is a tree of `Node`s. The dialect makes it with every kind of node; `edition` removes marks, `resolve`
turns citations, references and generated numbers into what a reader sees. Only `Text` and `Element` are left for
the serializer, beside `Call` and `PageNumber`, which each output shows in its own way.
"""

from __future__ import annotations

from postil.document.book import GENERATED, ROLES, Book, Footnote, Gloss, Heading, Part, Section
from postil.document.chapter import CHANGE_STATUSES, STATUSES, Annotation, Audience, Chapter, Kind, Note, Reply
from postil.document.title import (
    Contributor,
    EditionName,
    EditionSettings,
    Image,
    Limits,
    Matter,
    Opening,
    Reference,
    Title,
)
from postil.document.tree import (
    BLOCKS,
    NOWHERE,
    Attributes,
    Call,
    Change,
    Citation,
    Cite,
    CrossReference,
    Element,
    Highlight,
    IndexTerm,
    Node,
    NoteCall,
    PageNumber,
    Point,
    Text,
    plain,
    rewrite,
    walk,
)

__all__ = [
    "BLOCKS",
    "CHANGE_STATUSES",
    "GENERATED",
    "NOWHERE",
    "ROLES",
    "STATUSES",
    "Annotation",
    "Attributes",
    "Audience",
    "Book",
    "Call",
    "Change",
    "Chapter",
    "Citation",
    "Cite",
    "Contributor",
    "CrossReference",
    "EditionName",
    "EditionSettings",
    "Element",
    "Footnote",
    "Gloss",
    "Heading",
    "Highlight",
    "Image",
    "IndexTerm",
    "Kind",
    "Limits",
    "Matter",
    "Node",
    "Note",
    "NoteCall",
    "Opening",
    "PageNumber",
    "Part",
    "Point",
    "Reference",
    "Reply",
    "Section",
    "Text",
    "Title",
    "plain",
    "rewrite",
    "walk",
]
