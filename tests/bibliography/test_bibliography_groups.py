"""Sections of the bibliography: which works each takes, and what is said of those that take none."""

from __future__ import annotations

from pathlib import Path

import pytest
from citing import library

from postil.bibliography import grouped
from postil.build import Order, Stages, compose
from postil.document import WorksGroup
from postil.writing import Folder

WORKS = """
@book{coll, author={Coll, Steve}, title={Ghost Wars}, publisher={P}, date={2004}}
@legal{tashkent, title={Tashkent Declaration}, date={1966}, keywords={Primary; treaty}}
@article{mayr, author={Mayr, Ernst}, title={Species}, journaltitle={J}, date={1996}, keywords={theory, primary}}
@online{dawn, title={News}, organization={Dawn}, date={2015}, url={https://example.org/}, urldate={2020-01-01}}
"""
KEYS = ["coll", "dawn", "mayr", "tashkent"]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([], [KEYS]),
        ([WorksGroup("All")], [KEYS, []]),
        # a type by the name of BibLaTeX, or of CSL; what is left keeps the order of the style
        ([WorksGroup("Law", ("legal",))], [["tashkent"], ["coll", "dawn", "mayr"]]),
        ([WorksGroup("Press", ("webpage", "article-journal"))], [["dawn", "mayr"], ["coll", "tashkent"]]),
        # keywords are words between commas or semicolons, whatever their capitals
        ([WorksGroup("Primary", (), ("PRIMARY",))], [["mayr", "tashkent"], ["coll", "dawn"]]),
        ([WorksGroup("Primary", ("book",), ("primary",))], [["coll", "mayr", "tashkent"], ["dawn"]]),
        # the first that takes a work has it; one without conditions takes what all others leave, wherever it stands
        ([WorksGroup("A", (), ("primary",)), WorksGroup("B", ("legal",))], [KEYS[2:], [], KEYS[:2]]),
        ([WorksGroup("Rest"), WorksGroup("Law", ("legal",))], [["coll", "dawn", "mayr"], ["tashkent"], []]),
        ([WorksGroup("Same"), WorksGroup("Same")], [KEYS, [], []]),
        ([WorksGroup("Law", ("Legal",))], [["tashkent"], ["coll", "dawn", "mayr"]]),
    ],
)
def test_each_work_belongs_to_one_section(groups: list[WorksGroup], expected: list[list[str]]) -> None:
    assert [list(keys) for _, keys in grouped(KEYS, library(WORKS), groups)] == expected


BOOK = """\
title = "T"
language = "en"
identifier = "urn:x"
date = 2026-01-01
[bibliography]
sources = ["works.bib"]
"""


def said(folder: Path, settings: str, cited: str = "[@coll; @mayr]") -> list[str]:
    """What is said about book.toml where a chapter cites two works."""
    folder.joinpath("book.toml").write_text(BOOK + settings, "utf-8")
    folder.joinpath("works.bib").write_text(WORKS, "utf-8")
    folder.joinpath("a.md").write_text(f"# A\n\nSo.{cited}\n", "utf-8")
    _, found = compose(folder, Order("annotated", (), Folder(folder / "build")), Stages())
    here = [d for d in found if d.position and d.position.path == "book.toml"]
    return [f"{d.position.line}:{d.position.column} {d.code} {d.message} ({d.hint})" for d in here if d.position]


def test_a_section_without_works_and_works_without_a_section_are_reported(tmp_path: Path) -> None:
    sections = '[[bibliography.section]]\ntitle = "Films"\ntypes = ["film"]\n'
    sections += '[[bibliography.section]]\ntitle = "Books"\ntypes = ["book"]\n'
    empty, left = said(tmp_path, sections)
    assert empty == (
        "7:3 P227 the section 'Films' of the bibliography has no works"
        " (the types of the works here are article-journal, book)"
    )
    assert left == (
        "10:3 P228 no section of the bibliography takes 'mayr'"
        " (they stand last; a section without types and keywords takes what others leave)"
    )


def test_nothing_is_said_of_sections_where_nothing_is_cited(tmp_path: Path) -> None:
    assert said(tmp_path, '[[bibliography.section]]\ntitle = "Films"\ntypes = ["film"]\n', "") == []


def test_each_of_two_equal_sections_has_its_place(tmp_path: Path) -> None:
    section = '[[bibliography.section]]\ntitle = "Films"\ntypes = ["film"]\n'
    places = [line.partition(" ")[0] for line in said(tmp_path, section * 2) if "P227" in line]
    assert places == ["7:3", "10:3"]


def test_works_to_be_listed_uncited_must_be_known(tmp_path: Path) -> None:
    assert said(tmp_path, 'nocite = ["tashkent",\n  "dwan"]\n') == [
        "8:3 P201 the key 'dwan' in 'nocite' is not in the bibliography (did you mean 'dawn'?)"
    ]


@pytest.mark.parametrize(
    ("nocite", "listed"),
    [("[]", ["coll", "mayr"]), ('["dawn"]', ["coll", "mayr", "dawn"]), ('["*"]', ["coll", "mayr", "dawn", "tashkent"])],
)
def test_works_are_listed_uncited(nocite: str, listed: list[str], tmp_path: Path) -> None:
    assert said(tmp_path, f"nocite = {nocite}\n") == []
    book, found = compose(tmp_path, Order("annotated", (), Folder(tmp_path / "build")), Stages())
    assert book is not None
    markup = str(next(section for section in book.sections if section.role.name == "bibliography").body)
    assert [key for key in ("coll", "mayr", "dawn", "tashkent") if f"'ref-{key}'" in markup] == listed
    uncited = {d.message for d in found if d.code == "P217"}
    assert uncited == {f"the entry '{key}' is never cited" for key in KEYS if key not in listed}
