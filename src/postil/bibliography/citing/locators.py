"""Locators, which say where in a work: what an engine can label by itself, and what is printed as it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from postil.bibliography.facts import facts
from postil.bibliography.style.file import Style

PLURALS: Mapping[str, str] = dict(facts()["locators"]["labels"])
SINGULARS = {plural: singular for singular, plural in PLURALS.items()}
CONTAINERS, VOLUMES, PAGES = (frozenset(facts()["locators"][name]) for name in ("containers", "volumes", "pages"))

_LABELS = "|".join(re.escape(label) for label in sorted({*PLURALS, *SINGULARS}, key=len, reverse=True))
LABEL = re.compile(rf"(?:^|,?\s+)(?P<label>{_LABELS})(?:\s+|(?<=[.§¶]))(?=[\w(])", re.IGNORECASE)
_NUMBER = r"\(?(?:[A-Za-z]?\d[\w.:/]*|[ivxlcdm]+|[IVXLCDM]+|[A-Z])\)?"
# a comma parts two numbers, too, but not behind a volume, where it parts that from its pages
AND = re.compile(r"\s*(?:[–—&]|-{1,3})\s*|,?\s+(?:and|und|et|y|e|og|och|en)\s+")
NUMBERS = re.compile(rf"{_NUMBER}(?:(?:{AND.pattern}|\s*,?\s*&\s*|\s*,\s*){_NUMBER})*")
HYPHEN = re.compile(r"(?<=[\w)])\s*-{1,2}\s*(?=[\w(])")
# numbers that engines know as such, and before which they put a label: not "3 and 4", nor "IV"
ENGINES = re.compile(r"\d[\w.:/]*(?:\s*[–,&]\s*\d[\w.:/]*)*")
NUMERIC = b'is-numeric="locator"'


@dataclass(frozen=True, slots=True)
class Locator:
    """A locator for an engine, whose words are the style's, or one `as_written`: the other of the two is empty."""

    for_engine: str = ""
    as_written: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """Numbers with the label before them as it is written, which may be none."""

    label: str
    numbers: str

    @property
    def singular(self) -> str:
        return SINGULARS.get(self.label.lower(), self.label.lower())

    @property
    def labelled(self) -> str:
        """The numbers with a label in the plural where there are several, and in the singular where there is one."""
        singular, is_plural = self.singular, self.label.lower() in SINGULARS
        # behind the one number of a container the comma parts it from the pages in it
        own = self.numbers if is_plural or singular not in CONTAINERS else self.numbers.partition(",")[0]
        several = "," in own or AND.search(own)
        if not self.label or bool(several) == is_plural:
            label = self.label
        else:
            label = PLURALS[singular] if several else singular
        return f"{label} {self.numbers}".strip()


def located(locator: str, style: Style) -> Locator:
    """A locator as engines and a style can have it.

    Engines take one label and a list of numbers. They would make "vols. 2, 33" of volume 2, page 33; and a style that
    looks whether a locator is numeric has no label for "chaps. 3 and 4". Chicago prints a volume and its pages as
    "2:33" (18th edition, 14.20).
    """
    parts = _parts(locator)
    match parts:
        case []:
            return Locator(locator)
        case [_Part() as only] if only.singular in VOLUMES and style.name.startswith("chicago"):
            volume, _, pages = only.numbers.partition(", ")
            if pages and only.label.lower() in PLURALS and not AND.search(volume):
                return Locator(f"{volume}:{pages}")
        case [_Part(numbers=volume) as first, _Part(numbers=pages) as second] if style.name.startswith("chicago"):
            if first.singular in VOLUMES and second.singular in PAGES and not re.search(r"[,&–]|\s", volume):
                return Locator(f"{volume}:{pages}")
        case _:
            pass
    if len(parts) == 1:
        [part] = parts
        is_page = not part.label or part.singular in PAGES
        is_volume_and_page = part.singular in CONTAINERS and part.label.lower() in PLURALS and "," in part.numbers
        is_known = NUMERIC not in style.data or ENGINES.fullmatch(part.numbers)
        if is_page or (is_known and not is_volume_and_page):
            return Locator(f"{part.label} {part.numbers}".strip())
    return Locator(as_written=", ".join(part.labelled for part in parts))


def _parts(locator: str) -> Sequence[_Part]:
    """The parts of a locator, each with its label; none where it is more than labels and numbers."""
    found = list(LABEL.finditer(locator))
    starts = [0, *(label.end() for label in found)]
    ends = [*(label.start() for label in found), len(locator)]
    labels = ["", *(label["label"] for label in found)]
    parts = [
        _Part(label, HYPHEN.sub("\N{EN DASH}", locator[start:end].strip()))
        for label, start, end in zip(labels, starts, ends, strict=True)
        if label or locator[start:end].strip()
    ]
    return parts if all(NUMBERS.fullmatch(part.numbers) for part in parts) else []
