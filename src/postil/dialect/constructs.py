"""Every construct of the dialect in words: how a manuscript has it, and what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Construct:
    """How something is `written`, whole enough to be read as it stands, and what it is.

    What it `makes` is the tag of an element in the tree, or the name of another kind of node.
    """

    written: str
    meaning: str
    makes: str


CONSTRUCTS: Final[Mapping[str, tuple[Construct, ...]]] = {
    "Blocks": (
        Construct(
            "# Title\n\n## Section {#sec-war}",
            "Headings. A chapter begins with its title; no level is skipped. An id can be given; else it is made from "
            "the words. A class on the title says what the chapter is; {.unlisted} keeps one out of the contents.",
            "h2",
        ),
        Construct(
            "---\ntitle: Beginnings\nid: beginnings\nrole: preface\n---\n\nText.",
            "What a file says of its chapter: the heading where there is no other, its id and its role.",
            "h1",
        ),
        Construct("One paragraph.\n\nAnother one.", "Paragraphs, with a blank line between them.", "p"),
        Construct(
            "- one\n- two\n  - three", "A list with bullets; also with * or +. Lists nest by their indents.", "ul"
        ),
        Construct(
            "3. one\n4. two",
            "A numbered list, which begins with its first number; also with 1), a., a), (a), i., I. and so on.",
            "ol",
        ),
        Construct(
            "(@) One example.\n(@good) Another.\n\nAs (@good) shows.",
            "Examples, which are counted through the whole book. In a sentence the label of one is its number, and "
            "leads to it; a label that no example has is the key of a work.",
            "ol",
        ),
        Construct("- [ ] to do\n- [x] done", "Tasks, each with a box before it.", "li"),
        Construct("Term\n:   What it means.", "A list of definitions.", "dl"),
        Construct("> Words of somebody else.", "A quotation.", "blockquote"),
        Construct("One.\n\n* * *\n\nTwo.", "A break between paragraphs.", "hr"),
        Construct("One.\n\n\\newpage\n\nTwo.", "The end of a page.", "hr"),
        Construct(
            "```python\nx = 1\n```",
            "Code, literally; the name of its language may be left out. Also between lines of ~~~, or indented by four "
            "spaces.",
            "pre",
        ),
        Construct(
            "::: {.epigraph}\nAll is well.\n:::",
            "A container of blocks, of one of the classes below. Containers can stand in one another.",
            "div",
        ),
        Construct(
            "> [!WARNING] Mind the gap\n> It is wide.",
            "A box with a title, or else the name of its kind: note, tip, important, warning, caution. Also as "
            '`!!! warning "Title"` with lines below it that are indented by four spaces. A container, `::: warning`, '
            "shows no name.",
            "div",
        ),
        Construct(
            '::: {.theorem #thm:euclid name="Euclid"}\nThere is no last prime.\n:::',
            "A theorem, with a label and a number; its name may also be a heading within it. A class, or the beginning "
            "of an id (thm, lem …), says what it is: see below. A fence, ```{theorem, euclid}, is one, too.",
            "div",
        ),
        Construct(
            "| All is\n|    well.",
            "Verse, line by line, with its indents; a container `::: {.verse}` is the same.",
            "div",
        ),
        Construct("<!-- not for the book -->\n\nA <!-- nor this --> word.", "A remark that no output has.", "p"),
    ),
    "Words": (
        Construct("*emphasis* or _emphasis_", "Emphasis, in italics.", "em"),
        Construct("**weight** or __weight__", "Strong emphasis, in bold.", "strong"),
        Construct("x^2^, H~2~O", "What stands above the line, or below it.", "sup"),
        Construct("~~struck~~", "Words with a line through them. A deletion of an editor's is `{--words--}`.", "s"),
        Construct("`code`", "Code in a sentence, literally.", "code"),
        Construct("[a word]{lang=ur}", "Words with attributes: a language, a class, an id.", "span"),
        Construct("*a word*{.smallcaps}", "An attribute list right behind an element belongs to it.", "em"),
        Construct(
            "The SCO met.\n\n*[SCO]: Shanghai Cooperation Organisation",
            "What an abbreviation stands for, said once in the chapter.",
            "abbr",
        ),
        Construct(
            '[SCO]{.index entry="Shanghai Cooperation Organisation"}',
            "Words for an index. No index is set yet.",
            "IndexTerm",
        ),
        Construct("one\\\ntwo", "A backslash at the end of a line ends it; so do two spaces.", "br"),
        Construct(
            "\\*not emphasis\\*, p.\\ 3",
            "A backslash before a sign makes it text; before a space, one at which no line ends.",
            "Text",
        ),
        Construct("&mdash; &#8212; &amp;", "A character by the name or number that it has in HTML.", "Text"),
        Construct(
            "\"Words 'in' words\" -- and --- so...",
            "Quotation marks of the book's language, dashes and an ellipsis, for those of a typewriter.",
            "Text",
        ),
        Construct(
            "rock 'n' roll in '09, 6'2\", pages 12--14",
            "Apostrophes for what is left out, primes behind figures, the dash of a range. Spaces before punctuation "
            "are those of the book's language.",
            "Text",
        ),
        Construct("H<sub>2</sub>O", "Raw HTML in a sentence: the elements below.", "sub"),
        Construct(
            "<table>\n<tr><th>Year</th><td>1947</td></tr>\n</table>",
            "Raw HTML on lines of its own, with HTML alone in it: the elements below.",
            "td",
        ),
    ),
    "Changes": (
        Construct("{++new++}", "An insertion.", "Change"),
        Construct("{--old--}", "A deletion.", "Change"),
        Construct("{--old--}{++new++}", "A substitution.", "Change"),
        Construct("{~~old~>new~~}", "The same.", "Change"),
        Construct(
            "{++new++}[^c]\n\n[^c]: {.comment status=accepted} Yes.",
            "The decision on a change: an annotation on it with a status.",
            "Change",
        ),
    ),
    "Notes and annotations": (
        Construct(
            "A sentence.[^1]\n\n[^1]: Where it comes from.",
            "A footnote of the author's. Its text goes on in lines that are indented by four spaces.",
            "NoteCall",
        ),
        Construct("A sentence.^[Where it comes from.]", "The same in the line itself.", "NoteCall"),
        Construct(
            'The {==first edition==}[^a].\n\n[^a]: {.gloss by="A. Editor" at=2026-11-23} Two issues.',
            "An annotation on words, its lemma. In braces its kind, and what else is said of it: see below.",
            "Highlight",
        ),
        Construct("A word[^a].\n\n[^a]: {.query} Which one?", "An annotation on a place.", "Point"),
        Construct(
            'A word[^a].\n\n[^a]: {.query} Which?\n\n    - {.reply by="B. Author"} This one.',
            "A reply, below the annotation and indented by four spaces.",
            "Point",
        ),
        Construct("A word {>>is it?<<}", "An editor's comment in the text itself.", "Point"),
        Construct(
            "{==words==}{>>are they?<<}{.query by=AB}",
            "The same on words, with a kind and with who wrote it.",
            "Highlight",
        ),
    ),
    "Citations": (
        Construct("[@coll2004, 23]", "A citation with a locator. The key is that of an entry.", "Citation"),
        Construct(
            "[see @a, chap. 2; @b, {II, a}]", "Several works, words before one, a locator in braces.", "Citation"
        ),
        Construct("[@a, vol. 2, chap. 3, 33-44 and 50]", "A locator with several labels and numbers.", "Citation"),
        Construct("@{o'neil2001}", "A key that has signs in it which would end it.", "Citation"),
        Construct("@doi:10.1000/182", "A work of the bibliography by its DOI.", "Citation"),
        Construct("[-@coll2004, 23]", "Without the author, whom the sentence names.", "Citation"),
        Construct("@coll2004 [23] says so", "The author in the sentence, the rest behind the name.", "Citation"),
        Construct("[@{a.b.}]", "A key with any signs in it stands in braces.", "Citation"),
    ),
    "Links": (
        Construct("[words](https://example.org/)", "A link; also to an id of the title: [words](#sec-war).", "a"),
        Construct("<https://example.org/>", "An address as a link; without the brackets it is one, too.", "a"),
        Construct(
            '[words][site]\n\n[site]: https://example.org/ "Title"', "A link whose address stands elsewhere.", "a"
        ),
        Construct("[words](20-peace.md#sec-end)", "A link to another chapter's file, and an id in it.", "a"),
        Construct(
            "[](#fig-map) [](20-peace.md)",
            "A link that fills itself: 'figure 2', or the words of a heading.",
            "CrossReference",
        ),
        Construct("[](#sec-war){.page}", "The same with the page: 'page 41'.", "CrossReference"),
        Construct(
            "@fig:map, @Tbl-x and @sec:war",
            "The same in fewer signs, of ids that begin with fig, tbl, tab, lst, eq, sec, thm, lem … and a colon or "
            "hyphen; with a capital where it begins a sentence. A work with such a key is cited as @{fig:map}.",
            "CrossReference",
        ),
        Construct(
            "[see @fig:a; @fig:b] [-@fig:a] Figure \\@ref(fig:a)",
            "Several of them, and one by its number alone: the last two are '2' and 'Figure 2'.",
            "CrossReference",
        ),
    ),
    "Maths": (
        Construct(
            "So $x^2$ is more than \\$5.",
            "Maths in the sentence, in TeX. No space stands inside of the dollar signs and no digit behind them; "
            "a dollar that is meant as one has a backslash.",
            "Formula",
        ),
        Construct(
            "$$\n\\int_0^1 x\\,dx = \\frac{1}{2}\n$$ {#eq:half}",
            "Maths that is set off. With an id it has a number, to which [](#eq:half) leads: 'equation 1'.",
            "Formula",
        ),
        Construct(
            "\\begin{align}\na &= b \\label{eq:sum}\n\\end{align}",
            "The same as LaTeX has it: equation, align, gather, multline, eqnarray and flalign, with a label or "
            "bookdown's (\\#eq:sum).",
            "Formula",
        ),
    ),
    "Figures and tables": (
        Construct(
            "![The caption](figures/map.svg){#fig-map}",
            'A figure, alone in its paragraph, with the words in the brackets as its caption; {caption=""} for none. '
            "They are also for those who cannot see it.",
            "figure",
        ),
        Construct(
            '![What it shows](figures/my map.svg "The caption")',
            "The same with other words for those who cannot see it; so is "
            '![The caption](map.svg){alt="What it shows"}.',
            "figure",
        ),
        Construct(
            "![A](a.png){width=50%} ![B](b.png)",
            "Pictures in a paragraph of their own stand side by side, equally tall if no width is given.",
            "figure",
        ),
        Construct(
            "::: {#fig-war}\n![The map](a.png){#fig-a}\n![The ships](b.png)\n\nThe war in 1916.\n:::",
            "A figure with parts (a) and (b), and a caption behind them. A paragraph is a row; {layout-ncol=2} has two "
            "in each, {.figures} has all in one.",
            "figcaption",
        ),
        Construct(
            '```{r map, fig.cap="The caption"}\nknitr::include_graphics("map.png")\n```',
            "A chunk of R that only shows a picture is this picture.",
            "figure",
        ),
        Construct("A ![star](star.png){height=1em} in a line.", "A picture in a sentence.", "img"),
        Construct("| Year | Event |\n|-----:|:------|\n| 1947 | one   |", "A table.", "table"),
        Construct(
            "+-----+-----+\n| a   | b   |\n+=====+=====+\n| - c | d   |\n| - e |     |\n+-----+-----+",
            "A table whose cells hold blocks, or take several columns.",
            "table",
        ),
        Construct(
            "  Year  What\n------  --------\n  1999  a war\n  2002  a summit",
            "A table whose columns are drawn by dashes; how its head stands above them aligns them. Without a head, "
            "dashes end it, too. Where rows take several lines, blank ones part them, and a line of dashes begins and "
            "ends all.",
            "table",
        ),
        Construct(
            "| a | b |\n|---|---|\n| c | d |\n\nTable: Caption {#tbl-x}",
            "A caption, behind its table or before it; a colon alone does, too.",
            "figcaption",
        ),
        Construct(
            '```{#lst-a .python caption="Caption"}\nx = 1\n```',
            "Code with a caption and a number: a listing. A line `: Caption {#lst-a}` or `Listing: Caption {#lst-a}` "
            "below or above it is one, too.",
            "figcaption",
        ),
    ),
}
"""The constructs under headings, in the order of a manuscript that grows."""
