from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from annotated_sample import title
from PIL import Image

from postil.epub import cover
from postil.fonts import Shelf

PAPER = (245, 240, 230)


def drawn(**changes: Any) -> Image.Image:
    return Image.open(BytesIO(cover.draw(replace(title(), **changes)))).convert("RGB")


def ink(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """How many pixels of a part of the cover are dark."""
    return sum(image.crop(box).convert("L").histogram()[:128])


TEXT = (0, 0, 1150, 2560)
UPPER = (0, 0, 1150, 1700)
BESIDE = (1195, 0, 1229, 2560)


def test_it_has_the_size_that_retailers_ask_for() -> None:
    assert drawn().size == (1600, 2560)


def test_same_title_same_bytes() -> None:
    assert cover.draw(title()) == cover.draw(title())


def test_it_shows_title_subtitle_author_and_publisher() -> None:
    bare = {"title": "漢字", "subtitle": "", "contributors": (), "publisher": ""}
    nothing = ink(drawn(**bare), TEXT)
    for name in bare:
        assert ink(drawn(**{**bare, name: getattr(title(), name)}), TEXT) > nothing


@pytest.mark.parametrize(
    "words",
    ["Margins", "On the Margin and Its Uses, " * 12, "Donaudampfschifffahrtsgesellschaft" * 2, "Pakistan–Russia"],
)
def test_the_title_stays_out_of_the_margin(words: str) -> None:
    image = drawn(title=words)
    assert ink(image, TEXT) > 0
    assert ink(image, BESIDE) == 0


def test_a_script_without_a_typeface_leaves_the_space_empty() -> None:
    assert ink(drawn(title="漢字", subtitle=""), UPPER) == 0


def test_a_line_is_not_broken_at_a_no_break_space() -> None:
    words = "Russie et Pakistan\u00a0: une relation"
    font = cover._font(cover._TITLE, 150, Shelf())
    assert "\u00a0:" in "|".join(cover._broken(words, font, 300))


def test_a_title_in_urdu_stands_on_the_right() -> None:
    urdu = {"title": "پاکستان", "subtitle": "", "language": "ur"}
    assert ink(drawn(**urdu), (1000, 0, 1600, 900)) > ink(drawn(**urdu), (0, 0, 600, 900))
