"""What is set for what is typed, language by language, and what is said of what one would have to guess."""

from __future__ import annotations

import notation
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil.dialect import parse, typography
from postil.dialect.typography import Doubt, Substitution, typeset
from postil.source import Source

LANGUAGES = ("en", "fr", "fr-CA", "de", "de-CH", "pl", "es", "ru", "it", "nl", "sv", "he", "ar", "zh", "ja", "tlh")


def typed(text: str, language: str = "en") -> str:
    chapter, _ = parse(Source("a.md", text), {}, typography(language))
    (line,) = notation.nodes(chapter.body).splitlines()
    return line.removeprefix("p[").removesuffix("]")


def said(text: str, language: str = "en") -> list[tuple[str, str]]:
    """The codes of what is said of a text, each with the words that it is about."""
    _, found = parse(Source("a.md", text), {}, typography(language))
    assert all(diagnostic.hint for diagnostic in found)
    return [(d.code, text[d.position.column - 1 :]) for d in found if d.position]


# Chicago 18, 6.125: an apostrophe stands for letters or figures that are left out.
@pytest.mark.parametrize(
    ("text", "set_"),
    [
        ("The class of '09, the '05 election.", "The class of ’09, the ’05 election."),
        ("the winter of '68--'69", "the winter of ’68–’69"),
        ("'90s music, (the '20s), '60s.", "’90s music, (the ’20s), ’60s."),
        ("rock 'n' roll, Rock 'N' Roll, rock'n'roll", "rock ’n’ roll, Rock ’N’ Roll, rock’n’roll"),
        ("fish 'n chips", "fish ’n chips"),
        ("Get 'em, 'tis late, wait 'til ten.", "Get ’em, ’tis late, wait ’til ten."),
        ("Then 'cause and 'round.", "Then ’cause and ’round."),
        ("Well, 'ello, said he.", "Well, ’ello, said he."),
        ("the dogs' bowl, James's, don't", "the dogs’ bowl, James’s, don’t"),
        ('"\'Tis late," he said.', "“’Tis late,” he said."),
        ("He said 'rock 'n' roll' twice.", "He said ‘rock ’n’ roll’ twice."),
        ("'The '70s' and 'Give it to 'em'", "‘The ’70s’ and ‘Give it to ’em’"),
        ("\"So,\" 'n' so on, and 'em' is a word", "“So,” ’n’ so on, and ‘em’ is a word"),
        ("Press 'n' to quit", "Press ‘n’ to quit"),
        ("the letter 'n' is", "the letter ‘n’ is"),
        ("*rock* 'n' *roll*", "em[rock] ’n’ em[roll]"),
    ],
)
def test_an_apostrophe_stands_for_what_is_left_out(text: str, set_: str) -> None:
    assert typed(text) == set_
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "set_"),
    [
        ("the '60 Winters' are", "the ’60 Winters’ are"),
        ("'round the corner' he said", "‘round the corner’ he said"),
        ("the '15 men' are", "the ‘15 men’ are"),
        ("of '09 and the dogs' bowl", "of ’09 and the dogs’ bowl"),
    ],
)
def test_where_it_may_open_a_quotation_that_is_said(text: str, set_: str) -> None:
    assert typed(text) == set_
    assert said(text) == [("P604", text[text.index("'") :])]


@pytest.mark.parametrize(
    ("text", "set_"),
    [
        ("'a' b 'c' d", "‘a’ b ‘c’ d"),
        ("A 'quoted' word, 'and another.'", "A ‘quoted’ word, ‘and another.’"),
        ("'It goes on in the next paragraph.", "‘It goes on in the next paragraph."),
        ("He said \"'a' b\".", "He said “‘a’ b”."),
    ],
)
def test_quotations_stay_quotations(text: str, set_: str) -> None:
    assert typed(text) == set_


