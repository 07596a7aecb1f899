"""What Postil itself sets, in the language of the title."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from postil.build import Order, Stages, compose
from postil.document import Book, plain
from postil.source import Diagnostic
from postil.words import ENGLISH, known, languages, moment, quotes, signals, words, written_out
from postil.words.locales import locales
from postil.writing import Folder
from postil.xhtml import printed, reflowed, written

PLACE = re.compile(r"\{\w*\}")
DAY = date(2026, 11, 23)
TYPEWRITER = re.compile(r"[\"']|\.\.\.|--")


def title(folder: Path, settings: str, text: str = "# One\n\nA.\n") -> tuple[Book, tuple[Diagnostic, ...]]:
    (folder / "book.toml").write_text(f'title = "T"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n{settings}\n', "utf-8")
    (folder / "01.md").write_text(text, "utf-8")
    book, found = compose(folder, Order("annotated", (), Folder(folder / "build")), Stages())
    assert book is not None
    return book, tuple(found)


# --- the files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", languages())
def test_a_language_has_every_word_and_no_other(language: str) -> None:
    import postil.words as room

    own = {key for locale in locales(language) for key in room._table(locale)} - {"quotes"}
    assert own == {*ENGLISH, "signals"}


@pytest.mark.parametrize("language", languages())
def test_what_is_filled_in_has_its_place_in_every_language(language: str) -> None:
    for key, word in words(language).items():
        assert sorted(PLACE.findall(word)) == sorted(PLACE.findall(ENGLISH[key])), key


@pytest.mark.parametrize("language", languages())
def test_no_word_is_typed_as_on_a_typewriter(language: str) -> None:
    assert [word for word in words(language).values() if TYPEWRITER.search(word)] == []


@pytest.mark.parametrize("language", languages())
def test_what_is_said_before_a_citation_is_words(language: str) -> None:
    assert all(signal and signal == signal.strip() for signal in signals(language))


def test_the_languages_most_printed_have_words() -> None:
    most = """ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt nl no pl pt ro ru sk sl sr sv th tr
    uk ur vi zh""".split()  # noqa: SIM905 -- a list of words reads best as words
    assert [language for language in most if not known(language)] == []


# --- which language is which -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "looked_into"),
    [
        ("de", ("de",)),
        ("de-AT-1996", ("de-AT-1996", "de-AT", "de")),
        ("zh-TW", ("zh-Hant-TW", "zh-Hant", "zh")),  # likely subtags of CLDR: Taiwan writes the traditional characters
        ("zh-hant-hk", ("zh-Hant-HK", "zh-Hant", "zh")),
        ("zh-CN", ("zh-CN", "zh")),
        ("nb-NO", ("no-NO", "no")),
        ("iw", ("he",)),
        ("sr-Latn-RS", ("sr-Latn-RS", "sr-Latn", "sr")),
        ("en-u-ca-gregory", ("en",)),  # RFC 4647, 3.4: extensions are left out
        ("x-none", ("x-NONE", "x")),
    ],
)
def test_a_tag_goes_back_to_its_language(tag: str, looked_into: tuple[str, ...]) -> None:
    expected = looked_into if not tag.startswith("x-") else ()
    assert locales(tag) == expected


@pytest.mark.parametrize(
    ("tag", "contents"),
    [
        ("ru", "Оглавление"),
        ("zh", "目录"),
        ("zh-TW", "目錄"),
        ("ar-EG", "المحتويات"),
        ("pt-BR", "Sumário"),
        ("pt-PT", "Índice"),
        ("sr-Latn", "Sadržaj"),
        ("de-CH", "Inhalt"),
        ("cy", "Contents"),
    ],
)
def test_a_book_has_contents_in_its_language(tag: str, contents: str) -> None:
    assert words(tag)["contents"] == contents


# --- marks of quotation, dates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "marks"),
    [
        ("en-GB", "“ ” ‘ ’"),
        ("de", "„ “ ‚ ‘"),  # Duden
        ("de-CH", "« » ‹ ›"),  # Bundeskanzlei, Schreibweisungen
        ("pl", "„ ” « »"),  # Zasady pisowni i interpunkcji, 98
        ("es", "« » “ ”"),  # RAE, Ortografía 3.4.8
        ("ru", "« » „ “"),  # Мильчин
        ("it", "« » “ ”"),  # CLDR, as those below
        ("sv", "” ” ’ ’"),
        ("ja", "「 」 『 』"),
        ("zh-TW", "「 」 『 』"),
        ("fa", "« » ‹ ›"),
        ("cy", "“ ” ‘ ’"),
        ("tlh", "“ ” ‘ ’"),  # which nobody has said anything of
    ],
)
def test_a_language_has_its_marks_of_quotation(tag: str, marks: str) -> None:
    assert list(quotes(tag)) == marks.split()


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("en", "23 November 2026"),
        ("en-GB", "23 November 2026"),
        ("en-US", "November 23, 2026"),
        ("de", "23. November 2026"),
        ("fr", "23 novembre 2026"),
        ("es", "23 de noviembre de 2026"),
        ("ca", "23 de novembre del 2026"),
        ("pl", "23 listopada 2026"),
        ("ru", "23 ноября 2026\u202fг."),
        ("hu", "2026. november 23."),
        ("he", "23 בנובמבר 2026"),
        ("zh", "2026年11月23日"),
        ("ko", "2026년 11월 23일"),
        ("tlh", "2026-11-23"),
    ],
)
def test_a_date_is_written_out(tag: str, written: str) -> None:
    assert written_out(DAY, tag) == written


def test_the_first_of_a_month_is_an_ordinal_where_it_is_one() -> None:
    dates = [written_out(date(2026, 5, 1), tag) for tag in ("fr", "fr-CA", "it", "pt-BR", "pt-PT", "de")]
    assert dates == [
        "1er mai 2026",
        "1er mai 2026",
        "1º maggio 2026",
        "1º de maio de 2026",
        "1 de maio de 2026",
        "1. Mai 2026",
    ]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("2026-11-23", "23 November 2026"),
        ("2026-11-23T10:15", "23 November 2026, 10:15"),
        ("2026-11-23T10:15:30Z", "23 November 2026, 10:15 UTC"),
        ("2026-11-23T10:15:30.5+05:00", "23 November 2026, 10:15 +05:00"),
        ("yesterday", "yesterday"),
    ],
)
def test_a_moment_is_a_date_with_its_time(typed: str, written: str) -> None:
    assert moment(typed, "en") == written


# --- in a book ---------------------------------------------------------------------------------------------------

FIGURED = "# 一\n\n| 甲 |\n|----|\n| 乙 |\n\nTable: 人 {#tbl-x}\n\n[](#tbl-x) [](#tbl-x){.page}\n"


def test_a_number_stands_where_the_language_has_it(tmp_path: Path) -> None:
    book, _ = title(tmp_path, 'language = "zh"', FIGURED)
    body = plain(book.sections[0].body)
    assert "表1 人" in body
    text = "".join(written([part.section]) for part in printed(book))
    assert re.search(r"第<a[^>]*>000</a>页", text)


@pytest.mark.parametrize(("tag", "day"), [("en-GB", "23 November 2026"), ("ru", "23 ноября 2026\u202fг.")])
def test_the_copyright_page_has_the_day_written_out(tag: str, day: str, tmp_path: Path) -> None:
    book, _ = title(tmp_path, f'language = "{tag}"')
    for parts in (printed(book), reflowed(book)):
        text = "".join(written([part.section]) for part in parts)
        assert f"<p>{day}</p>" in text
        assert "2026-11-23" not in text


def test_words_that_stay_english_are_said_with_how_to_set_them(tmp_path: Path) -> None:
    _, found = title(tmp_path, 'language = "cy"')
    (said,) = (diagnostic for diagnostic in found if diagnostic.code == "P601")
    assert said.position is not None
    assert (said.position.path, said.position.line) == ("book.toml", 4)
    assert "'contents'" in said.message
    assert said.hint is not None
    assert "[words]" in said.hint


def test_a_title_says_words_and_marks_of_its_own(tmp_path: Path) -> None:
    own = 'language = "cy"\n[words]\ncontents = "Cynnwys"\ntable = "tabl {number}"\nquotes = ["<", ">", "(", ")"]'
    book, found = title(tmp_path, own, "# Un\n\n\"a 'b'\"\n\n| a |\n|---|\n| b |\n\nTable: C {#tbl-x}\n\n[](#tbl-x)\n")
    assert book.words["contents"] == "Cynnwys"
    assert "<a (b)>" in plain(book.sections[0].body)
    assert plain(book.sections[0].body).endswith("tabl 1")
    (said,) = (diagnostic for diagnostic in found if diagnostic.code == "P601")
    assert "'contents'" not in said.message


def test_a_language_whose_words_are_all_set_is_no_matter(tmp_path: Path) -> None:
    rows = "\n".join(f'{key} = "{word}"' for key, word in ENGLISH.items())
    _, found = title(tmp_path, f'language = "cy"\n[words]\n{rows}')
    assert "P601" not in [diagnostic.code for diagnostic in found]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ('figure = "ffigur"', "P914"),
        ('figure = "ffigur {page}"', "P914"),
        ('figure = "ffigur {number} {number}"', "P914"),
        ('contents = "{number}"', "P914"),
        ('contents = "{"', "P914"),
        ('contents = ""', "P914"),
        ('contants = "Cynnwys"', "P911"),
        ("contents = 3", "P913"),
        ('quotes = ["<", ">"]', "P914"),
        ('quotes = ["<", ">", "", ""]', "P914"),
    ],
)
def test_a_word_that_cannot_be_filled_in_is_a_mistake_at_its_place(row: str, code: str, tmp_path: Path) -> None:
    _, found = title(tmp_path, f'language = "en"\n[words]\n{row}')
    assert [(d.code, d.position and d.position.line) for d in found] == [(code, 6)]


WHOLE = """# {word}

