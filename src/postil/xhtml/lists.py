"""How lists are numbered (HTML Standard, 4.4.5 and 4.4.8), and what room their numbers need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_INTEGER = re.compile("-?[0-9]{1,9}")
_ROMAN = (0, 1, 2, 3, 2, 1, 2, 3, 4, 2)
"""How many letters there are in the roman numeral of each digit: viii has four."""
_ROMANS = range(1, 4000)
_ROOM = 3
"""How many signs a number may have, with its stop, where a list is indented as style sheets have it."""
_EM = 0.55
"""How wide such a sign is, in ems, more or less."""


def numbers(start: str | None, values: Sequence[str | None], *, down: bool) -> list[int]:
    """The numbers of items, from the attributes `start` of their list and `value` of each."""
    number = _whole(start, len(values) if down else 1)
    made: list[int] = []
    for value in values:
        number = _whole(value, number)
        made.append(number)
        number += -1 if down else 1
    return made


def indent(kind: str | None, made: Iterable[int]) -> float | None:
    """How far a list is indented, in ems, that has such numbers; None where they need no more room than others.

    Reading systems, and the edge of the paper, cut off what stands too far out. `kind` is the `type` of the list; an
    "example" has its number in brackets.
    """
    width = max((_width(kind, number) for number in made), default=0)
    return None if width <= _ROOM else round(_EM * width + 0.6, 2)


def _width(kind: str | None, number: int) -> int:
    """How many signs there are in a number, with the stop behind it."""
    if kind in {"i", "I"} and number in _ROMANS:
        return 1 + sum(_ROMAN[int(digit)] for digit in str(number)) + number // 1000  # an m is as wide as two others
    if kind in {"a", "A"} and number > 0:
        return 2 + sum(number > most for most in (26, 26 + 26**2, 26 + 26**2 + 26**3))
    return 1 + len(str(number)) + (kind == "example")


def _whole(written: str | None, otherwise: int) -> int:
    return int(written) if written is not None and _INTEGER.fullmatch(written) else otherwise
