"""What a part can be in the book, and what follows from that: one table for all outputs.

A role more is a row here. Its name is the class of the part's section, by which style sheets know it, and for a role
that a chapter can have, the class that the chapter's own heading is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Matter = Literal["front", "body", "back"]


@dataclass(frozen=True, slots=True)
class Role:
    """What a part is in the book.

    `epub_type` is its name in the EPUB Structural Semantics vocabulary, `aria` the role that DPUB-ARIA 1.1 gives it; a
    `landmark` is offered by reading systems as a place to go to.

    A chapter can be this (`for_chapters`) by a class of its heading, or without one if this is the role `of_matter`. It
    is `about` what these words say to whoever writes one.

    What is `generated` is made without a chapter; then the name of the role is the id of its heading, too.

    The pages of a part for `display` bear neither folio nor running head, though they count; in an EPUB it stands
    before the contents. The notes at the end of a book stand before what is a `reference_list`.
    """

    name: str
    epub_type: str = ""
    aria: str = ""
    for_chapters: bool = False
    of_matter: Matter | None = None
    generated: bool = False
    display: bool = False
    reference_list: bool = False
    landmark: bool = False
    about: str = ""


# --- front matter ------------------------------------------------------------------------------------------------

HALF_TITLE: Final = Role("halftitle", generated=True, display=True)
TITLE_PAGE: Final = Role("titlepage", "titlepage", "region", generated=True, display=True, landmark=True)
COPYRIGHT_PAGE: Final = Role(
    "copyright-page",
    "copyright-page",
    "region",
    for_chapters=True,
    generated=True,
    display=True,
    landmark=True,
    about="your own copyright page, in the place of the one that is made",
)
CONTENTS: Final = Role("toc", generated=True)
ILLUSTRATIONS: Final = Role("loi", "loi", generated=True, landmark=True)

# --- back matter -------------------------------------------------------------------------------------------------

COMMENTARY: Final = Role("commentary", generated=True)
NOTES: Final = Role("notes", "endnotes", "doc-endnotes", generated=True, landmark=True)
ANNOTATIONS: Final = Role("annotations", "endnotes", "doc-endnotes", generated=True, landmark=True)
BIBLIOGRAPHY: Final = Role(
    "bibliography", "bibliography", "doc-bibliography", generated=True, reference_list=True, landmark=True
)
QUERIES: Final = Role("queries", generated=True)
COLOPHON: Final = Role(
    "colophon", "colophon", "doc-colophon", for_chapters=True, about="how the book was made; behind everything else"
)

ROLES: Final = {
    role.name: role
    for role in (
        HALF_TITLE,
        TITLE_PAGE,
        COPYRIGHT_PAGE,
        CONTENTS,
        ILLUSTRATIONS,
        Role(
            "dedication",
            "dedication",
            "doc-dedication",
            for_chapters=True,
            display=True,
            about="to whom the book is given; a page for itself",
        ),
        Role(
            "epigraph",
            "epigraph",
            "doc-epigraph",
            for_chapters=True,
            display=True,
            about="a motto for the whole book; a page for itself",
        ),
        Role("foreword", "foreword", "doc-foreword", for_chapters=True, about="what somebody else says of the book"),
        Role(
            "preface",
            "preface",
            "doc-preface",
            for_chapters=True,
            of_matter="front",
            about="how the book came to be; what a chapter in the front matter is without a class",
        ),
        Role("introduction", "introduction", "doc-introduction", for_chapters=True, about="what leads into the text"),
        Role("acknowledgments", "acknowledgments", "doc-acknowledgments", for_chapters=True, about="thanks"),
        Role(
            "note-on-the-text",
            "preface",
            "doc-preface",
            for_chapters=True,
            about="which text this is, and how it was edited",
        ),
        Role(
            "abbreviations",
            "glossary",
            "doc-glossary",
            for_chapters=True,
            landmark=True,
            about="a list of abbreviations",
        ),
        Role(
            "prologue",
            "prologue",
            "doc-prologue",
            for_chapters=True,
            about="what comes before the first chapter of a story",
        ),
        Role(
            "chapter",
            "chapter",
            "doc-chapter",
            for_chapters=True,
            of_matter="body",
            about="a chapter; what one in the body is without a class",
        ),
        Role(
            "epilogue",
            "epilogue",
            "doc-epilogue",
            for_chapters=True,
            about="what comes after the last chapter of a story",
        ),
        Role("conclusion", "conclusion", "doc-conclusion", for_chapters=True, about="what the book comes to"),
        Role("afterword", "afterword", "doc-afterword", for_chapters=True, about="what is said after the text"),
        Role(
            "appendix",
            "appendix",
            "doc-appendix",
            for_chapters=True,
            of_matter="back",
            about="an appendix; what a chapter in the back matter is without a class",
        ),
        Role("chronology", "appendix", "doc-appendix", for_chapters=True, about="a list of dates"),
        Role(
            "glossary",
            "glossary",
            "doc-glossary",
            for_chapters=True,
            reference_list=True,
            landmark=True,
            about="a list of terms",
        ),
        COMMENTARY,
        NOTES,
        ANNOTATIONS,
        BIBLIOGRAPHY,
        QUERIES,
        COLOPHON,
    )
}
"""Every role by its name."""