# Chicago 18, 10.69 and 6.8: primes for feet and inches, minutes and seconds.
@pytest.mark.parametrize(
    ("text", "set_"),
    [
        ("He is 6'2\" tall.", "He is 6′2″ tall."),
        ("6' 2\" and 5'10", "6′ 2″ and 5′10"),
        ('a 12" record, 7", 5½"', "a 12″ record, 7″, 5½″"),
        ("40°26'46\" N", "40°26′46″ N"),
        ('"He is 6\'2" tall."', "“He is 6′2″ tall.”"),
        ('"a 12" record"', "“a 12″ record”"),
        ('"in 1990" and "in 1991"', "“in 1990” and “in 1991”"),
        ('"1990"', "“1990”"),
        ("'in 1990' and", "‘in 1990’ and"),
        ("the 1990's, a 747's", "the 1990’s, a 747’s"),
        ("10'000 Franken", "10’000 Franken"),
    ],
)
def test_signs_behind_figures_are_primes_unless_they_close(text: str, set_: str) -> None:
    assert typed(text) == set_


@pytest.mark.parametrize(
    ("language", "set_"),
    [
        ("en", "“He ‘quotes’ it,” she says"),
        ("de", "„He ‚quotes‘ it,“ she says"),
        ("de-CH", "«He ‹quotes› it,» she says"),
        ("pl", "„He «quotes» it,” she says"),
        ("es", "«He “quotes” it,» she says"),
        ("ru", "«He „quotes“ it,» she says"),
        ("sv", "”He ’quotes’ it,” she says"),
        ("hu", "„He »quotes« it,” she says"),
        ("fr", "«\u00a0He “quotes” it,\u00a0» she says"),
        ("fr-CH", "«\u202fHe ‹\u202fquotes\u202f› it,\u202f» she says"),
        ("tlh", "“He ‘quotes’ it,” she says"),
    ],
)
def test_quotations_in_quotations_have_the_marks_of_the_language(language: str, set_: str) -> None:
    assert typed("\"He 'quotes' it,\" she says", language) == set_


@pytest.mark.parametrize(
    ("language", "text", "set_"),
    [
        ("zh", '他说"你好"，又说"他说\'好\'吧"。', "他说“你好”，又说“他说‘好’吧”。"),
        ("zh-TW", '他說："你好。"', "他說：「你好。」"),
        ("ja", '彼は"いい"と', "彼は「いい」と"),
        ("zh", '他说"OK"吧', "他说“OK”吧"),
        ("th", 'เขาว่า"ดี"ครับ', "เขาว่า“ดี”ครับ"),
        ("he", 'צה"ל ב"הארץ" ג\'ורג\' מנכ"לית', "צה״ל ב”הארץ” ג׳ורג׳ מנכ״לית"),
        ("nl", "'s avonds in 't huis", "’s avonds in ’t huis"),
        ("it", "nel '68, un po' di", "nel ’68, un po’ di"),
        ("de", "Wie geht's? 's ist so.", "Wie geht’s? ’s ist so."),
    ],
)
def test_marks_turn_where_there_are_no_spaces_or_other_apostrophes(language: str, text: str, set_: str) -> None:
    assert typed(text, language) == set_


