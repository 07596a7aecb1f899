"""The pipeline on one page: a title's folder in, finished files and diagnostics out."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from postil import bibliography, fonts, images, manuscript, maths, pdf, styles, words
from postil.characters import Passage, lacking, passages
from postil.dialect import Quotes, Typography, openings, parse, referred, set_title, typography
from postil.document import (
    EDITIONS,
    FORMATS,
    Book,
    Chapter,
    Edition,
    Element,
    Font,
    Image,
    Matter,
    Parsed,
    Presented,
    Title,
    rewritten,
    walk,
)
from postil.edition import present, undecided
from postil.manuscript.places import Places
from postil.resolve import resolve, streams
from postil.source import Diagnostic, Severity, Source, in_order
from postil.store import NAME, Store
from postil.targets import Made, Progress, Timing, target, targets
from postil.writing import Folder

NAMED = 12
"""How many of the words that a language lacks are named in the message; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to make of a title: one edition, in which formats (none: check only), and where to put it.

    `out` is the folder in which the title's own folder is made. A `dry` order is carried out but for writing the files.
    One that is not `cached` neither reads what earlier builds have kept nor keeps anything.
    """

    edition: str
    formats: tuple[str, ...]
    out: Folder
    release: bool = False
    strict: bool = False
    dry: bool = False
    cached: bool = True

    @property
    def prints(self) -> bool:
        """Whether it is about pages, too: so is a check."""
        return not self.formats or any(FORMATS[name].paged for name in self.formats)

    def file(self, title: str, form: str) -> str:
        """The name of the file that it is about in a format, in the folder of a title."""
        return f"{title}-{self.edition}.{form}"

    def cache(self, title: str) -> Store | None:
        """What builds of a title keep for later ones, if this one has a part in it."""
        return Store(self.out / title / NAME) if self.cached else None


@dataclass(frozen=True, slots=True)
class Output:
    """A file that was written or checked: where, its pages, its size in bytes, the seconds that took.

    An EPUB has no pages, and of a file that was only checked they are not counted; then they are None.
    """

    path: Path
    pages: int | None
    size: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an order.

    `timings` are seconds by stage, in the order in which the stages ran; `layouts` says of each unit of layout how many
    pages it has, how many of them were laid out again, and why.
    """

    title: str
    outputs: tuple[Output, ...]
    diagnostics: tuple[Diagnostic, ...]
    timings: Mapping[str, float] = field(default_factory=dict)
    layouts: tuple[Timing, ...] = ()


def build(folder: Path, order: Order, progress: Progress = lambda _stage, _share: None) -> Outcome:
    """Make one edition of the title in `folder`; `progress` hears of each stage and the share of it that is done.

    Errors stop all of the title's outputs. Raises OSError where an output cannot be written.
    """
    stage = Stages(progress)
    cache = order.cache(folder.resolve().name)
    book, found = compose(folder, order, stage, cache)
    made: dict[str, Made] = {}
    if book is not None and not order.formats:
        with stage("outputs"):
            found += (diagnostic for target in targets() for diagnostic in target.examine(book))
    elif book is not None and not _stop(found, order):
        for name in order.formats:
            with stage(name):
                made[name] = target(name).make(book, stage.within(name))
                found += made[name].diagnostics
    outputs = () if _stop(found, order) or order.dry else tuple(_written(folder, order, made, stage))
    if cache is not None:
        cache.sweep()
        found += cache.notes
    layouts = tuple(timing for each in made.values() for timing in each.layouts)
    return Outcome(folder.resolve().name, outputs, in_order(tuple(found)), stage.seconds, layouts)


def _written(folder: Path, order: Order, made: Mapping[str, Made], stage: Stages) -> Iterator[Output]:
    """Write what was made."""
    name = folder.resolve().name
    for ending, each in made.items():
        if each.data is not None:
            path = (order.out / name).write(order.file(name, ending), each.data)
            yield Output(path, each.pages, len(each.data), stage.seconds[ending])


