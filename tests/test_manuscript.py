"""Each mistake in a book.toml and in a title's files has its code, its place and, where there is one, its remedy."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from postil.document import Audience, BibliographySettings, Limits, NoteSettings, WorksGroup
from postil.manuscript import load, moment
from postil.source import Diagnostic, Position, Severity

BOOK = """\
title = "Wells"
language = "en-GB"
date = 2026-11-23
identifier = "urn:x-test:wells"
"""
CONTRIBUTOR = f"{BOOK}[[contributor]]\n"


def make(folder: Path, book: str, **files: str | bytes) -> Path:
    """A title with a `book.toml`, one chapter `01.md`, and these files (`c02_md` is `02.md`)."""
    for name, content in {"book_toml": book, "c01_md": "# One\n", **files}.items():
        path = folder / name.replace("_", ".").removeprefix("c")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def mistakes(folder: Path) -> list[Diagnostic]:
    return list(load(folder)[1])


@pytest.mark.parametrize(
    ("book", "code", "place", "words"),
    [
        ("title = 'x'\nlanguage = en\n", "P910", (2, 12), "not TOML"),
        ("title = 'x\n", "P910", (1, 11), "not TOML"),
        (f"{BOOK}x = {'9' * 5000}\n", "P910", (1, 1), "not TOML"),
        (f"{BOOK}subjects = {'[' * 50}\n", "P910", (5, 28), "16 levels deep"),
        (f"{BOOK}{'.'.join('a' * 50)} = 1\n", "P910", (5, 33), "16 levels deep"),
        (f"{BOOK}subtitel = 'x'\n", "P911", (5, 1), "'subtitel'"),
        (f"{BOOK}[print]\nopening = 'page'\n", "P911", (6, 1), "'opening'"),
        (f"{BOOK}[editions.draft]\n", "P911", (5, 2), "'draft'"),
        (BOOK.replace("title", "subtitle"), "P912", (1, 1), "'title'"),
        (BOOK.replace('language = "en-GB"', ""), "P912", (1, 1), "'language'"),
        (BOOK.replace("date = 2026-11-23", ""), "P912", (1, 1), "'date'"),
        (f"{CONTRIBUTOR}role = 'aut'\n", "P912", (5, 3), "[contributor] has no 'name'"),
        (f"{BOOK}[annotations.kinds.variant]\n", "P912", (5, 2), "'label'"),
        (BOOK.replace('"Wells"', "1984"), "P913", (1, 1), "'title' must be text, not a number"),
        (BOOK.replace("2026-11-23", "'2026'"), "P913", (3, 1), "'date' must be a date, not text"),
        (BOOK.replace("2026-11-23", "2026-11-23T10:00:00Z"), "P913", (3, 1), "not a date with a time"),
        (f"{BOOK}isbn = 9781594200076\n", "P913", (5, 1), "'isbn' must be text"),
        (f"{BOOK}subjects = 'Water'\n", "P913", (5, 1), "'subjects' must be a list, not text"),
        (f"{BOOK}print = true\n", "P913", (5, 1), "'print' must be a table, not true or false"),
        (f"{BOOK}contributor = {{name = 'x'}}\n", "P913", (5, 1), "'contributor' must be a list, not a table"),
        (f"{BOOK}[limits]\nseconds = 1.5\n", "P913", (6, 1), "'seconds' must be a whole number"),
        (BOOK.replace('"Wells"', '" "'), "P914", (1, 1), "'title' is empty"),
        (BOOK.replace("Wells", "W\\u0007lls"), "P914", (1, 1), "U+0007"),
        (BOOK.replace("urn:x-test:wells", "urn:uuid:1234"), "P914", (4, 1), "not a UUID"),
        (BOOK.replace("urn:x-test:wells", "my book"), "P914", (4, 1), "cannot identify a book"),
        (f"{BOOK}[print]\nopenings = 'left'\n", "P914", (6, 1), "'left'"),
        (f"{BOOK}[editions.clean]\nchanges = 'all'\n", "P914", (6, 1), "'all'"),
        (f"{BOOK}[limits]\nseconds = 0\n", "P914", (6, 1), "at least 1"),
        (f"{BOOK}[limits]\nmemory = 16\n", "P914", (6, 1), "at least 512"),
        (f"{BOOK}[maths]\nmacros = ['\\\\def\\\\R{{R}}']\n", "P914", (6, 11), "defines no command"),
        (f"{BOOK}[annotations.kinds.Gloss]\nlabel = 'x'\n", "P914", (5, 2), "'Gloss'"),
        (f"{BOOK}[annotations.kinds.reply]\nlabel = 'x'\n", "P914", (5, 2), "'reply'"),
        (f"{BOOK}[chapters]\nbody = ['01.md', 'b.txt']\n", "P914", (6, 18), "'b.txt' is not a Markdown file"),
        (f"{BOOK}[bibliography]\nsources = ['r.docx']\n", "P914", (6, 12), "'r.docx' is not a bibliography"),
        (f"{BOOK}[notes]\nplace = 'back'\n", "P914", (6, 1), "'back'"),
        (f"{BOOK}[bibliography]\nannotated = 'yes'\n", "P913", (6, 1), "must be true or false"),
        (f"{BOOK}[bibliography]\nper = 'chapter'\nnocite = ['a']\n", "P914", (7, 1), "each chapter lists"),
        (BOOK.replace("en-GB", "en_GB"), "P915", (2, 1), "'en_GB'"),
        (BOOK.replace("en-GB", "english-British-x"), "P915", (2, 1), "language tag"),
        (f"{BOOK}isbn = '978-1-59420-007-7'\n", "P916", (5, 1), "check digit"),
        (f"{BOOK}isbn = '1-59420-007-6'\n", "P916", (5, 1), "10 digits"),
        (f"{BOOK}isbn = {{epub = '12'}}\n", "P916", (5, 9), "'12'"),
        (f"{CONTRIBUTOR}name = 'x'\nrole = 'author'\n", "P917", (7, 1), "'author'"),
        (f"{BOOK}[editions.proof]\ntrim = 'letter'\n", "P918", (6, 1), "'letter'"),
        (f"{BOOK}[editions.clean]\ntrim = '7x10'\n", "P918", (6, 1), "clean edition"),
        (f"{BOOK}[chapters]\nbody = ['01.md', '02.md']\n", "P901", (6, 18), "'02.md' does not exist"),
        (f"{BOOK}[bibliography]\nsources = ['r.bib']\n", "P901", (6, 12), "'r.bib' does not exist"),
        (f"{BOOK}[bibliography]\nstyle = 'my.csl'\n", "P901", (6, 1), "'my.csl' does not exist"),
        (f"{BOOK}[chapters]\nbody = ['01.md', '../01.md']\n", "P902", (6, 18), "'../01.md'"),
        (f"{BOOK}[chapters]\nbody = ['01.md', '/etc/x.md']\n", "P902", (6, 18), "'/etc/x.md'"),
        (f"{BOOK}[chapters]\nfront = ['01.md']\nbody = ['01.md']\n", "P909", (7, 9), "listed twice"),
        (f"{BOOK}[chapters]\nbody = []\n", "P920", (5, 2), "no chapters"),
        (f"{BOOK}subtitle = '{'word ' * 14_000}'\n", "P914", (5, 1), "70000 characters long, and may be 1000"),
        (f"{BOOK}subjects = ['x', '{'x' * 1001}']\n", "P914", (5, 18), "may be 1000"),
        (f"{BOOK}description = '{'x' * 10_001}'\n", "P914", (5, 1), "may be 10000"),
        (f"{CONTRIBUTOR}name = '{'x' * 1001}'\n", "P914", (6, 1), "may be 1000"),
        (f"{BOOK}[annotations.kinds.x]\nlabel = '{'x' * 1001}'\n", "P914", (6, 1), "may be 1000"),
        (f"{BOOK}[[bibliography.section]]\ntitle = '{'x' * 1001}'\n", "P914", (6, 1), "may be 1000"),
        (BOOK.replace("en-GB", f"en-x-{'-'.join(['abcdefgh'] * 20)}"), "P915", (2, 1), "is not a language tag"),
        (BOOK.replace("2026-11-23", "2108-01-01"), "P914", (3, 1), "after 2107"),
        (f"{BOOK}cover = ' '\n", "P914", (5, 1), "is empty"),
        (f'{BOOK}publisher = "a\\u0001b"\n', "P914", (5, 1), "U+0001"),
    ],
)
def test_a_mistake_in_book_toml(tmp_path: Path, book: str, code: str, place: tuple[int, int], words: str) -> None:
    found = [d for d in mistakes(make(tmp_path, book)) if d.code == code]
    assert [d.position for d in found] == [Position("book.toml", *place)]
    assert words in found[0].message


@pytest.mark.parametrize(
    ("book", "hint"),
    [
        (f"{BOOK}subtitel = 'x'\n", "did you mean 'subtitle'?"),
        (f"{BOOK}[[contributors]]\nname = 'x'\n", "did you mean 'contributor'?"),
        (f"{BOOK}[editions.draft]\n", "keys here are annotated, clean, proof"),
        (f"{BOOK}isbn = '1-59420-007-6'\n", "write it as ISBN-13: 9781594200076"),
        (f"{CONTRIBUTOR}name = 'x'\nrole = 'translater'\n", "write a MARC relator code, such as 'trl' for translator"),
        (f"{BOOK}[print]\nopenings = 'left'\n", "write 'recto', 'page' or 'run-on'"),
        (f"{BOOK}[chapters]\nbody = ['O1.md']\n", "did you mean '01.md'?"),
        (f"{BOOK}[maths]\nmacros = {{ R = 'x' }}\n", 'write a list in brackets: macros = ["…"]'),
        (f"{BOOK}[contributor]\nname = 'x'\n", "write [[contributor]], with two brackets"),
    ],
)
def test_a_mistake_has_its_remedy(tmp_path: Path, book: str, hint: str) -> None:
    assert hint in [d.hint for d in mistakes(make(tmp_path, book))]


def test_every_mistake_is_found_in_one_run(tmp_path: Path) -> None:
    book = "subtitel = 'x'\ntitle = 3\nlanguage = 'en_GB'\n[chapters]\nbody = ['01.md', '02.md', '03.md']\n"
    found = mistakes(make(tmp_path, book, c02_md=b"caf\xe9"))
    assert {d.code for d in found if d.severity is Severity.ERROR} == {"P901", "P905", "P911", "P912", "P913", "P915"}


@pytest.mark.parametrize(
    ("content", "code", "place", "words"),
    [
        (b"# One\n\ncaf\xe9 and caf\xe9\n", "P905", (3, 4), "0xE9 is not UTF-8, and 1 more"),
        ("\ufeff# é\r\né".encode() + b"\xff", "P905", (2, 2), "0xFF"),
        ("# One".encode("utf-16"), "P905", (1, 1), "UTF-16"),
        ("# One \ufffd".encode() + b"\xff", "P905", (1, 8), "0xFF is not UTF-8"),
        (b"# One\n\x00\x00\n", "P906", (2, 1), "U+0000 cannot stand in a book, and 1 more"),
        (b"# One\x0c", "P906", (1, 6), "U+000C"),
        ("# One\ufffe".encode(), "P906", (1, 6), "U+FFFE"),
        ("\ufeff# One".encode(), "P907", (1, 1), "a byte order mark"),
        (b"# One\r\n", "P907", (1, 1), "line ends"),
        (b"x" * (5 << 20) + b"x", "P904", (1, 1), "larger than 5 MB"),
    ],
)
def test_a_mistake_in_a_chapter(tmp_path: Path, content: bytes, code: str, place: tuple[int, int], words: str) -> None:
    (found,) = (d for d in mistakes(make(tmp_path, BOOK, c01_md=content)) if d.code == code)
    assert words in found.message
    assert found.position
    assert (found.position.line, found.position.column) == place


def test_text_has_newlines_and_no_mark_whatever_the_file_has(tmp_path: Path) -> None:
    manuscript, _ = load(make(tmp_path, BOOK, c01_md="\ufeffa\r\nb\rc\n".encode()))
    assert manuscript
    assert manuscript.chapters[0][0].text == "a\nb\nc\n"


def test_a_character_that_cannot_be_shown_keeps_its_place(tmp_path: Path) -> None:
    manuscript, _ = load(make(tmp_path, BOOK, c01_md=b"a\x00b\xffc"))
    assert manuscript
    assert manuscript.chapters[0][0].text == "a\ufffdb\ufffdc"


def test_a_markdown_file_that_is_not_listed(tmp_path: Path) -> None:
    found = mistakes(make(tmp_path, f"{BOOK}[chapters]\nbody = ['01.md']\n", c02_md="# Two"))
    assert [(d.code, d.severity) for d in found] == [("P908", Severity.WARNING)]
    assert "'02.md'" in found[0].message


def test_chapters_may_stand_in_folders(tmp_path: Path) -> None:
    folder = make(tmp_path, BOOK, c02_md="# Two")
    for name in ("1-war/b.md", "1-war/a.md", "10-peace/c.md", ".hidden/d.md", "build/e.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("# X")
    manuscript, _ = load(folder)
    assert manuscript
    assert [source.path for source, _ in manuscript.chapters] == [
        *("01.md", "1-war/a.md", "1-war/b.md"),
        *("02.md", "10-peace/c.md"),
    ]
    found = mistakes(make(tmp_path, f"{BOOK}[chapters]\nbody = ['01.md', '02.md']\n"))
    assert sorted(d.message.split("'")[1] for d in found) == ["1-war/a.md", "1-war/b.md", "10-peace/c.md"]


def test_a_bibliography_that_no_setting_names_is_offered(tmp_path: Path) -> None:
    folder = make(tmp_path, BOOK, references_bib="@book{a, title={T}}", data_json="{}")
    [found] = mistakes(folder)
    assert (found.code, found.severity, found.position) == ("P943", Severity.NOTE, Position("book.toml", 1, 1))
    assert found.hint is not None
    assert 'sources = ["references.bib"]' in found.hint
    make(tmp_path, f"{BOOK}[bibliography]\nsources = ['references.bib']\n")
    assert mistakes(folder) == []


def test_without_a_list_chapters_are_in_order_of_their_names(tmp_path: Path) -> None:
    manuscript, found = load(make(tmp_path, BOOK, c10_md="# Ten", c02_md="# Two"))
    assert manuscript
    assert [(source.path, matter) for source, matter in manuscript.chapters] == [
        ("01.md", "body"),
        ("02.md", "body"),
        ("10.md", "body"),
    ]
    assert not found


def test_numbers_in_names_count_by_their_value(tmp_path: Path) -> None:
    numbered = ("2 - two.md", "10 - ten.md", "part 1.10.md", "part 1.9.md", "1.md", "a.md")
    folder = make(tmp_path, BOOK, **dict.fromkeys(numbered, "# One\n"))
    manuscript, _ = load(folder)
    assert manuscript
    order = [source.path for source, _ in manuscript.chapters]
    assert order == ["01.md", "1.md", "2 - two.md", "10 - ten.md", "a.md", "part 1.9.md", "part 1.10.md"]


def test_reading_order_is_front_body_back(tmp_path: Path) -> None:
    book = f"{BOOK}[chapters]\nback = ['01.md']\nbody = ['02.md']\nfront = ['10.md']\n"
    manuscript, _ = load(make(tmp_path, book, c10_md="", c02_md=""))
    assert manuscript
    assert [matter for _, matter in manuscript.chapters] == ["front", "body", "back"]
    assert [source.path for source, _ in manuscript.chapters] == ["10.md", "02.md", "01.md"]


def test_an_identifier_is_made_from_name_and_title_and_stays(tmp_path: Path) -> None:
    folder = make(tmp_path, BOOK.replace('identifier = "urn:x-test:wells"', ""))
    first, found = load(folder)
    second, _ = load(folder)
    assert [d.code for d in found] == ["P919"]
    assert first
    assert second
    assert first.title.identifier.startswith("urn:uuid:")
    assert first.title.identifier == second.title.identifier


def test_an_isbn_is_the_identifier_where_there_is_no_other(tmp_path: Path) -> None:
    book = BOOK.replace('identifier = "urn:x-test:wells"', "isbn = '978-1-59420-007-6'")
    manuscript, found = load(make(tmp_path, book))
    assert manuscript
    assert manuscript.title.identifier == "urn:isbn:9781594200076"
    assert manuscript.title.isbn == {"pdf": "978-1-59420-007-6", "epub": "978-1-59420-007-6"}
    assert not found


def test_a_title_says_what_its_book_toml_says(tmp_path: Path) -> None:
    book = f"""{BOOK}
