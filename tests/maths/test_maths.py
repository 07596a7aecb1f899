from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from postil.dialect import parse
from postil.document import Drawing, plain, walk
from postil.maths import Formulas, draw, linear, read
from postil.maths.ink import outline
from postil.programs import pandoc
from postil.source import Diagnostic, Source


def formulas(*texts: str, macros: Sequence[str] = ()) -> tuple[Formulas, tuple[Diagnostic, ...]]:
    """The formulas of chapters, and what is wrong with them; the chapters themselves have no fault."""
    chapters = []
    for number, text in enumerate(texts):
        chapter, found = parse(Source(f"{number}.md", text), {})
        assert not [each for each in found if each.code != "P173"]
        chapters.append(chapter)
    return read(chapters, macros, None)


def said(tex: str) -> str:
    made, found = formulas(f"$${tex}$$")
    assert not found
    return linear(made.mathml[tex, True])


def drawing(tex: str, *, display: bool = False) -> Drawing:
    made, wrong = formulas(f"$${tex}$$" if display else f"${tex}$")
    drawn, more = draw(made, None)
    assert (*wrong, *more) == ()
    return drawn[tex, display]


def places(found: Sequence[Diagnostic]) -> list[str]:
    return [f"{d.position.line}:{d.position.column} {d.code}" for d in found if d.position]


# --- what is wrong -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (r"Is $a + \foo{x}$ so?", "1:9 P170", r"'\foo'"),
        ("$$\na\n+ \\foo{x}\n$$", "3:3 P170", r"'\foo'"),
        (r"Is $\frac{a}{$ so?", "1:13 P170", "too early"),
        (r"Is $a } b$ so?", "1:7 P170", "'}'"),
        (r"Is $\begin{foo}x\end{foo}$ so?", "1:5 P170", "'foo'"),
        (r"Is $\left( a$ so?", "1:5 P170", r"'\left'"),
        (r"Is $\ce{H2O}$ so?", "1:5 P170", r"'\ce'"),
        (r"Is $a & b$ so?", "1:7 P170", "'&'"),
        (r"$$x \tag{1}$$", "1:5 P174", r"'\tag'"),
        (r"$$x \label{eq:a}$$", "1:5 P174", r"'\label'"),
        (r"Is $\color{red} x$ so?", "1:5 P174", r"'\color'"),
        (r"$$\begin{array}{l|c} a & b \\ \hline c & d\end{array}$$", "1:31 P174", r"'\hline'"),
        ("> Is $a\n> \\foo$ so?", "2:3 P170", r"'\foo'"),
        (r"Is $\sqrt\frac12$ so?", "1:10 P170", "braces"),
        (r"Is $\frac\sqrt22$ so?", "1:10 P170", "braces"),
        # `\limsup` is read as something longer: what is behind it is found all the same
        (r"Is $\limsup \foo$ so?", "1:13 P170", r"'\foo'"),
    ],
)
def test_what_cannot_be_set_is_said_at_its_place(text: str, place: str, words: str) -> None:
    _, found = formulas(text)
    assert place in places(found)
    assert any(words in each.message for each in found)
    assert all(each.hint for each in found)


def test_each_mistake_is_found_wherever_its_formula_stands() -> None:
    _, found = formulas(r"$\foo$ and $x$ and $\bar{$", "One.[^n]\n\n[^n]: $\\foo$ again.")
    assert sorted(places(found)) == ["1:2 P170", "1:25 P170", "3:8 P170"]


@pytest.mark.parametrize("tex", ["x" * 10_001, "{" * 33 + "}" * 33, "x" + "^{x" * 9 + "}" * 9], ids=len)
def test_a_formula_has_a_size(tex: str) -> None:
    _, found = formulas(f"$${tex}$$")
    assert [each.code for each in found] == ["P175"]


@pytest.mark.parametrize(
    "tex",
    [r"\sqrt " * 300 + "x", r"\left(" * 200 + "x" + r"\right)" * 200, r"\hat" * 500 + "x", "x" + "_x" * 300],
    ids=["roots", "brackets", "accents", "indices"],
)
def test_a_formula_that_is_too_deep_is_drawn_or_said_and_takes_no_other_with_it(tex: str) -> None:
    made, found = formulas(f"$a$ ${tex}$ $b$")
    assert {("a", False), ("b", False)} <= made.mathml.keys()
    drawn, more = draw(made, None)
    assert {("a", False), ("b", False)} <= drawn.keys()
    assert {each.code for each in (*found, *more)} == ({"P170"} if tex not in {key[0] for key in drawn} else set())


