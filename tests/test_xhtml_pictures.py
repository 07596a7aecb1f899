"""How large pictures are set."""

from __future__ import annotations

import pytest

from postil.document import Element, Image, Resolved
from postil.xhtml.pictures import sized

IMAGES = {
    name: Image(name, "image/png", b"", width, height) for name, width, height in (("a", 400, 200), ("b", 100, 100))
}


def picture(name: str, **attributes: str) -> Element[Resolved]:
    return Element("img", (), (("src", name), ("alt", ""), *attributes.items()))


def figure(name: str, classes: str = "", **attributes: str) -> Element[Resolved]:
    made: Element[Resolved] = Element("figure", (picture(name, **attributes), Element("figcaption")))
    return made.having(class_=classes) if classes else made


def styles(*nodes: Resolved) -> list[str | None]:
    """The styles of elements and of the elements right below each."""
    elements = [node for node in nodes if isinstance(node, Element)]
    return [each.get("style") for node in elements for each in (node, *node.children) if isinstance(each, Element)]


@pytest.mark.parametrize(
    ("given", "style"),
    [
        ({}, None),
        ({"width": "50%"}, "width: 50%"),
        ({"width": "6cm", "height": "2.5in"}, "width: 6cm; height: 2.5in"),
        # a number by itself counts pixels, as in HTML
        ({"height": "300"}, "height: 300px"),
    ],
)
def test_a_picture_is_as_large_as_the_manuscript_says(given: dict[str, str], style: str | None) -> None:
    made = sized(picture("a", **given), IMAGES)
    assert made.get("style") == style
    assert {name for name, _ in made.attributes} <= {"src", "alt", "style"}


def test_what_is_said_of_a_picture_beside_text_is_its_figure_s() -> None:
    assert styles(sized(figure("a", "left", width="30%", height="4cm"), IMAGES)) == ["width: 30%", "height: 4cm", None]


def test_a_picture_beside_text_is_no_larger_than_it_is() -> None:
    assert styles(sized(figure("b", "right"), IMAGES)) == ["width: 45%; max-width: 100px", None, None]


def test_pictures_in_a_row_are_equally_tall() -> None:
    # of 400 × 200 and 100 × 100 the first is twice as wide where both are equally tall
    row: Element[Resolved] = Element("div", (figure("a"), figure("b")), (("class", "figures"),))
    assert styles(*sized(row, IMAGES).children)[::3] == [
        "flex: 0 1 66.67%; width: 66.67%",
        "flex: 0 1 33.33%; width: 33.33%",
    ]


def test_a_row_beside_text_leaves_room_for_it() -> None:
    row: Element[Resolved] = Element("div", (figure("a"), figure("b")), (("class", "figures left"),))
    assert sized(row, IMAGES).get("style") == "width: 45%"
    table: Element[Resolved] = Element("figure", (Element("table"),), (("class", "table left"),))
    assert sized(table, IMAGES).get("style") == "width: 45%"


def test_pictures_in_a_row_are_as_wide_as_the_manuscript_says() -> None:
    row: Element[Resolved] = Element("div", (figure("a", width="20%"), figure("b")), (("class", "figures"),))
    assert styles(*sized(row, IMAGES).children)[0] == "flex: 0 1 20%; width: 20%"


def test_one_narrow_picture_in_a_row_does_not_fill_it() -> None:
    row: Element[Resolved] = Element("div", (figure("b"),), (("class", "figures"),))
    assert styles(*sized(row, IMAGES).children)[0] == "flex: 0 1 66.67%; width: 66.67%"


def test_a_picture_beside_the_text_of_a_paragraph_stands_at_its_beginning() -> None:
    beside = picture("a").having(class_="left")
    paragraph: Element[Resolved] = Element("p", (Element("em"), beside, Element("b")))
    assert sized(paragraph, IMAGES).children == (beside, Element("em"), Element("b"))