def compose(
    folder: Path, order: Order, stage: Stages, cache: Store | None = None
) -> tuple[Book | None, list[Diagnostic]]:
    """The book that an edition of the title is, and everything that is wrong with the manuscript.

    Every stage that can runs, so that all mistakes are found at once. Answers of other programs are kept in `cache`.
    """
    with stage("manuscript"):
        disk, wrong = manuscript.load(folder)
        sheets, bad = styles.load(folder)
        found = [*wrong, *bad]
        own, wrong = fonts.load(folder, disk) if disk is not None else ((), ())
        found += wrong
    if disk is None:
        return None, found
    title, edition = disk.title, EDITIONS[order.edition]
    found += styles.missing(sheets, edition) if order.prints else ()
    if sheet := fonts.print_sheet(title.fonts, fonts.Shelf(own)):
        sheets = {**sheets, styles.PRINT_FONTS: Source(styles.PRINT_FONTS, sheet)}

    with stage("dialect"):
        rules = typography(title.language, Quotes(*title.quotes) if title.quotes else None)
        title = set_title(title, rules)
        named = styles.named(sheets)
        chapters, wrong = _parsed(folder, disk, title, rules, named)
        found += wrong
        found += (each for chapter, _ in chapters if order.release for each in undecided(chapter))

    with stage("edition"):
        shown: list[tuple[Chapter[Presented], Matter]] = []
        for chapter, matter in chapters:
            presented, wrong = present(chapter, edition, title.editions[order.edition])
            shown.append((presented, matter))
            # an undecided change is an error for a release already
            found += (each for each in wrong if not (order.release and each.code == "P420"))

    with stage("citations"):
        library, wrong = bibliography.load(disk, cache)
        found += wrong
        found += library.check([chapter for chapter, _ in chapters])
        shown = [(library.keyed(chapter), matter) for chapter, matter in shown]
        cited = streams(title, shown, library.nocite)
        works = library.cite([stream for stream, _ in cited], cache)
        found += works.diagnostics
        formatted = {path: answer for (_, paths), answer in zip(cited, works.answers, strict=True) for path in paths}

    with stage("maths"):
        formulas, wrong = maths.read([chapter for chapter, _ in chapters], title.macros, cache)
        found += wrong
        drawings, wrong = maths.draw(formulas, cache) if order.prints else ({}, ())
        found += wrong

    with stage("references"):
        pictures, wrong = _pictures(folder, [chapter for chapter, _ in chapters], disk)
        found += wrong
        resolved, wrong = resolve(title, edition, shown, formatted, library.references, pictures, formulas.mathml)
        book = replace(resolved, styles=sheets, fonts=own, formulas=drawings, stamp=_stamp(disk, edition))
        found += wrong
        found += _language(title, disk.places)
        found += _hyphens(title, disk.places) if order.prints else ()
        written = passages([chapter for chapter, _ in shown], works.listed, book, disk.places)
        found += _lacking(written, pdf.characters(book, sheets), own, order)
    return book, found


def _parsed(
    folder: Path, disk: manuscript.Manuscript, title: Title, rules: Typography, named: Collection[str]
) -> tuple[list[tuple[Chapter[Parsed], Matter]], tuple[Diagnostic, ...]]:
    """The chapters of a title, and what is wrong with the text of each, and with all of them together."""
    chapters: list[tuple[Chapter[Parsed], Matter]] = []
    found: list[Diagnostic] = []
    for source, matter in disk.chapters:
        chapter, wrong = parse(source, title.kinds, rules, named)
        chapters.append((_located(folder, chapter), matter))
        found += (*wrong, *openings(chapter))
    chapters, wrong = referred(chapters)
    return chapters, (*found, *wrong)


