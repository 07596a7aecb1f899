"""Fifty faults in five thousand entries: all of them are found in one run, each at its place, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from postil.bibliography.library import load_references
from postil.source import Source
from postil.store import Store
from postil.writing import Folder

ENTRIES = 5000
FAMILIES = ("Anand", "Bashir", "Coll", "Dmitriev", "Erickson", "Fair", "Ganguly", "Haqqani", "Ispahani", "Jaffrelot")
GIVEN = ("Ayesha", "Boris", "Christine", "Dietmar", "Elena", "Farzana", "Gerald", "Husain", "Irina", "Jean-Luc")
TOPICS = ("Diplomacy", "Trade", "Arms Transfers", "Border Disputes", "Energy", "Water", "Migration", "Intelligence")
PLACES = ("{Pakistan}", "{South Asia}", "{Afghanistan}", "the {Soviet Union}", "{Central Asia}", "{Russia}")


def name(number: int) -> str:
    return f"{FAMILIES[number % 10]}, {GIVEN[number // 10 % 10]}"


def isbn(number: int) -> str:
    """An ISBN-13 by the standard's rule: the digits, weighted 1 and 3 in turn, add up to a multiple of ten."""
    digits = f"978{number:09}"
    return digits + str(-sum(int(digit) * (1, 3)[at % 2] for at, digit in enumerate(digits)) % 10)


def article(number: int) -> str:
    return f"""@article{{art{number},
  author       = {{{name(number)} and {name(number * 7 + 3)}}},
  title        = {{{TOPICS[number % 8]} and {PLACES[number % 6]}: A Study of {number} Cases}},
  journaltitle = {{Journal of Asian Studies}},
  volume       = {{{number % 40 + 1}}},
  number       = {{{number % 4 + 1}}},
  date         = {{{1950 + number % 70}-{number % 12 + 1:02}}},
  pages        = {{{number}--{number + 19}}},
  issn         = {{0021-9118}},
  doi          = {{10.1017/S{number:07}}},
}}

"""


def book(number: int) -> str:
    return f"""@book{{book{number},
  author    = {{{name(number)}}},
  title     = {{{TOPICS[number % 8]} in {PLACES[number % 6]}, Volume {number}}},
  publisher = {{Oxford University Press}},
  location  = {{Oxford}},
  date      = {{{1950 + number % 70}}},
  isbn      = {{{isbn(number)}}},
}}

"""


def chapter(number: int) -> str:
    return f"""@incollection{{chap{number},
  author    = "{name(number)}",
  title     = "Chapter {number}: {TOPICS[number % 8]} after the Cold War",
  booktitle = "The {PLACES[number % 6]} Reader",
  editor    = {{{name(number * 3 + 1)} and others}},
  publisher = oup # {{ Pakistan}},
  year      = {1950 + number % 70},
  month     = mar,
  pages     = {{{number}--{number + 9}}},
  file      = {{:C\\:/library/{number}.pdf:PDF}},
  timestamp = {{2020-01-02}},
}}

"""


def page(number: int) -> str:
    return f"""@online{{web{number},
  author  = {{{{The {FAMILIES[number % 10]} Foundation}}}},
  title   = {{Report {number} on {TOPICS[number % 8]} in the Caf{{\\'e}}s of {PLACES[number % 6]}}},
  date    = {{{1995 + number % 25}-04-0{number % 9 + 1}}},
  url     = {{https://example.org/reports/{number}}},
  urldate = {{2020-02-03}},
}}

"""


KINDS = (article, book, chapter, page)