{word}[^1] {{=={word}==}}[^a] {word}[^q] {{++{word}++}}[^c].

| {word} |
|--------|
| {word} |

Table: {word} {{#tbl-x}}

[](#tbl-x) [](#tbl-x){{.page}}

[^1]: {word}.
[^a]: {{.gloss}} {long}
[^q]: {{.query by="{word}" at=2026-11-23 to={word}}} {word}
[^c]: {{.comment status=accepted closed-by="{word}" closed-at=2026-11-23}} {word}
"""


@pytest.mark.parametrize("edition", ["annotated", "proof"])
@pytest.mark.parametrize(("language", "word"), [("ru", "слово"), ("zh", "词"), ("ar", "كلمة"), ("ja", "語")])
def test_no_english_is_left_in_a_book(language: str, word: str, edition: str, tmp_path: Path) -> None:
    text = WHOLE.format(word=word, long=" ".join([word] * 300))
    settings = f"""title = "{word}"
language = "{language}"
date = 2026-11-23
identifier = "urn:x:y"
publisher = "{word}"
[[contributor]]
name = "{word}"
role = "edt"
[notes]
place = "end"
"""
    (tmp_path / "book.toml").write_text(settings, "utf-8")
    (tmp_path / "01.md").write_text(text, "utf-8")
    book, _ = compose(tmp_path, Order(edition, (), Folder(tmp_path / "build")), Stages())
    assert book is not None
    for parts in (printed(book), reflowed(book)):
        markup = "".join(written([part.section]) for part in parts)
        seen = " ".join([*re.findall(r'(?:aria-label|alt|title)="([^"]*)"', markup), re.sub("<[^>]*>", " ", markup)])
        assert set(re.findall("[A-Za-z]{2,}", seen)) == set()
    own = PLACE.sub(" ", " ".join((book.stamp.rpartition("·")[0], *book.words.values())))
    assert re.findall("[A-Za-z]{2,}", own) == []


def test_what_book_toml_says_is_set_like_the_text(tmp_path: Path) -> None:
    own = """language = "fr"
subtitle = "L'an 1 : 'oui'"
rights = "Voir : https://x.org/a--b'c"
[[contributor]]
name = "E. O'Neil"
[bibliography]
[[bibliography.section]]
title = "Sources d'archives"
"""
    book, _ = title(tmp_path, own)
    assert book.title.rights == "Voir\u00a0: https://x.org/a--b'c"
    assert book.title.subtitle == "L’an 1\u00a0: “oui”"
    assert [person.name for person in book.title.contributors] == ["E. O’Neil"]
    assert [group.title for group in book.title.bibliography.groups] == ["Sources d’archives"]