# Lexique des règles typographiques en usage à l'Imprimerie nationale: ponctuation.
@pytest.mark.parametrize(
    ("language", "text", "set_"),
    [
        ("fr", "Quoi ? Oui ; non ! Voici : un.", "Quoi\u202f? Oui\u202f; non\u202f! Voici\u00a0: un."),
        ("fr", "Quoi? Oui; non! Voici: un.", "Quoi\u202f? Oui\u202f; non\u202f! Voici\u00a0: un."),
        ("fr", "« Quoi ? » «Oui»", "«\u00a0Quoi\u202f?\u00a0» «\u00a0Oui\u00a0»"),
        ("fr", '"Quoi?" dit-il', "«\u00a0Quoi\u202f?\u00a0» dit-il"),
        ("fr", "Quoi ?! (Oui !) *Non* !", "Quoi\u202f?! (Oui\u202f!) em[Non]\u202f!"),
        ("fr", "à 12:30, 3:2, (?), a:b", "à 12:30, 3:2, (?), a:b"),
        ("fr", "Quoi\u00a0? `a !` b", "Quoi\u00a0? code[a !] b"),
        ("fr", "Ah... !", "Ah…\u202f!"),
        (
            "fr",
            "[un](https://x.org/a?b) : a/ ;",
            "a{href=https://x.org/a?b}[un]\u00a0: a/\u202f;",
        ),
        ("fr-CH", "Voici : un", "Voici\u202f: un"),
        ("fr-CA", "Quoi? Voici : «un»", "Quoi? Voici\u00a0: «\u00a0un\u00a0»"),
        ("it", "Cosa? «Sì»; ecco: uno!", "Cosa? «Sì»; ecco: uno!"),
        ("ru", "Что? «Да»; вот: раз!", "Что? «Да»; вот: раз!"),
        ("en", "What? Yes; no: one!", "What? Yes; no: one!"),
    ],
)
def test_spaces_before_punctuation_are_those_of_the_language(language: str, text: str, set_: str) -> None:
    assert typed(text, language) == set_
    assert said(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "places"),
    [
        ("it", "Cosa ? Sì", ["? Sì"]),
        ("ru", "Что ? « Да »", ["? « Да »", "« Да »", "»"]),
        ("en", "Why ! A : b", ["! A : b", ": b"]),
        ("fr-CA", "Quoi ?", ["?"]),
    ],
)
def test_a_space_that_the_language_has_not_is_said(language: str, text: str, places: list[str]) -> None:
    assert said(text, language) == [("P606", place) for place in places]
    assert typed(text, language) == text


def test_a_space_as_a_sign_has_its_place() -> None:
    text = "*Quoi* ?"
    chapter, _ = parse(Source("a.md", text), {}, typography("fr"))
    from postil.document import Element, Text, walk

    runs = [node.runs for node in walk(chapter.body) if isinstance(node, Text)]
    assert runs == [((0, 1),), ((0, 6),)]
    assert not any(isinstance(node, Element) and node.tag == "br" for node in walk(chapter.body))


@pytest.mark.parametrize(
    ("language", "text", "set_"),
    [
        ("en", "a -- b, c--d, e---f, 1990--95", "a – b, c–d, e—f, 1990–95"),
        ("de", "a -- b", "a – b"),
        ("ru", "Москва -- столица, 1990--95", "Москва\u00a0— столица, 1990–95"),
        ("ru", "Москва — столица", "Москва\u00a0— столица"),
        ("es", "--Hola --dijo-- amigo", "—Hola —dijo— amigo"),
        ("pt", "Rio--São Paulo", "Rio–São Paulo"),
        ("zh", "他--我 a---b 1990--95", "他——我 a—b 1990–95"),
        ("en", "so... and . . . on ....", "so… and .\u00a0.\u00a0. on ...."),
        ("zh", "好...好......", "好……好……"),
    ],
)
def test_dashes_and_ellipses_are_those_of_the_language(language: str, text: str, set_: str) -> None:
    assert typed(text, language) == set_


# Chicago 18, 6.83: an en dash joins the ends of a range.
@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("In 1990-95 and on 12-14.", ["1990-95", "12-14"]),
        ("pages xii-xv, and (3-7)", ["xii-xv", "3-7"]),
        ("*1990-95*", ["1990-95"]),
        ("a score of 3-2, 2026-11-23, ISBN 978-0-14-044913-6", []),
        ("COVID-19, F-16, SIGAR-21-46-LL, 1990--95, 1990–95", []),
        ("24\\-7, `12-14`, <https://x.org/12-14>, 1.12-1.14", []),
        ("a I-V curve, mid-life, ill-mix, x-ray", []),
    ],
)
def test_a_range_with_a_hyphen_is_said(text: str, ranges: list[str]) -> None:
    assert [(code, words[: len(each)]) for (code, words), each in zip(said(text), ranges, strict=True)] == [
        ("P602", each) for each in ranges
    ]