# kind of entry; what is replaced, and by what; the code; what stands at the place, the sign `¦` being the place itself
Fault = tuple[Callable[[int], str], str, str, str, str]
FAULTS: tuple[Fault, ...] = (
    (article, "Asian Studies},", "Asian Studies}", "P202", "Asian Studies}¦"),
    (article, "{Journal of Asian Studies},", "{Journal of Asian Studies,", "P202", "¦{Journal"),
    (article, "Studies},\n", "Studies}},\n", "P202", "Studies}¦}"),
    (article, "@article{art§,", "@article{", "P202", "@article{\n  ¦author"),
    (article, "{Journal of Asian Studies}", "jas", "P202", "¦jas"),
    (article, "Studies},\n", "Studies},,\n", "P202", "Studies},¦,"),
    (article, "  volume       =", "  volume       ", "P202", "¦volume"),
    (chapter, 'after the Cold War"', "after the Cold War", "P202", '¦"Chapter'),
    (book, "}\n\n", "\n\n", "P202", "¦@book"),
    (book, "{book§,", "{book§§,", "P207", "¦@book"),
    (article, "  pages", "  doi = {10.1017/x§},\n  pages", "P207", "¦doi          ="),
    (page, "{web§,", "{WEB§§,", "P209", "¦@online"),
    (article, "  journaltitle = {Journal of Asian Studies},\n", "", "P210", "¦@article"),
    (book, "  publisher = {Oxford University Press},\n", "", "P210", "¦@book"),
    (book, "publisher", "pubisher", "P211", "¦pubisher"),
    (article, "doi  ", "quality", "P231", "¦quality"),
    (chapter, "month     = mar", "month     = {14}", "P212", "¦{14}"),
    (chapter, "month     = mar", "month     = mrz", "P212", "¦mrz"),
    (book, "date      = {", "date      = {l", "P212", "¦date"),
    (page, "-04-0", "-04-3", "P212", "¦date"),
    (page, "{2020-02-03}", "{2020-02-03/2019}", "P212", "¦urldate"),
    (chapter, "pages     = {", "pages     = {7-9, ", "P213", "¦{7-9"),
    (article, "{10.1017/", "{https://doi.org/10.1017/", "P214", "¦doi"),
    (article, "{10.1017/", "{1017/", "P214", "¦doi"),
    (book, "isbn      = {978", "isbn      = {979", "P215", "¦isbn"),
    (article, "0021-9118", "0021-9119", "P215", "¦issn"),
    (page, "https://", "www.", "P218", "¦url "),
    (article, " and ", ", ", "P219", "author       = ¦{"),
    (book, "@book{", "@bok{", "P223", "¦@bok"),
    (book, "{Oxford University Press}", "{Harper and Row}", "P224", "¦{Harper"),
    (chapter, "  editor ", "  crossref = {nobody},\n  editor ", "P225", "¦{nobody}"),
    (page, "Report", "Report \\foo{}", "P232", "¦title"),
)


def planted(index: int) -> tuple[int, str, str, str, str]:
    """The number of a fault's entry, and what is done to it."""
    kind, old, new, code, place = FAULTS[index % len(FAULTS)]
    number = index * 96 + 8 + KINDS.index(kind)
    # § is the number itself, §§ that of an entry of this kind before it
    old, new = (text.replace("§§", str(number - 40)).replace("§", str(number)) for text in (old, new))
    return number, old, new, code, place


@pytest.mark.slow
def test_fifty_faults_in_five_thousand_entries_are_all_reported_at_their_places(tmp_path: Path) -> None:
    entries = [KINDS[number % 4](number) for number in range(ENTRIES)]
    expected = {}
    for index in range(50):
        number, old, new, code, place = planted(index)
        assert old in entries[number], (index, old)
        entries[number] = entries[number].replace(old, new, 1)
        expected[number] = (code, place)
    head = '@string{oup = "Oxford University Press"}\n\n'
    places = set()
    for number, (code, place) in expected.items():
        before, _, after = place.partition("¦")
        at = entries[number].index(before + after) + len(before)
        text = head + "".join(entries[:number]) + entries[number][:at]
        places.add((code, text.count("\n") + 1, at - entries[number].rfind("\n", 0, at)))
    assert len(places) == 50
    references, found = load_references([Source("r.bib", head + "".join(entries))], Store(Folder(tmp_path)))
    assert {(d.code, d.position.line, d.position.column) for d in found if d.position} == places
    assert len(found) == 50
    # one kind of fault takes an entry its key, another gives it the key of another
    keyless = sum(FAULTS[index % len(FAULTS)][2] in ("@article{", "{book§§,") for index in range(50))
    assert len(references) == ENTRIES - keyless
