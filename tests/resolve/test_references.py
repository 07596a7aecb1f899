"""Where references and links lead, and what they say there."""

from __future__ import annotations

import re

import pytest
from test_resolve import book, markup_of

from postil.resolve.links import elsewhere
from postil.source import Diagnostic
from postil.xhtml import printed, reflowed

FIGURES = """
![One](1.png){#fig-one}

::: {#fig:two}
![Left](2.png){#fig:left}
![Right](3.png)

Both.
:::

| a | b |
|---|---|
| c | d |
Table: Cells {#tbl-x}

``` {#lst:y caption="Code"}
x
```

![Three](4.png){#fig-three}
"""


def shown(*texts: str) -> tuple[list[str], tuple[Diagnostic, ...]]:
    """The chapters as they read on a screen, with the ids that their links lead to behind the words of these."""
    made, found = book(*texts)
    chapters = (markup_of(part) for part in reflowed(made) if part.role.name == "chapter")
    with_targets = (re.sub(r'<a [^>]*href="#([^"]*)"[^>]*>(.*?)</a>', r"\2→\1", markup) for markup in chapters)
    return [re.sub("<[^>]*>", "", markup) for markup in with_targets], found


def line(*texts: str) -> str:
    """The last line of the first chapter, which nothing is wrong with."""
    chapters, found = shown(*texts)
    assert found == ()
    return chapters[0].strip().rpartition("\n")[2].replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[](#fig-one)", "figure 1→fig-one"),
        ("@fig-three and @Fig-three", "figure 3→fig-three and Figure 3→fig-three"),
        ("@fig:two and [-@fig:two]", "figure 2→fig:two and 2→fig:two"),
        ("@tbl-x, @Lst:y", "table 1→tbl-x, Listing 1→lst:y"),
        ("Figure \\@ref(fig-three)", "Figure 3→fig-three"),
        ("[@fig-one; @fig:two]", "figure 1→fig-one, figure 2→fig:two"),
        # the parts of a figure have letters
        ("@fig:left", "figure 2a→fig:left"),
        # a colon and a hyphen are the same to those who come from pandoc-crossref and from Quarto
        ("@fig:one, @fig-two", "figure 1→fig-one, figure 2→fig:two"),
    ],
)
def test_a_reference_says_the_name_and_the_number(written: str, expected: str) -> None:
    assert line(f"# H\n{FIGURES}\n{written}\n") == expected


def test_captions_begin_with_the_number_and_those_of_parts_with_their_letter() -> None:
    made, found = book(f"# H\n{FIGURES}")
    (chapter,) = (part for part in printed(made) if part.role.name == "chapter")
    captions = re.findall("<figcaption>(.*?)</figcaption>", markup_of(chapter))
    assert [re.sub("<[^>]*>", "", each).replace("\N{NO-BREAK SPACE}", " ") for each in captions] == [
        "Figure 1. One",
        "(a) Left",
        "(b) Right",
        "Figure 2. Both.",
        "Table 1. Cells",
        "Listing 1. Code",
        "Figure 3. Three",
    ]
    assert found == ()


def test_a_section_is_called_by_its_words() -> None:
    assert line("# H {#sec:h}\n\n## the *war* {#sec:war}\n\n@sec:war, @Sec:war") == "the war→sec:war, The war→sec:war"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[x](1.md)", "x→two"),
        ("[x](1.md#there)", "x→there"),
        ("[x](1.html#there)", "x→there"),
        ("[x](./1.md#there)", "x→there"),
        ("[](1.md#there)", "There→there"),
        ("[](1.md)", "Two→two"),
        # bookdown names a chapter's file by its heading's id
        ("[x](two.html)", "x→two"),
        # a heading of the same words is meant where it stands
        ("[x](1.md#notes) and [y](#notes)", "x→notes-3 and y→notes-2"),
        # pandoc, GitHub and mdBook make other ids of a heading's words
        ("[x](#whats-new-in-2026) and [y](1.md#a-b-c)", "x→what-s-new-in-2026 and y→a-b-c"),
        ("[x](#%D0%B2%D0%BE%D0%B9%D0%BD%D0%B0)", "x→война"),
    ],
)
def test_a_link_leads_to_the_chapter_that_it_names(written: str, expected: str) -> None:
    first = f"# One\n\n## Notes\n\n## What’s new in 2026?\n\n## Война\n\n{written}\n"
    assert line(first, "# Two\n\n## There\n\n## Notes\n\n## A.B. c\n") == expected


