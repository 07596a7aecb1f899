"""The pages of Typst, which are SVG, in the operators of PDF: glyphs as outlines, and rules.

WeasyPrint could draw SVG, but takes more time for a page of formulas than for the rest of a chapter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from lxml import etree

_SVG: Final = "{http://www.w3.org/2000/svg}"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_TRANSFORM: Final = re.compile(r"(matrix|translate)\(([-\d.eE ,]+)\)")
_STEP: Final = re.compile(r"([A-Za-z])|(-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_TAKES: Final = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "q": 4, "z": 0}
_OPERATORS: Final = {"m": "m", "l": "l", "c": "c", "z": "h"}
_CAPS: Final = {"butt": 0, "round": 1, "square": 2}


class StrangeError(ValueError):
    """A page has something that Typst does not draw formulas with."""


def ink(svg: str) -> bytes:
    """The operators that draw a page, whose y axis goes downward, in the colours that are set."""
    root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    glyphs = {f"#{symbol.get('id')}": str(symbol[0].get("d")) for symbol in root.iter(f"{_SVG}symbol")}
    return "\n".join(_drawn(root, glyphs)).encode()


def _drawn(element: etree._Element, glyphs: Mapping[str, str]) -> Iterator[str]:
    for each in element:
        match str(each.tag).removeprefix(_SVG):
            case "defs":
                continue
            case "g":
                yield from ("q", *_moved(each), *_drawn(each, glyphs), "Q")
            case "use":
                place = f"1 0 0 1 {_number(each.get('x') or '0')} {_number(each.get('y') or '0')} cm"
                yield from ("q", place, outline(glyphs[each.get(_HREF) or ""]), "f", "Q")
            case "path":
                yield from ("q", *_moved(each), *_painted(each), "Q")
            case _:
                raise StrangeError(each.tag)


def _moved(element: etree._Element) -> Iterator[str]:
    transform = element.get("transform")
    if transform is None:
        return
    found = _TRANSFORM.fullmatch(transform)
    if found is None:
        raise StrangeError(transform)
    numbers = [_number(number) for number in re.split(r"[ ,]+", found[2].strip())]
    if found[1] == "translate":
        numbers = ["1", "0", "0", "1", *numbers, *["0"] * (2 - len(numbers))]
    yield f"{' '.join(numbers)} cm"


def _painted(path: etree._Element) -> Iterator[str]:
    filled, stroked = (path.get(name) or "none" for name in ("fill", "stroke"))
    if stroked != "none":
        yield f"{_number(path.get('stroke-width') or '1')} w {_CAPS[path.get('stroke-linecap') or 'butt']} J"
    yield outline(str(path.get("d")))
    yield {(True, True): "B", (True, False): "f", (False, True): "S"}.get((filled != "none", stroked != "none"), "n")


@lru_cache(maxsize=4096)
def outline(path: str) -> str:
    """The path of an SVG as one of PDF: places instead of ways, and cubic curves only."""
    made: list[str] = []
    x = y = first_x = first_y = 0.0
    for letter, numbers in _steps(path):
        kind, (from_x, from_y) = letter.lower(), (x, y) if letter.islower() else (0.0, 0.0)
        places = [n + (from_y if index % 2 else from_x) for index, n in enumerate(numbers)]
        if kind == "h":
            places, kind = [*places, y], "l"
        elif kind == "v":
            places, kind = [x, numbers[0] + from_y], "l"
        elif kind == "q":
            across, down, *end = places
            places = [x + (across - x) * 2 / 3, y + (down - y) * 2 / 3]
            places += [end[0] + (across - end[0]) * 2 / 3, end[1] + (down - end[1]) * 2 / 3, *end]
            kind = "c"
        if kind == "z":
            x, y = first_x, first_y
        else:
            x, y = places[-2:]
        if kind == "m":
            first_x, first_y = x, y
        made.append(" ".join([*(_number(place) for place in places), _OPERATORS[kind]]))
    return "\n".join(made)


def _steps(path: str) -> Iterator[tuple[str, list[float]]]:
    """Each command of a path with its numbers; behind "m", further pairs are lines."""
    letter = ""
    numbers: list[float] = []
    for found in _STEP.finditer(path):
        if found[1]:
            letter = found[1]
            if letter.lower() not in _TAKES:
                raise StrangeError(letter)
            if letter in "zZ":
                yield letter, []
            continue
        numbers.append(float(found[2]))
        if len(numbers) == _TAKES[letter.lower()]:
            yield letter, numbers
            numbers = []
            letter = {"m": "l", "M": "L"}.get(letter, letter)


def _number(value: str | float) -> str:
    return f"{float(value):.4f}".rstrip("0").rstrip(".") or "0"
