"""`book.toml`: what it may say, and what is wrong with what it says."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, Final, Literal

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
from postil.source import Diagnostic, Source
from postil.words import words

KINDS: Final[Mapping[str, Audience]] = {
    **dict.fromkeys(("gloss", "source", "correction", "context", "translation"), Audience.READER),
    **dict.fromkeys(("query", "fact", "style", "legal", "comment"), Audience.EDITOR),
}
"""The kinds of annotation that ship, and whom each is for."""

_BIBLIOGRAPHIES = (".bib", ".json", ".yaml", ".yml", ".ris")
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
    _Isbn = create_model("_Isbn", __base__=_Table, **dict.fromkeys(FORMATS, (_Number, None)))


class _Contributor(_Table):
    name: _Name
    sort: _Line = ""
    role: Annotated[str, AfterValidator(values.role)] = "aut"


class _Chapters(_Table):
    front: list[str] = []
    body: list[str] = []
    back: list[str] = []


class _WorksGroup(_Table):
    title: _Name
    types: list[_Name] = []
    keywords: list[_Name] = []


class _Bibliography(_Table):
    sources: list[str] = []
    style: _Name = BibliographySettings().style
    engine: EngineName = "pandoc"
    nocite: list[_Name] = []
    annotated: bool = False
    cited_on: bool = False
    per: Extent = "title"
    section: list[_WorksGroup] = []


class _Notes(_Table):
    place: NotePlace = "foot"
    numbering: Extent = "chapter"
    in_full: Extent = "title"


class _Kind(_Table):
    label: _Name
    audience: Literal["reader", "editor"] = "reader"


class _Annotations(_Table):
    kinds: dict[Annotated[str, AfterValidator(values.kind_name)], _Kind] = {}


class _Edition(_Table):
    trim: Annotated[str, AfterValidator(values.trim)] | None = None
    changes: Literal["decided", "accept", "original"] = "decided"


class _Print(_Table):
    openings: Opening = "recto"


class _Limits(_Table):
    seconds: Annotated[int, Field(ge=1, le=86_400)] = Limits().seconds
    memory: Annotated[int, Field(ge=512, le=1 << 20)] = Limits().memory >> 20


class _Book(_Table):
    title: _Name
    subtitle: _Line = ""
    language: _Language
    identifier: Annotated[str, AfterValidator(values.identifier)] | None = None
    isbn: Annotated[_Isbn, BeforeValidator(values.every_output)] = _Isbn()
    date: Annotated[dt.date, AfterValidator(values.date)]
    publisher: _Line = ""
    rights: _Text = ""
    description: _Text = ""
    subjects: list[_Name] = []
    cover: Annotated[str, AfterValidator(values.path)] | None = None
    contributor: list[_Contributor] = []
    chapters: _Chapters | None = None
    bibliography: _Bibliography = _Bibliography()
    notes: _Notes = _Notes()
    annotations: _Annotations = _Annotations()
    editions: dict[Annotated[str, AfterValidator(values.edition_name)], _Edition] = {}
    print: _Print = _Print()
    limits: _Limits = _Limits()


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
    chapters = book.chapters or _Chapters(body=list(files))
    labels = words(book.language)
    kinds = {kind: Kind(kind, labels[f"kind_{kind}"], audience) for kind, audience in KINDS.items()}
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
        body=tuple(chapters.body),
        back=tuple(chapters.back),
        bibliography=_bibliography(book.bibliography),
        kinds=kinds | own,
        editions=editions,
        openings=book.print.openings,
        cover=book.cover,
        limits=Limits(book.limits.seconds, book.limits.memory << 20),
        notes=NoteSettings(**book.notes.model_dump()),
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