class Stages:
    """Keeps the time of each stage, and says which one is on."""

    def __init__(self, progress: Progress = lambda _stage, _share: None) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Enter a stage."""
        self._progress(stage, 0)
        start = time.perf_counter()
        yield
        self.seconds[stage] = time.perf_counter() - start

    def within(self, stage: str) -> Progress:
        """What hears of the parts that a stage works on."""
        return lambda part, share: self._progress(f"{stage}: {part}", share)


def _stop(found: Sequence[Diagnostic], order: Order) -> bool:
    stopping = {Severity.ERROR, Severity.WARNING} if order.strict else {Severity.ERROR}
    return any(diagnostic.severity in stopping for diagnostic in found)


def _language(title: Title, places: Places) -> Iterator[Diagnostic]:
    """Words that the book has in English, because neither Postil nor `book.toml` has them in its language."""
    lacking = [key for key in words.ENGLISH if key not in title.words]
    if not lacking or words.known(title.language):
        return
    named = ", ".join(f"'{key}'" for key in lacking[:NAMED])
    more = f" and {len(lacking) - NAMED} more" if len(lacking) > NAMED else ""
    message = f"Postil has no words of its own in '{title.language}', so these are set in English: {named}{more}"
    hint = f"set them in book.toml, under [words]: {lacking[0]} = \"…\"; 'postil help settings' lists them all"
    yield Diagnostic("P601", message, places.position("language"), hint)


def _hyphens(title: Title, places: Places) -> Iterator[Diagnostic]:
    if pdf.lacks_patterns(title.language):
        message = f"there are no patterns to hyphenate words in '{title.language}'"
        hint = "write &shy; where a long word may be broken; or in styles/print.css: html { text-align: left }"
        yield Diagnostic("P605", message, places.position("language"), hint)


def _lacking(
    written: Iterable[Passage], letters: Sequence[frozenset[str]], own: Sequence[Font], order: Order
) -> Iterator[Diagnostic]:
    """Characters that no font has. In print they cannot be shown; a reading system may have a font of its own."""
    if order.prints:
        return lacking(written, letters, "P704", lambda script: fonts.advice(script, own))
    theirs = "reading systems show them in a font of theirs, if they have one; "
    return lacking(written, letters, "P823", lambda script: theirs + fonts.advice(script, own))


def _stamp(title_on_disk: manuscript.Manuscript, edition: Edition) -> str:
    """What the banner of an edition that has one says: its date, and a hash of the text that tells two drafts apart."""
    if not edition.banner:
        return ""
    digest = hashlib.sha256()
    for source, _ in title_on_disk.chapters:
        digest.update(f"{source.path}\0{source.text}\0".encode())
    title = title_on_disk.title
    day = words.written_out(manuscript.moment(title).date(), title.language)
    return words.words(title.language, title.words)["draft"].format(date=day, stamp=digest.hexdigest()[:8])


def _located(folder: Path, chapter: Chapter[Parsed]) -> Chapter[Parsed]:
    """A chapter whose pictures are named from the title's folder, though it may stand in a folder within that."""

    def change(node: Parsed) -> tuple[Parsed, ...] | None:
        if not isinstance(node, Element) or node.tag != "img" or not (path := node.get("src")):
            return None
        return (node.having(src=images.located(folder, chapter.source.path, path)),)

    return rewritten(chapter, change) if "/" in chapter.source.path else chapter


def _pictures(
    folder: Path, chapters: Sequence[Chapter[Parsed]], disk: manuscript.Manuscript
) -> tuple[Mapping[str, Image], tuple[Diagnostic, ...]]:
    """The pictures that the chapters show, and the cover."""
    places = [] if disk.title.cover is None else [(disk.title.cover, disk.places.position("cover"))]
    places += [
        (path, chapter.source.position(node.span.start if node.span else 0))
        for chapter in chapters
        for text in chapter.texts
        for node in walk(text)
        if isinstance(node, Element) and node.tag == "img" and (path := node.get("src"))
    ]
    pictures: dict[str, Image] = {}
    found: list[Diagnostic] = []
    for path, at in places:
        if path not in pictures:
            picture = images.read(folder, path, at)
            if isinstance(picture, Image):
                pictures[path] = picture
            else:
                found.append(picture)
    return pictures, tuple(found)
