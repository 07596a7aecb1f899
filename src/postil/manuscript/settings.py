"""`book.toml`: what it may say, and what is wrong with what it says."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    create_model,
)

from postil.document import (
    EDITIONS,
    FORMATS,
    Audience,
    BibliographySettings,
    Contributor,
    EditionSettings,
    EngineName,
    Extent,
    FontSettings,
    Kind,
    Limits,
    NotePlace,
    NoteSettings,
    Opening,
    Title,
    WorksGroup,
)
from postil.manuscript import values
from postil.manuscript.mistakes import explain, mend
from postil.manuscript.places import DEEPEST, Key, Places, places
from postil.manuscript.reference import Table, described
from postil.source import Diagnostic, Source
from postil.words import ENGLISH, words


class Shipped(NamedTuple):
    """A kind of annotation that ships: whom it is for, and what it says."""

    audience: Audience
    about: str


KINDS: Final[Mapping[str, Shipped]] = {
    "gloss": Shipped(Audience.READER, "what a word or passage means"),
    "source": Shipped(Audience.READER, "where something comes from"),
    "correction": Shipped(Audience.READER, "what the text gets wrong"),
    "context": Shipped(Audience.READER, "what one has to know besides"),
    "translation": Shipped(Audience.READER, "the words in the language of the book"),
    "query": Shipped(Audience.EDITOR, "a question that somebody has to answer"),
    "fact": Shipped(Audience.EDITOR, "a statement that has to be checked"),
    "style": Shipped(Audience.EDITOR, "a matter of house style"),
    "legal": Shipped(Audience.EDITOR, "a matter of rights or of law"),
    "comment": Shipped(Audience.EDITOR, "anything else; what {>>…<<} is, and what decides a change"),
}
"""The kinds of annotation that ship, by the word that a manuscript uses."""

_BIBLIOGRAPHIES = (".bib", ".json", ".yaml", ".yml", ".ris")
_LISTED = f"{', '.join(_BIBLIOGRAPHIES[:-1])} or {_BIBLIOGRAPHIES[-1]}"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_TUPLE = re.compile(r"\('([^()]+)',?\)")  # how the parser of TOML names a table

_Line = Annotated[str, AfterValidator(values.line)]
_Name = Annotated[str, AfterValidator(values.name)]
_Text = Annotated[str, AfterValidator(values.text)]
_Language = Annotated[str, AfterValidator(values.language)]


# --- tables ----------------------------------------------------------------------------------------------------


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


if TYPE_CHECKING:
    _Isbn = _Table
else:  # a number for each format
    _Number = Annotated[str, AfterValidator(values.isbn)] | None
    _Isbn = create_model(
        "_Isbn",
        __base__=_Table,
        **{
            name: (_Number, Field(None, description=f"The ISBN of the {name.upper()}."))
            for name, each in FORMATS.items()
            if each.published
        },
    )


if TYPE_CHECKING:
    _Words = _Table
else:  # a setting for each word
    _Quotes = Annotated[list[str], AfterValidator(values.quotes)] | None
    _Words = create_model(
        "_Words",
        __base__=_Table,
        quotes=(
            _Quotes,
            Field(None, description="Four marks of quotation: opening, closing, and the same within a quotation."),
        ),
        **{
            name: (
                Annotated[str, AfterValidator(values.word(english))] | None,
                Field(None, description=f"In English '{english.replace(NO_BREAK_SPACE, ' ')}'."),
            )
            for name, english in ENGLISH.items()
        },
    )


class _Contributor(_Table):
    name: _Name = Field(description="The name as it is printed.")
    sort: _Line = Field("", description="The name as it is sorted, such as 'Smith, Ada'; else as it is printed.")
    role: Annotated[str, AfterValidator(values.role)] = Field(
        "aut", description="A MARC relator code: aut (author), edt (editor), trl (translator), ill (illustrator) …"
    )


class _Chapters(_Table):
    front: list[str] = Field([], description="The files of the front matter.")
    body: list[str] = Field([], description="The files of the chapters.")
    back: list[str] = Field([], description="The files of the back matter.")
    numbered: bool = Field(
        default=False,
        description="Chapters and their sections have numbers, 2 and 2.1, and appendices letters; what is "
        "{.unnumbered} has none.",
    )

    @property
    def are_listed(self) -> bool:
        """Whether it says which files there are."""
        return not self.model_fields_set.isdisjoint({"front", "body", "back"})


class _WorksGroup(_Table):
    title: _Name = Field(description="The heading of the division.")
    types: list[_Name] = Field(
        [], description="The types of works that belong there, as CSL or BibLaTeX name them: 'treaty', 'legal' …"
    )
    keywords: list[_Name] = Field(
        [], description="Works with one of these keywords belong there. Without types and keywords: all the rest."
    )


class _Bibliography(_Table):
    sources: list[str] = Field([], description=f"The files of the bibliography, which end in {_LISTED}.")
    style: _Name = Field(
        BibliographySettings().style,
        description="The citation style: a name that 'postil styles WORD' lists, or a file of the title, 'my.csl'.",
    )
    engine: EngineName = Field(
        "pandoc", description="What sets citations. Pandoc comes along; 'postil codes P226' says what the other needs."
    )
    nocite: list[_Name] = Field(
        [], description="The keys of works that are listed though nothing cites them; '*' stands for all."
    )
    annotated: bool = Field(
        default=False, description="Under each entry its note: 'annotation' in BibTeX, 'annote' in CSL-JSON."
    )
    cited_on: bool = Field(
        default=False, description="Behind each entry the pages that cite it; in an EPUB, links to the places."
    )
    per: Extent = Field(
        "title",
        description="One list for the title; or for each chapter its own, which cites as if it stood alone.",
    )
    section: list[_WorksGroup] = Field(
        [], description="A division of the list of works, with a heading of its own. There may be several."
    )


class _Notes(_Table):
    place: NotePlace = Field(
        "foot", description="Where notes stand in print: at the foot of the page, behind each chapter, or at the end."
    )
    numbering: Extent = Field(
        "chapter", description="How far the numbers of notes go on: to the end of the chapter, or of the title."
    )
    in_full: Extent = Field(
        "title", description="Where a work is cited in full once: in each chapter, or in the title."
    )


class _Maths(_Table):
    macros: list[Annotated[str, AfterValidator(values.macro)]] = Field(
        [],
        description="Commands of your own for formulas, as the preamble of LaTeX has them, in single quotation marks: "
        "'\\newcommand{\\R}{\\mathbb{R}}' or '\\DeclareMathOperator{\\rank}{rank}'.",
    )


class _Kind(_Table):
    label: _Name = Field(description="What readers see of it, such as 'Variant reading'.")
    audience: Literal["reader", "editor"] = Field(
        "reader", description="Whom it is for: readers, or only editors, who see it in the proof."
    )


class _Annotations(_Table):
    kinds: dict[Annotated[str, AfterValidator(values.kind_name)], _Kind] = Field(
        {}, description="A kind of annotation of your own, by the word that the manuscript uses: [^a]: {.NAME}"
    )


class _Edition(_Table):
    trim: Annotated[str, AfterValidator(values.trim)] | None = Field(
        None,
        description="The size of the page, in inches or by name: "
        + "; ".join(f"{edition.name} has {' or '.join(edition.trims)}" for edition in EDITIONS.values())
        + ". The first is the one without this setting.",
    )
    changes: Literal["decided", "accept", "original"] = Field(
        "decided",
        description="What is shown of a change that nobody has decided: the old text with a warning, the new text, or "
        "the old text without a warning.",
    )


class _Print(_Table):
    openings: Opening = Field(
        "recto", description="Where a chapter begins: on a right-hand page, on a new page, or below the last one."
    )


class _Fonts(_Table):
    text: _Line = Field(
        "",
        description="The family of the text, and of all that has none of its own here: one in the title's folder "
        "fonts/ (.ttf, .otf), or one whose package fontpkg-… is installed.",
    )
    notes: _Line = Field("", description="The family of notes, annotations and captions.")
    headings: _Line = Field("", description="The family of headings.")
    code: _Line = Field("", description="The family of code.")
    scripts: dict[Annotated[str, AfterValidator(values.script)], _Name] = Field(
        {},
        description="A family for the letters of a script, wherever they stand, by the code of the script in "
        "ISO 15924: Hebr, Arab, Deva, Hans, Jpan …; Zsym and Zsye are symbols and emoji that no other font has.",
    )


class _Limits(_Table):
    seconds: Annotated[int, Field(ge=1, le=86_400)] = Field(
        Limits().seconds, description="How long the work on an edition may take."
    )
    memory: Annotated[int, Field(ge=512, le=1 << 20)] = Field(
        Limits().memory >> 20, description="How much memory it may take, in MiB."
    )


class _Book(_Table):
    title: _Name = Field(description="The title of the book.")
    subtitle: _Line = Field("", description="Its subtitle.")
    language: _Language = Field(description="The language it is in: a BCP 47 tag, such as 'en-GB' or 'ur'.")
    identifier: Annotated[str, AfterValidator(values.identifier)] | None = Field(
        None, description="A URN or URI that stays the same for ever: 'urn:uuid:…'. An ISBN does as well."
    )
    isbn: Annotated[_Isbn, BeforeValidator(values.every_output)] = Field(
        _Isbn(), description='An ISBN for each format; or above the tables, for all of them: isbn = "978-…"'
    )
    date: Annotated[dt.date, AfterValidator(values.date)] = Field(
        description="The day of publication, without quotation marks: 2026-11-23."
    )
    publisher: _Line = Field("", description="Who publishes it.")
    rights: _Text = Field("", description="Who holds the rights, and the licence, for the copyright page.")
    description: _Text = Field("", description="What the book is about, for the shops.")
    subjects: list[_Name] = Field([], description="Its subjects, for the shops.")
    cover: Annotated[str, AfterValidator(values.path)] | None = Field(
        None, description="The picture on the cover, a file of the title; without one, a cover is drawn."
    )
    contributor: list[_Contributor] = Field(
        [], description="Somebody who made the book: a table for each, in the order in which they are named."
    )
    chapters: _Chapters | None = Field(
        None,
        description="The reading order, and whether headings are numbered. Without front, body and back: all files "
        "that end in .md, by their names, as chapters.",
    )
    bibliography: _Bibliography = Field(_Bibliography(), description="What is cited, and how.")
    notes: _Notes = Field(_Notes(), description="The notes, an author's and those that citations make.")
    maths: _Maths = Field(_Maths(), description="The formulas.")
    annotations: _Annotations = Field(_Annotations(), description="The annotations.")
    editions: dict[Annotated[str, AfterValidator(values.edition_name)], _Edition] = Field(
        {}, description=f"One edition: NAME stands for {', '.join(EDITIONS)}."
    )
    print: _Print = Field(_Print(), description="The printed page.")
    words: _Words = Field(
        _Words(), description="Words and marks that Postil itself sets, where they are not those of the language."
    )
    fonts: _Fonts = Field(_Fonts(), description="The fonts, in the place of those of the house style.")
    limits: _Limits = Field(_Limits(), description="What the work on the title may take at most.")


def tables() -> tuple[Table, ...]:
    """Every table that a `book.toml` may have, with its settings."""
    return tuple(described(_Book))


# --- the whole file --------------------------------------------------------------------------------------------


def read_settings(
    name: str, source: Source, files: Sequence[str]
) -> tuple[Title | None, Places, tuple[Diagnostic, ...]]:
    """What a `book.toml` says, where each of its keys stands, and everything that is wrong with it.

    `name` is that of the title's folder; `files` are the names of the chapters there, in the order they have when
    `book.toml` gives none. The title is None for a file that is not TOML. In place of other mistakes it has defaults,
    so that the chapters can be checked all the same.
    """
    at = places(source)
    if at.too_deep is not None:
        hint = "book.toml needs no more than four levels"
        message = f"keys or brackets stand more than {DEEPEST} levels deep"
        return None, at, (source.diagnostic("P910", at.too_deep, message, hint),)
    try:
        table = tomllib.loads(source.text)
    except ValueError as error:
        return None, at, (_syntax(source, error),)
    mistakes: tuple[Diagnostic, ...] = ()
    try:
        book = _Book.model_validate(table)
    except ValidationError as error:
        mistakes = explain(error, at, _Book)
        book = _Book.model_validate(mend(table, error))
    title = _title(name, book, files)
    return title, at, (*mistakes, *_remarks(title, at), *_wrong_order(title, at), *_contradictions(title, at))


def _title(name: str, book: _Book, files: Sequence[str]) -> Title:
    chapters = book.chapters or _Chapters()
    own_words: dict[str, str] = book.words.model_dump(exclude_none=True)
    marks = own_words.pop("quotes", None)
    labels = words(book.language, own_words)
    kinds = {kind: Kind(kind, labels[f"kind_{kind}"], row.audience) for kind, row in KINDS.items()}
    own = {kind: Kind(kind, row.label, Audience(row.audience)) for kind, row in book.annotations.kinds.items()}
    isbn = {output: number for output, number in book.isbn.model_dump().items() if number}
    editions: dict[str, EditionSettings] = {}
    for edition in EDITIONS.values():
        row = book.editions.get(edition.name, _Edition())
        editions[edition.name] = EditionSettings(row.trim or edition.trims[0], row.changes)
    return Title(
        name=name,
        title=book.title,
        subtitle=book.subtitle,
        language=book.language,
        identifier=book.identifier or _identified(name, book.title, isbn),
        isbn=isbn,
        date=book.date,
        contributors=tuple(Contributor(c.name, c.sort or c.name, c.role) for c in book.contributor),
        publisher=book.publisher,
        rights=book.rights,
        description=book.description,
        subjects=tuple(book.subjects),
        front=tuple(chapters.front),
        body=tuple(chapters.body if chapters.are_listed else files),
        back=tuple(chapters.back),
        bibliography=_bibliography(book.bibliography),
        kinds=kinds | own,
        editions=editions,
        openings=book.print.openings,
        cover=book.cover,
        limits=Limits(book.limits.seconds, book.limits.memory << 20),
        notes=NoteSettings(**book.notes.model_dump()),
        words=own_words,
        quotes=None if marks is None else (marks[0], marks[1], marks[2], marks[3]),
        fonts=_fonts(book.fonts),
        macros=tuple(book.maths.macros),
        numbered=chapters.numbered,
    )


def _bibliography(table: _Bibliography) -> BibliographySettings:
    return BibliographySettings(
        sources=tuple(table.sources),
        style=table.style,
        engine=table.engine,
        nocite=tuple(table.nocite),
        annotated=table.annotated,
        cited_on=table.cited_on,
        per=table.per,
        groups=tuple(WorksGroup(row.title, tuple(row.types), tuple(row.keywords)) for row in table.section),
    )


def _fonts(table: _Fonts) -> FontSettings:
    return FontSettings(table.text, table.notes, table.headings, table.code, tuple(table.scripts.items()))


def _identified(name: str, title: str, isbn: Mapping[str, str]) -> str:
    """An identifier that stays the same as long as the folder and the title do."""
    if isbn:
        # that of a book for screens, which have the identifier on them
        number = next(isbn[name] for name in sorted(FORMATS, key=lambda name: FORMATS[name].paged) if name in isbn)
        return f"urn:isbn:{number.replace('-', '').replace(' ', '')}"
    return uuid.uuid5(uuid.NAMESPACE_URL, f"postil:{name}/{title}").urn


def _remarks(title: Title, at: Places) -> Iterator[Diagnostic]:
    """What is not wrong but good to know."""
    if ("identifier",) not in at.offsets and ("isbn",) not in at.offsets:
        yield Diagnostic(
            "P919",
            "the title has no identifier, so it gets one made from its name",
            at.position("title"),
            f'to keep it when the name changes, write: identifier = "{title.identifier}"',
        )


def _wrong_order(title: Title, at: Places) -> Iterator[Diagnostic]:
    """Mistakes in the reading order, and files that are no bibliographies."""
    first: dict[str, Key] = {}
    for matter in ("front", "body", "back"):
        for index, path in enumerate(getattr(title, matter)):
            key: Key = ("chapters", matter, index)
            if PurePosixPath(path).suffix != ".md":
                hint = "give the name of a file that ends in '.md'"
                yield Diagnostic("P914", f"'{path}' is not a Markdown file", at.position(*key), hint)
            if path in first:
                line = at.position(*first[path]).line
                yield Diagnostic("P909", f"chapter '{path}' is listed twice, first in line {line}", at.position(*key))
            first.setdefault(path, key)
    if not first:
        hint = "write a chapter as a file that ends in '.md' beside book.toml"
        yield Diagnostic("P920", "the title has no chapters", at.position("chapters"), hint)
    for index, path in enumerate(title.bibliography.sources):
        if PurePosixPath(path).suffix not in _BIBLIOGRAPHIES:
            hint = f"give a file that ends in {', '.join(_BIBLIOGRAPHIES)}"
            place = at.position("bibliography", "sources", index)
            yield Diagnostic("P914", f"'{path}' is not a bibliography", place, hint)


def _contradictions(title: Title, at: Places) -> Iterator[Diagnostic]:
    """Settings of which one makes another useless: works for a list that there is not, the trim of another edition."""
    if title.bibliography.per == "chapter" and title.bibliography.nocite:
        message = "'nocite' has works listed that are not cited, but each chapter lists what it cites"
        place = at.position("bibliography", "nocite")
        yield Diagnostic("P914", message, place, 'leave it out, or write: per = "title"')
    for name, settings in title.editions.items():
        trims = EDITIONS[name].trims
        if settings.trim not in trims:
            yield Diagnostic(
                "P918",
                f"the {name} edition is not designed for trim size '{settings.trim}'",
                at.position("editions", name, "trim"),
                f"it has {' and '.join(trims)}",
            )


def _syntax(source: Source, error: ValueError) -> Diagnostic:
    """The parser's message; it ends with the place as `(at line 3, column 5)` or `(at end of document)`."""
    message, _, place = str(error).rpartition(" (at ")
    if found := re.match(r"line (\d+), column (\d+)", place):
        offset = source.offset(int(found[1]), int(found[2]))
    else:
        offset = len(source.text.rstrip()) if place.startswith("end") else 0
    message = _TUPLE.sub(lambda found: "'" + found[1].replace("', '", ".") + "'", message or str(error))
    hint = "text stands in straight quotation marks, a list in [ ]; see https://toml.io"
    if "twice" in message or "overwrite" in message:
        hint = "say it once: put what belongs together in one place"
    return source.diagnostic("P910", offset, f"book.toml is not TOML: {message[0].lower()}{message[1:]}", hint)
