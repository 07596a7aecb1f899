"""The title that ships: built whole, in every edition, and read back annotation by annotation."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from postil import manuscript
from postil.build import Order, Outcome, Stages, build, compose
from postil.check import EPUBCHECK
from postil.dialect import parse
from postil.document import Annotation, Audience, Book, Change, Citation, Parsed, plain, walk
from postil.writing import Folder

FOLDER = Path(__file__).parents[1] / "manuscript/pakistan-russia"
XHTML = "{http://www.w3.org/1999/xhtml}"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("build")


@pytest.fixture(scope="module")
def built(out: Path) -> dict[str, Outcome]:
    formats = {"annotated": ("pdf", "epub"), "clean": ("pdf", "epub"), "proof": ("pdf",)}
    return {edition: build(FOLDER, Order(edition, made, Folder(out))) for edition, made in formats.items()}


@pytest.fixture(scope="module")
def written() -> list[Annotation[Parsed]]:
    """Every annotation of the manuscript, as its author wrote it."""
    disk, _ = manuscript.load(FOLDER)
    assert disk is not None
    return [a for source, _ in disk.chapters for a in parse(source, disk.title.kinds)[0].annotations.values()]


def book(out: Path, edition: str) -> Book:
    order = Order(edition, (), Folder(out))
    composed, _ = compose(FOLDER, order, Stages(), order.cache(FOLDER.name))
    assert composed is not None
    return composed


def output(built: dict[str, Outcome], edition: str, ending: str) -> Path:
    return next(made.path for made in built[edition].outputs if made.path.suffix == ending)


def words(text: str) -> str:
    """Text without spaces, hyphens at line ends and shapes of letters that fonts join: what a page can be held to."""
    return re.sub(r"[\s\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}]|-(?=\n)", "", text)


def destinations(pdf: pikepdf.Pdf) -> Iterator[str]:
    tree = pikepdf.NameTree(pdf.Root.Names.Dests)
    yield from tree.keys()


def elements(epub: Path) -> Iterator[etree._Element]:
    with zipfile.ZipFile(epub) as archive:
        for name in archive.namelist():
            if name.endswith(".xhtml"):
                yield from etree.parse(BytesIO(archive.read(name))).iter(f"{XHTML}*")


@pytest.mark.parametrize("edition", ["annotated", "clean", "proof"])
def test_every_edition_is_made_without_errors(built: dict[str, Outcome], edition: str) -> None:
    assert [d for d in built[edition].diagnostics if d.severity == "error"] == []
    assert len(built[edition].outputs) == (1 if edition == "proof" else 2)


def test_the_title_has_what_an_example_needs(written: list[Annotation[Parsed]], out: Path) -> None:
    disk, _ = manuscript.load(FOLDER)
    assert disk is not None
    chapters = [parse(source, disk.title.kinds)[0] for source, matter in disk.chapters if matter == "body"]
    everything = [node for chapter in chapters for text in chapter.texts for node in walk(text)]
    audiences = Counter(annotation.kind.audience for annotation in written)
    assert sum(len(plain(chapter.body).split()) for chapter in chapters) >= 3500
    assert audiences[Audience.READER] >= 30
    assert audiences[Audience.EDITOR] >= 8
    assert sum(isinstance(node, Change) for node in everything) >= 10
    assert sum(isinstance(node, Citation) for node in everything) >= 40
    assert len(next(s for s in book(out, "annotated").sections if s.role.name == "bibliography").body[1].children) >= 20  # type: ignore[union-attr] # a list


def test_every_reader_annotation_is_in_the_annotated_book_once_and_no_other_is(
    out: Path, written: list[Annotation[Parsed]]
) -> None:
    shown = Counter(keyed.annotation.id for section in book(out, "annotated").sections for keyed in section.annotations)
    assert shown == Counter(a.id for a in written if a.kind.audience is Audience.READER)


def test_every_reader_annotation_is_on_the_pages_once(built: dict[str, Outcome], out: Path) -> None:
    path = output(built, "annotated", ".pdf")
    with pikepdf.open(path) as pdf:
        places = Counter(destinations(pdf))
    text = words(subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True, text=True).stdout)
    for section in book(out, "annotated").sections:
        for keyed in section.annotations:
            assert places[keyed.id] == 1, keyed.annotation.id
            beginning = words(plain(keyed.body))[:24]
            assert beginning in text, keyed.annotation.id


@pytest.mark.parametrize(("edition", "count"), [("annotated", 1), ("clean", 0)])
def test_annotations_are_in_the_epub_as_often_as_they_should(
    built: dict[str, Outcome], out: Path, edition: str, count: int
) -> None:
    held = list(elements(output(built, edition, ".epub")))
    ids = Counter(element.get("id") for element in held)
    by_id = {element.get("id"): words("".join(map(str, element.itertext()))) for element in held}
    annotations = [keyed for section in book(out, "annotated").sections for keyed in section.annotations]
    assert {ids[keyed.id] for keyed in annotations} == {count}
    for keyed in annotations if count else ():
        assert words(plain(keyed.body))[:24] in by_id[keyed.id], keyed.annotation.id


@pytest.mark.parametrize("edition", ["annotated", "clean"])
def test_no_editorial_annotation_reaches_a_reader(
    built: dict[str, Outcome], written: list[Annotation[Parsed]], edition: str
) -> None:
    pages = subprocess.run(
        ["pdftotext", "-raw", output(built, edition, ".pdf"), "-"], capture_output=True, check=True, text=True
    ).stdout
    files = "".join(
        "".join(map(str, e.itertext())) for e in elements(output(built, edition, ".epub")) if e.tag == f"{XHTML}body"
    )
    for annotation in written:
        if annotation.kind.audience is Audience.EDITOR:
            beginning = words(plain(annotation.body))[:24]
            assert beginning not in words(pages), annotation.id
            assert beginning not in words(files), annotation.id


def test_the_clean_edition_has_no_annotation_at_all(built: dict[str, Outcome], out: Path) -> None:
    assert not any(section.annotations for section in book(out, "clean").sections)
    with pikepdf.open(output(built, "clean", ".pdf")) as pdf:
        assert not [name for name in destinations(pdf) if name.startswith("annotation-")]


def test_the_proof_shows_every_annotation_with_its_id_and_its_replies(
    built: dict[str, Outcome], written: list[Annotation[Parsed]]
) -> None:
    path = output(built, "proof", ".pdf")
    text = words(subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True, text=True).stdout)
    for annotation in written:
        assert words(annotation.id) in text
        for reply in annotation.replies:
            assert words(plain(reply.body))[:24] in text, annotation.id


@pytest.mark.parametrize("edition", ["annotated", "clean", "proof"])
def test_qpdf_finds_nothing(built: dict[str, Outcome], edition: str) -> None:
    checked = subprocess.run(
        ["qpdf", "--check", output(built, edition, ".pdf")], capture_output=True, check=False, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("edition", ["annotated", "clean", "proof"])
def test_every_font_is_in_the_pdf_once_and_embedded(built: dict[str, Outcome], edition: str) -> None:
    listed = subprocess.run(
        ["pdffonts", output(built, edition, ".pdf")], capture_output=True, check=True, text=True
    ).stdout.splitlines()[2:]
    names = [line.split()[0].partition("+")[2] for line in listed]
    assert len(names) == len(set(names)), names
    assert all(re.search(r"yes yes yes", line) for line in listed)


def test_links_in_the_pdf_lead_to_places_that_are_there(built: dict[str, Outcome]) -> None:
    with pikepdf.open(output(built, "annotated", ".pdf")) as pdf:
        known = set(destinations(pdf))
        wanted = {
            str(link.Dest)
            for page in pdf.pages
            for link in page.get("/Annots", [])
            if link.Subtype == "/Link" and "/Dest" in link
        }
    assert wanted
    assert wanted <= known


@pytest.mark.parametrize("edition", ["annotated", "clean"])
def test_epubcheck_finds_nothing(built: dict[str, Outcome], edition: str) -> None:
    if not EPUBCHECK.installed:
        pytest.skip("EPUBCheck or Java is not installed")
    assert EPUBCHECK.ask("b.epub", output(built, edition, ".epub").read_bytes()) == ()


def test_the_same_manuscript_gives_the_same_bytes(built: dict[str, Outcome], tmp_path: Path) -> None:
    again = build(FOLDER, Order("annotated", ("pdf", "epub"), Folder(tmp_path)))
    for first, second in zip(built["annotated"].outputs, again.outputs, strict=True):
        assert first.path.read_bytes() == second.path.read_bytes(), first.path.name


def test_a_release_of_it_is_refused_because_it_keeps_queries_open(tmp_path: Path) -> None:
    outcome = build(FOLDER, Order("annotated", ("pdf",), Folder(tmp_path), release=True))
    assert {d.code for d in outcome.diagnostics if d.severity == "error"} == {"P421", "P422"}
    assert not outcome.outputs
    assert not list(tmp_path.rglob("*.pdf"))