def test_a_chapter_without_a_title_is_reached_at_its_first_heading() -> None:
    assert line("# One\n\n[x](1.md) and [](1.html)\n", "Words.\n\n## There {#t}\n\n## Then\n") == "x→t and There→t"


@pytest.mark.parametrize(
    ("written", "code", "hint"),
    [
        ("[x](2.md)", "P312", "did you mean '1.md'?"),
        ("[x](elsewhere.html)", "P312", None),
        ("[x](1.md#thre)", "P302", "did you mean '1.md#there'?"),
        ("[](1.md#thre)", "P302", "did you mean '1.md#there'?"),
        ("@fig-map", "P302", "give a heading, figure or table this id with {#fig-map}"),
        ("\\@ref(one)", "P305", None),
        ("@fig-none", "P305", None),
    ],
)
def test_what_leads_nowhere_is_said_where_it_stands(written: str, code: str, hint: str | None) -> None:
    first = f'# One\n\n![A](a.png){{#fig-none caption=""}}\n\nHere {written}.\n'
    _, found = shown(first, "# Two\n\n## There\n")
    assert [(d.code, d.position and (d.position.line, d.position.column)) for d in found] == [(code, (5, 6))]
    assert hint in {None, found[0].hint}


def test_a_key_that_looks_like_a_reference_and_is_a_work_s_can_be_cited() -> None:
    _, found = book("# H\n\n@sec-2010\n", works=("sec-2010",))
    assert [(d.code, d.hint) for d in found] == [("P302", "to cite the work with this key, write '@{sec-2010}'")]


def test_a_link_has_no_other_in_it() -> None:
    source = "# H {#sec-h}\n\n[see @sec-h and <https://b.example>[^1]](https://a.example/)\n\n[^1]: N.\n"
    made, _ = book(source)
    (chapter,) = (part for part in reflowed(made) if part.role.name == "chapter")
    paragraph = markup_of(chapter).partition("</h1>\n")[2]
    assert re.findall("<(/?)a\\b", paragraph) == ["", "/", "", "/"]
    assert re.sub("<[^>]*>", "", paragraph).strip() == "see H and https://b.example1"


@pytest.mark.parametrize(
    ("heading", "pandoc", "github"),
    [
        # the examples of pandoc's manual, "auto_identifiers", and what GitHub makes of them
        ("Heading identifiers in HTML", "heading-identifiers-in-html", "heading-identifiers-in-html"),
        ("Maître d'hôtel", "maître-dhôtel", "maître-dhôtel"),
        ("Dogs?--in my house?", "dogs--in-my-house", "dogs--in-my-house"),
        ("HTML, S5, or RTF?", "html-s5-or-rtf", "html-s5-or-rtf"),
        ("3. Applications", "applications", "3-applications"),
        ("33", "", "33"),
    ],
)
def test_the_ids_that_other_programs_make(heading: str, pandoc: str, github: str) -> None:
    assert list(elsewhere(heading)) == [pandoc, github]


def test_a_heading_that_is_unlisted_is_in_no_contents() -> None:
    made, _ = book("# A\n\n## B {.unlisted}\n\n## C\n")
    (contents,) = (part for part in printed(made) if part.role.name == "toc")
    assert "C" in markup_of(contents)
    assert "B" not in re.sub("<[^>]*>", "", markup_of(contents))