@pytest.mark.parametrize(
    ("text", "count"), [("War - and peace", 1), ("5 - 3 is 2", 0), ("War \\- and", 0), ("- item", 0), ("well-known", 0)]
)
def test_a_hyphen_for_a_dash_is_said(text: str, count: int) -> None:
    assert [code for code, _ in said(text)] == ["P603"] * count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("for Hit-\nler's office, well-\nknown", 2),
        ("> so-\n> ber *Reichs-\nfeld* marschall", 2),
        ("Haupt-\nund Nebensatz, short-\nand long-term", 0),
        ("War -\nand peace, 19-\n20, a --\nb, one\\-\ntwo, `a-\nb`, pre-\n\nwar", 0),
    ],
)
def test_a_word_divided_at_the_end_of_a_line_is_said(text: str, count: int) -> None:
    assert [code for code, _ in said(text)] == ["P607"] * count


def test_a_quotation_mark_between_spaces_turns_by_turns_and_is_said() -> None:
    assert typed('He said " yes " and') == "He said “ yes ” and"
    assert [code for code, _ in said('He said " yes " and')] == ["P604", "P604"]


def test_cells_are_no_words_beside_each_other() -> None:
    assert said("| a | - | b |\n|---|---|---|\n| c | - | 12 |\n|3|-|5|\n") == []


def test_what_a_mark_says_is_read_where_it_is_not_code() -> None:
    assert said("    1990-95 and 'so\n") == []


@given(st.text("ab1 9\"'-.;:!?«»nsN\n()é說。א", max_size=30), st.sampled_from(LANGUAGES))
def test_what_is_set_follows_from_left_to_right_and_stands_in_the_text(text: str, language: str) -> None:
    at = 0
    for found in typeset(text, typography(language)):
        assert 0 <= found.start <= found.end <= len(text)
        if isinstance(found, Substitution):
            assert found.start >= at
            at = found.end
        else:
            assert isinstance(found, Doubt)


@given(st.text("ab1 9\"'-.;:!?«»nsN\n()é說。א", max_size=30), st.sampled_from(LANGUAGES))
def test_nothing_but_signs_and_spaces_changes(text: str, language: str) -> None:
    letters = [sign for sign in text if sign.isalnum()]
    made, at = [], 0
    for found in typeset(text, typography(language)):
        if isinstance(found, Substitution):
            made.append(text[at : found.start] + found.text)
            at = found.end
    assert [sign for sign in "".join(made) + text[at:] if sign.isalnum()] == letters


@pytest.mark.parametrize(
    ("language", "text", "set_"),
    [
        ("en", 'He said [Quoi ? "Oui"]{lang=fr}!', "He said span{lang=fr}[Quoi\u202f? “Oui”]!"),
        ("en", '<span lang=fr>« Oui »</span> "no"', "span{lang=fr}[«\u00a0Oui\u00a0»] “no”"),
        ("fr", 'Il dit [Why? "\'tis"]{lang=en} !', "Il dit span{lang=en}[Why? «\u00a0’tis\u00a0»]\u202f!"),
        ("fr", "[a [Why: so]{lang=en} ?]{lang=fr}", "span{lang=fr}[a span{lang=en}[Why: so]\u202f?]"),
    ],
)
def test_a_passage_in_another_language_has_its_spaces_and_the_books_marks(language: str, text: str, set_: str) -> None:
    assert typed(text, language) == set_
    assert said(text, language) == []


def test_blocks_in_another_language_are_set_as_it_has_it() -> None:
    text = '::: {lang=fr}\n"Quoi ?"\n:::\n\n"What?"\n'
    chapter, found = parse(Source("a.md", text), {}, typography("en"))
    assert notation.nodes(chapter.body) == "div{lang=fr}[p[«\u00a0Quoi\u202f?\u00a0»]]p[“What?”]"
    assert found == ()
