"""What a reader gets of a finished book, read back from its files: its words, where its lines begin, its numbers."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pypdfium2
from boxed import BULLET, sign
from lxml import etree
from pypdfium2 import raw

from postil.document import BLOCKS

XHTML = "{http://www.w3.org/1999/xhtml}"
HEADINGS = (f"{XHTML}h1", f"{XHTML}h2")
HYPHEN = "\x02"
"""What PDFium reads for a hyphen that a typesetter has added."""
LENGTH = len("w0000")
BESIDE = 12
"""How many points higher than the first words of an item its number may stand: where these are in a cell or a frame."""
FAR = 60
"""How many points further along its line there is nothing behind a number that stands alone."""
SIGN = re.compile(r"-?\d+\.|[a-z]+\.|[A-Z]+\.|–|•")


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page: where it begins, and its baseline, in points from the left and from below."""

    text: str
    page: int
    left: float
    baseline: float


class Pages:
    """The words of a PDF, as they were drawn."""

    def __init__(self, pdf: bytes) -> None:
        document = pypdfium2.PdfDocument(pdf)
        self.words = list(_whole(word for number, page in enumerate(document) for word in _words(page, number)))
        # the call of a note is part of the word that it stands behind
        self.at = {name: each for each in reversed(self.words) for name in (each.text, each.text[:LENGTH])}
        self._lines: dict[tuple[int, int], list[Word]] = {}
        for word in sorted(self.words, key=lambda word: word.left):
            self._lines.setdefault((word.page, round(word.baseline)), []).append(word)

    def signs(self, word: str) -> tuple[str, ...]:
        """The signs of list items right before a word: on its line, or alone on one a little above that."""
        place = self.at[word]
        found: list[Word] = []
        for up in range(-1, BESIDE):
            line = self._lines.get((place.page, round(place.baseline) + up), [])
            before = [each for each in line if each.left < place.left]
            while before and SIGN.fullmatch(before[-1].text):
                sign = before.pop()
                behind = [each for each in line if 0 < each.left - sign.left < FAR and each not in found]
                if abs(sign.baseline - place.baseline) > 1 and behind:
                    break
                found.append(sign)
        in_order = sorted(found, key=lambda each: each.left)
        return tuple(BULLET if each.text == "–" else each.text for each in in_order)

    def indent(self, word: str, of: str) -> float:
        """How much further in, in points, a word begins than another."""
        return self.at[word].left - self.at[of].left


def _whole(words: Iterable[Word]) -> Iterator[Word]:
    """The words, those put together again that a line's end has parted with a hyphen."""
    begun: Word | None = None
    for word in words:
        whole = replace(begun, text=begun.text[:-1] + word.text) if begun else word
        begun = whole if whole.text.endswith(HYPHEN) else None
        if begun is None:
            yield whole


def _words(page: pypdfium2.PdfPage, number: int) -> Iterator[Word]:
    text = page.get_textpage()
    letters: list[tuple[str, float, float]] = []
    for index in range(text.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text, index))
        x, y = raw.c_double(), raw.c_double()
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        if letters and (letter.isspace() or abs(letters[-1][2] - y.value) > 1):
            yield Word("".join(each[0] for each in letters), number, *letters[0][1:])
            letters = []
        if not letter.isspace():
            letters.append((letter, x.value, y.value))
    if letters:
        yield Word("".join(each[0] for each in letters), number, *letters[0][1:])


class Screens:
    """The words of an EPUB, as a reading system shows them."""

    def __init__(self, epub: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(epub)) as files:
            names = [name for name in files.namelist() if "/text/" in name and name.endswith(".xhtml")]
            self._bodies = [body for name in names for body in etree.fromstring(files.read(name)).iter(f"{XHTML}body")]
        self.words = [word for body in self._bodies for word in _words_of(body)]
        gathered = [
            whole for body in self._bodies for whole in body if whole.get("id") in {"part-notes", "part-annotations"}
        ]
        self.repeated = [
            word for whole in gathered for each in whole if each.tag in HEADINGS for word in _words_of(each)
        ]
        """The words of the headings under which notes and annotations are gathered: in print these stand elsewhere."""
        self._signs = {word: signs for body in self._bodies for signs, word in _signed(body)}
        lines = [line for body in self._bodies for block in _kept(body) for line in block]
        self._indents = {line.split()[0]: len(line) - len(line.lstrip()) for line in lines if line.split()}

    def signs(self, word: str) -> tuple[str, ...]:
        """The signs of list items right before a word."""
        return self._signs.get(word, ())

    def indent(self, word: str, of: str) -> int:
        """By how many spaces the line of a word is further in than that of another."""
        return self._indents[word] - self._indents[of]


def _words_of(element: etree._Element) -> list[str]:
    return "".join(_said(element)).split()


def _said(element: etree._Element) -> Iterator[str]:
    block = element.tag.removeprefix(XHTML) in BLOCKS | {"td", "th", "br", "caption", "section", "aside", "body"}
    yield " " * block + (element.text or "")
    for child in element:
        if child.get("class") != "backlinks":  # the way back to where a work is cited, which has no words
            yield from _said(child)
        yield child.tail or ""
    yield " " * block


def _signed(body: etree._Element) -> Iterator[tuple[tuple[str, ...], str]]:
    """The signs of items, each with the word that they stand before."""
    waiting: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start" and element.tag == f"{XHTML}li" and (number := _number(element)):
            waiting.append(number)
        words = ((element.text if event == "start" else element.tail) or "").split()
        if words and waiting:
            yield tuple(waiting), words[0]
            waiting = []


def _number(item: etree._Element) -> str:
    """What a reading system puts before an item (HTML Standard, 4.4.8)."""
    numbered = item.getparent()
    assert numbered is not None
    if (numbered.get("class") or "") in {"notes", "annotations"}:  # their signs are in the text
        return ""
    if numbered.tag == f"{XHTML}ul":
        return BULLET
    items = list(numbered)
    step = 1 if numbered.get("reversed") is None else -1
    number = int(numbered.get("start") or (1 if step == 1 else len(items)))
    for each in items:
        number = int(each.get("value") or number)
        if each is item:
            break
        number += step
    return sign(numbered.get("type") or "1", number)


def _kept(body: etree._Element) -> Iterator[list[str]]:
    """The lines of code and verse."""
    for code in body.iter(f"{XHTML}pre"):
        yield "".join(map(str, code.itertext())).split("\n")
    for verse in body.iter(f"{XHTML}div"):
        if verse.get("class") == "verse":
            for stanza in verse:
                yield [stanza.text or "", *(end.tail or "" for end in stanza.iter(f"{XHTML}br"))]