subtitle = "Of water"
publisher = "P"
rights = "R"
description = "D"
subjects = ["Water"]
isbn = {{ pdf = "978-1-59420-007-6" }}
cover = "figures/cover.png"
[[contributor]]
name = "Ada Smith"
sort = "Smith, Ada"
role = "edt"
[[contributor]]
name = "Ben"
[bibliography]
sources = ["r.bib"]
style = "apa"
nocite = ["a"]
annotated = true
cited_on = true
[[bibliography.section]]
title = "Primary Sources"
types = ["treaty"]
keywords = ["primary"]
[notes]
place = "end"
numbering = "title"
in_full = "chapter"
[annotations.kinds.variant]
label = "Variant reading"
[annotations.kinds.check]
label = "Check"
audience = "editor"
[editions.annotated]
trim = "6×9 in"
changes = "accept"
[print]
openings = "run-on"
[limits]
seconds = 60
memory = 1024
"""
    manuscript, found = load(make(tmp_path / "wells", book, r_bib=""))
    assert not found
    assert manuscript
    title = manuscript.title
    assert (title.name, title.title, title.subtitle) == ("wells", "Wells", "Of water")
    assert (title.publisher, title.rights, title.description) == ("P", "R", "D")
    assert (title.date, title.subjects) == (date(2026, 11, 23), ("Water",))
    assert title.isbn == {"pdf": "978-1-59420-007-6"}
    assert [(c.name, c.sort, c.role) for c in title.contributors] == [
        ("Ada Smith", "Smith, Ada", "edt"),
        ("Ben", "Ben", "aut"),
    ]
    assert title.cover == "figures/cover.png"
    assert title.bibliography == BibliographySettings(
        sources=("r.bib",),
        style="apa",
        nocite=("a",),
        annotated=True,
        cited_on=True,
        groups=(WorksGroup("Primary Sources", ("treaty",), ("primary",)),),
    )
    assert title.notes == NoteSettings("end", "title", "chapter")
    assert title.kinds["variant"].label == "Variant reading"
    assert title.kinds["variant"].audience is Audience.READER
    assert title.kinds["check"].audience is Audience.EDITOR
    assert (title.editions["annotated"].trim, title.editions["annotated"].changes) == ("6x9", "accept")
    assert title.editions["proof"].trim == "A4"
    assert title.openings == "run-on"
    assert title.limits == Limits(60, 1 << 30)


def test_the_kinds_that_ship_have_labels_in_the_language_of_the_title(tmp_path: Path) -> None:
    manuscript, _ = load(make(tmp_path, BOOK.replace("en-GB", "de-CH")))
    assert manuscript
    kinds = manuscript.title.kinds
    assert kinds["gloss"].label == "Erläuterung"
    assert {name for name, kind in kinds.items() if kind.audience is Audience.READER} == {
        "gloss", "source", "correction", "context", "translation",
    }  # fmt: skip
    assert {name for name, kind in kinds.items() if kind.audience is Audience.EDITOR} == {
        "query", "fact", "style", "legal", "comment",
    }  # fmt: skip


@pytest.mark.parametrize("tag", ["en", "en-GB", "zh-Hant", "sr-Latn-RS", "de-CH-1996", "es-419", "ar-x-old", "ast"])
def test_language_tags(tmp_path: Path, tag: str) -> None:
    assert not mistakes(make(tmp_path, BOOK.replace("en-GB", tag)))


def test_the_title_s_own_citation_style_is_read(tmp_path: Path) -> None:
    book = f"{BOOK}[bibliography]\nstyle = 'my.csl'\n"
    manuscript, found = load(make(tmp_path, book, my_csl="<style/>"))
    assert manuscript
    assert manuscript.style_source == b"<style/>"
    assert not found


def test_a_link_out_of_the_title_is_refused(tmp_path: Path) -> None:
    title, outside = tmp_path / "title", tmp_path / "secret.md"
    title.mkdir()
    outside.write_text("# secret")
    make(title, BOOK)
    (title / "02.md").symlink_to(outside)
    manuscript, found = load(title)
    assert [d.code for d in found] == ["P902"]
    assert manuscript
    assert [source.path for source, _ in manuscript.chapters] == ["01.md"]


def test_a_link_within_the_title_is_followed(tmp_path: Path) -> None:
    make(tmp_path, BOOK)
    (tmp_path / "02.md").symlink_to("01.md")
    assert not mistakes(tmp_path)


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    make(tmp_path, f"{BOOK}[chapters]\nbody = ['01.md', '02.md']\n")
    (tmp_path / "02.md").symlink_to("02.md")
    assert [d.code for d in mistakes(tmp_path)] == ["P901"]


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_what_is_no_ordinary_file_is_refused(tmp_path: Path, kind: str) -> None:
    make(tmp_path, BOOK)
    if kind == "pipe":
        os.mkfifo(tmp_path / "02.md")
    else:
        (tmp_path / "02.md").mkdir()
    assert [d.code for d in mistakes(tmp_path)] == ["P903"]


def test_a_folder_without_book_toml(tmp_path: Path) -> None:
    manuscript, found = load(tmp_path)
    assert manuscript is None
    assert [d.code for d in found] == ["P901"]


def test_a_huge_book_toml_is_not_even_read(tmp_path: Path) -> None:
    manuscript, found = load(make(tmp_path, BOOK + "#" * (1 << 18)))
    assert manuscript is None
    assert [d.code for d in found] == ["P904"]


@pytest.mark.parametrize("value", ["urn:x:\\u0001y", "urn:x:\\ny", f"urn:x:{'y' * 1000}", ""])
def test_an_identifier_that_no_output_could_hold(tmp_path: Path, value: str) -> None:
    book = "".join(line for line in BOOK.splitlines(keepends=True) if not line.startswith("identifier"))
    found = [d for d in mistakes(make(tmp_path, f'{book}identifier = "{value}"\n')) if d.severity is Severity.ERROR]
    assert [d.code for d in found] == ["P914"]


def test_the_name_of_the_cover_is_kept_as_it_is(tmp_path: Path) -> None:
    manuscript, _ = load(make(tmp_path, f"{BOOK}cover = 'a  b .png'\n"))
    assert manuscript
    assert manuscript.title.cover == "a  b .png"


@pytest.mark.parametrize("epoch", ["4354819200", "9" * 13, "9" * 5000, "-1", "1.5", " 5", "tomorrow", "\u0663"])
def test_an_epoch_that_no_output_could_be_dated_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    manuscript, found = load(make(tmp_path, BOOK))
    assert [d.code for d in found if d.severity is Severity.ERROR] == ["P937"]
    assert manuscript
    assert moment(manuscript.title) == datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(("epoch", "year"), [("0", 1970), ("315532800", 1980), ("4354819199", 2107), ("", 2026)])
def test_an_epoch_that_outputs_can_be_dated_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str, year: int
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    manuscript, found = load(make(tmp_path, BOOK))
    assert [d for d in found if d.severity is Severity.ERROR] == []
    assert manuscript
    assert moment(manuscript.title).year == year