def test_a_formula_at_which_pandoc_fails_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = pandoc._run

    def fail(path: str, arguments: Sequence[str], text: str, *more: Any, **named: Any) -> str:
        if "999" in text:
            raise pandoc.PandocError("it took more than 20 seconds")
        return asked(path, arguments, text, *more, **named)

    monkeypatch.setattr(pandoc, "_run", fail)
    made, found = formulas("$a$ $b$ $999$ $c$ $d$")
    assert [key[0] for key in made.mathml] == ["a", "b", "c", "d"]
    assert places(found) == ["1:10 P170"]


def test_a_character_that_the_face_lacks_is_said() -> None:
    made, found = formulas("Is $x + \\text{日本}$ so?")
    drawn, more = draw(made, None)
    assert not found
    assert places(more) == ["1:4 P704"]
    assert "日本" in more[0].message
    assert len(drawn) == 1


def test_lines_outside_of_an_environment_are_said_to_need_one() -> None:
    _, found = formulas(r"$$a \\ b$$")
    assert places(found) == ["1:5 P170"]
    assert "gathered" in (found[0].hint or "")


# --- commands of the title's own -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("macro", "tex", "words"),
    [
        (r"\newcommand{\R}{\mathbb{R}}", r"x \in \R", "x in R"),
        (r"\newcommand\R{\mathbb{R}}", r"\R", "R"),
        (r"\newcommand{\half}[1]{\frac{#1}{2}}", r"\half{x}", "x/2"),
        (r"\DeclareMathOperator{\rank}{rank}", r"\rank X", "rank X"),
        (r"\DeclareMathOperator*{\argmax}{arg\,max}", r"\argmax_x", "arg max_x"),
        (r"\renewcommand{\vec}[1]{\mathbf{#1}}", r"\vec{x}", "x"),
    ],
)
def test_a_title_has_commands_of_its_own(macro: str, tex: str, words: str) -> None:
    made, found = formulas(f"$${tex}$$", macros=(macro,))
    assert not found
    assert linear(made.mathml[tex, True]) == words


def test_commands_stand_for_others() -> None:
    macros = (r"\newcommand{\Rn}{\R^n}", r"\newcommand{\R}{\mathbb{R}}")
    made, found = formulas(r"$$\Rn$$", macros=macros)
    assert not found
    assert linear(made.mathml[r"\Rn", True]) == "R^n"


def test_what_is_wrong_behind_a_command_of_ones_own_is_said_at_its_place() -> None:
    _, found = formulas("$$\\R\n+ \\foo$$", macros=(r"\newcommand{\R}{\mathbb{R}}",))
    assert places(found) == ["2:3 P170"]


# --- MathML ------------------------------------------------------------------------------------------------------


def test_all_formulas_of_a_title_are_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    asked = pandoc._run

    def count(path: str, arguments: Sequence[str], text: str, *more: Any, **named: Any) -> str:
        calls.append(text)
        return asked(path, arguments, text, *more, **named)

    monkeypatch.setattr(pandoc, "_run", count)
    made, _ = formulas("$a$ $b$ $a$", "$$a$$")
    assert len(calls) == 1
    assert set(made.mathml) == {("a", False), ("b", False), ("a", True)}


@pytest.mark.parametrize(
    ("tex", "letters"),
    [(r"\mathbf{x1}", "𝐱𝟏"), (r"{\bf x}", "𝐱"), (r"\boldsymbol{x}", "𝒙"), (r"\mathbb{R}", "ℝ"), ("x % y", "x")],
)
def test_letters_are_of_the_alphabet_that_latex_has_for_them(tex: str, letters: str) -> None:
    made, found = formulas(f"$${tex}$$")
    assert not found
    assert plain((made.mathml[tex, True],)) == letters


