from __future__ import annotations

import pytest

from postil.bibliography import styles
from postil.bibliography.style.file import read_style
from postil.bibliography.style.shipped import named, names
from postil.source import Position

CSL = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0" default-locale="en-GB">
  <info><title>House</title><id>house</id><updated>2026-01-01T00:00:00+00:00</updated></info>
  <citation><layout suffix="."><text variable="title"/></layout></citation>
  <bibliography><layout><text variable="title"/></layout></bibliography>
</style>
"""
BOMB = """<?xml version="1.0"?>
<!DOCTYPE style [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0"><info><title>&b;</title></info></style>
"""


def test_the_default_style_comes_along() -> None:
    style, diagnostics = named("chicago-notes-bibliography")
    assert diagnostics == ()
    assert style is not None
    assert (style.note, style.bibliography) == (True, True)
    assert b"<title>Chicago Manual of Style 18th edition" in style.data


def test_a_dependent_style_is_the_one_it_depends_on() -> None:
    dependent, _ = named("nature-digest")
    independent, _ = named("nature")
    assert dependent is not None
    assert independent is not None
    assert dependent.data == independent.data


@pytest.mark.parametrize("name", ["chicago-note-bibliography", "../secret", "/etc/passwd", "", ".hidden"])
def test_an_unknown_name_is_an_error_at_its_place(name: str) -> None:
    at = Position("book.toml", 21, 9)
    style, [diagnostic] = named(name, at)
    assert style is None
    assert (diagnostic.code, diagnostic.position) == ("P204", at)


def test_the_nearest_name_is_the_hint() -> None:
    _, [diagnostic] = named("chicago-note-bibliography")
    assert diagnostic.hint == "did you mean 'chicago-notes-bibliography'?"


def test_a_style_of_the_titles_own() -> None:
    style, diagnostics = read_style("house.csl", CSL.encode())
    assert diagnostics == ()
    assert style is not None
    assert (style.name, style.note, style.language) == ("house.csl", True, "en-GB")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(BOMB.encode(), id="entities"),
        pytest.param(BOMB.replace('<?xml version="1.0"?>\n', "").encode("utf-16"), id="entities in UTF-16"),
        pytest.param(b"<style/>", id="another vocabulary"),
        pytest.param(b"<html xmlns='http://www.w3.org/1999/xhtml'/>", id="another language"),
        pytest.param(CSL[:-10].encode(), id="cut off"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\x00", id="no text"),
    ],
)
def test_a_file_that_is_no_style_to_trust(data: bytes) -> None:
    style, [diagnostic] = read_style("house.csl", data)
    assert style is None
    assert diagnostic.code == "P205"


def test_all_names_are_known_styles() -> None:
    assert len(names()) > 2000
    assert list(names()) == sorted(names())
    assert {"apa", "modern-language-association", "nature-digest"} <= set(names())


@pytest.mark.parametrize(
    "name", ["../styles/apa", "dependent/nature-digest", "./apa", "apa.csl", "", "apa\0", "a" * 999]
)
def test_a_path_is_no_name_of_a_style(name: str) -> None:
    style, [diagnostic] = named(name)
    assert style is None
    assert diagnostic.code == "P204"


def test_styles_are_listed_with_title_and_format() -> None:
    found = {name: (title, form) for name, title, form in styles("associ")}
    assert found["modern-language-association"][1] == "author"
    assert all("associ" in f"{name} {title}".casefold() for name, (title, _) in found.items())
    assert list(found) == sorted(found)