def test_no_tex_is_in_the_mathml() -> None:
    made, _ = formulas(r"$\frac{\alpha}{2}$")
    assert not [node for node in walk((made.mathml[r"\frac{\alpha}{2}", False],)) if "\\" in plain((node,))]


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        ("x^2", "x^2"),
        (r"a_1 b_1", "a_1b_1"),
        (r"\{a\}", "{a}"),
        (r"5*2*3", "5*2*3"),
        (r"\frac{\sqrt{\pi}}{2}", "(√π)/2"),
        (r"\sum_{i=1}^n i", "∑_(i = 1)^n i"),
        (r"x \in \mathbb{R}", "x in R"),
        (r"\hat{\beta}", "β hat"),
        (r"f'(x)", "f'(x)"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "(a, b; c, d)"),
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "a = b; = c"),
        (r"\sqrt[3]{x}", "root(3, x)"),
        (r"\text{if } x", "if x"),
    ],
)
def test_a_formula_has_words_that_can_be_typed(tex: str, words: str) -> None:
    assert said(tex) == words


# --- drawings ----------------------------------------------------------------------------------------------------


def test_a_drawing_stands_on_the_line() -> None:
    on_it, below, around = drawing("x"), drawing("y"), drawing(r"\frac{a}{b}")
    assert abs(on_it.depth) < 0.05
    assert 0.15 < below.depth < 0.35
    assert 0.2 < around.depth < around.height / 2 + 0.1


def test_what_is_set_off_is_larger_than_what_stands_in_the_line() -> None:
    tex = r"\sum_{i=1}^n \frac{1}{i}"
    assert drawing(tex, display=True).height > 1.5 * drawing(tex).height


def test_the_same_formulas_have_the_same_drawings() -> None:
    assert drawing("x^2") == drawing("x^2")


def test_a_drawing_has_its_words() -> None:
    assert drawing(r"a < \frac{1}{2}").words == "a < 1/2"


@pytest.mark.parametrize(
    ("path", "operators"),
    [
        ("M 0 0m 1 2l 3 -1h -2v 4Z", "0 0 m 1 2 m 4 1 l 2 1 l 2 5 l h"),
        ("M 1 1c 1 0 2 1 2 2", "1 1 m 2 1 3 2 3 3 c"),
        ("M0 0q3 0 3 3", "0 0 m 2 0 3 1 3 3 c"),  # a quadratic curve as a cubic one
        ("M 1 1 2 2 L 3 3 H 0 V 0", "1 1 m 2 2 l 3 3 l 0 3 l 0 0 l"),
        ("M 1 1l 1 0zl 0 1", "1 1 m 2 1 l h 1 2 l"),
    ],
)
def test_an_outline_is_the_same_in_the_operators_of_pdf(path: str, operators: str) -> None:
    assert outline(path).split() == operators.split()


@pytest.mark.parametrize(
    "tex",
    [
        r'\text{"\#panic()"}',
        r"\text{\textbackslash}",
        r"\text{#read(\"/etc/passwd\")}",
        r"\text{$x$}",
        r'\mathrm{"}',
        r"\backslash",
    ],
)
def test_nothing_in_a_formula_is_code(tex: str) -> None:
    made, _ = formulas(f"$${tex}$$")
    drawn, found = draw(made, None)
    assert not found
    assert drawn.keys() == made.mathml.keys()


@pytest.mark.parametrize(
    "tex",
    [
        r"\overline{AB} \vec{v} \tilde{x} \underbrace{a+b}_{n} \overbrace{c}^{m} \underline{x} \bar{x}",
        r"\left\lfloor \frac{x}{2} \right\rfloor \left. \frac{d}{dx} \right|_{x=0} \left( a \middle| b \right)",
        r"\big( \Bigl[ \bigg\} \|x\| \lvert y \rvert",
        r"\binom{n}{k} \tfrac12 \cfrac{1}{1+\cfrac{1}{x}}",
        r"A \xrightarrow{f} B \stackrel{def}{=} C \underset{x}{\max}",
        r"\boxed{x} \cancel{y} \bcancel{y} \xcancel{z} \phantom{x}",
        r"\begin{cases} a & b \\ c & d \end{cases} \begin{smallmatrix} a \end{smallmatrix}",
        r"\begin{array}{lcr} a & b & c \end{array} \begin{gathered} a \\ b \end{gathered}",
        r"\lim_{x \to 0} \limsup_n \operatorname{Var} \sin x \bmod n \pmod{n}",
        r"\iint \oint\limits_C \sum\nolimits_i \prod_{\substack{i \\ j}}",
        r"x \quad y \, z \! \hspace{1em} {}_a X f''",
    ],
)
def test_what_pandoc_understands_can_be_drawn(tex: str) -> None:
    made, found = formulas(f"$${tex}$$", f"${tex}$")
    drawn, more = draw(made, None)
    assert (*found, *more) == ()
    assert len(drawn) == 2
