"""MathML as the code of Typst: calls of its functions, with every sign of the formula in quotes.

So nothing that somebody writes in a formula is ever code, and what this module does not know is refused, not left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from postil.document import Element, Text, Words

_INVISIBLE: Final = frozenset("\u2061\u2062\u2063\u2064\u200b")
_LARGE: Final = frozenset("∑∏∐⋃⋂⋀⋁⨁⨂⨀⨄⨆")
_BARS: Final = frozenset("|∥‖")
_ARROWS: Final = frozenset("→←↔⇒⇐⇔↦↪↩⇌⇀↼⇁↽⟶⟵⟷⟹⟸⟺⟼=")
_OVER: Final = {
    "¯": "overline",
    "⏞": "overbrace",
    "⎴": "overbracket",
    "⏜": "overparen",
}
_UNDER: Final = {"_": "underline", "⏟": "underbrace", "⎵": "underbracket", "⏝": "underparen"}
_ACCENTS: Final = {
    "‾": "\u0304",
    "⃖": "←",
    "⃡": "↔",
    "⃗": "→",
}
_CLASSES: Final = {"prefix": "opening", "postfix": "closing"}
_EM: Final = re.compile(r"(-?[0-9.]+)em")
_PERCENT: Final = re.compile(r"([0-9.]+)%")
_PRIMES: Final = {"′": 1, "″": 2, "‴": 3, "⁗": 4}


class UnknownError(ValueError):
    """A formula has something that Typst is not told how to set."""


def code(formula: Words) -> str:
    """An expression of Typst's whose value is the formula, as it stands in a line."""
    display = isinstance(formula, Element) and formula.get("display") == "block"
    content = _of(formula)
    return f"math.equation(block: false, {_call('math.display', content) if display else content})"


def _of(node: Words) -> str:
    if isinstance(node, Text):
        return _text(node.value)
    if not isinstance(node, Element) or node.tag not in _ELEMENTS:
        raise UnknownError(node.tag if isinstance(node, Element) else "")
    return _ELEMENTS[node.tag](node)


def _call(name: str, *arguments: str, **named: str) -> str:
    said = (*(f"{key.replace('_', '-')}: {value}" for key, value in named.items()), *arguments)
    return f"{name}({', '.join(said)})"


def _quoted(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def _text(words: str) -> str:
    return f"[#{_quoted(words)}]" if words else "[]"


def _symbol(sign: str) -> str:
    return f"[#symbol({_quoted(sign)})]"


def _said(node: Words) -> str:
    return node.value if isinstance(node, Text) else "".join(map(_said, node.children))


def _row(nodes: Sequence[Words]) -> str:
    nodes = [node for node in nodes if not (_is(node, "mo") and not _said(node).strip("".join(_INVISIBLE)))]
    if not nodes:
        return "[]"
    parts = [_of(node) for node in nodes]
    fenced = _fence(nodes[0], "prefix") or (len(nodes) > 1 and _fence(nodes[-1], "postfix"))
    whole = parts[0] if len(parts) == 1 else f"({', '.join(parts)}).join()"
    return _call("math.lr", whole) if fenced else whole


def _is(node: Words, tag: str) -> bool:
    return isinstance(node, Element) and node.tag == tag


def _fence(node: Words, form: str) -> bool:
    """Whether a node is a bracket that grows with what it stands around."""
    return (
        isinstance(node, Element)
        and node.tag == "mo"
        and (node.get("stretchy"), node.get("form"), node.get("minsize")) == ("true", form, None)
    )


def _mrow(node: Element[Words]) -> str:
    return _row(node.children)


def _mi(node: Element[Words]) -> str:
    name = _said(node).strip("".join(_INVISIBLE))
    if len(name) == 1:
        return _call("math.upright", _symbol(name)) if node.get("mathvariant") == "normal" else _symbol(name)
    return _call("math.op", _text(name), limits="true") if name else "[]"


def _mn(node: Element[Words]) -> str:
    return _text(_said(node))


def _mo(node: Element[Words]) -> str:
    sign = _said(node).strip("".join(_INVISIBLE))
    if not sign:
        return "[]"
    made = _symbol(sign) if len(sign) == 1 else _text(sign)
    form = node.get("form") or ""
    if size := _PERCENT.fullmatch(node.get("minsize") or ""):
        made = _call("math.lr", made, size=f"{float(size[1]) / 100:g}em")
    elif node.get("stretchy") == "true" and form == "infix":
        return _call("math.mid", made)
    elif sign in _BARS and node.get("stretchy") != "true":
        return _call("math.class", '"normal"', made)
    if form in _CLASSES:
        return _call("math.class", _quoted(_CLASSES[form]), made)
    return _call("math.class", '"relation"', made) if sign.isalpha() or sign == ":=" else made


def _mtext(node: Element[Words]) -> str:
    return _text(_said(node))


def _mspace(node: Element[Words]) -> str:
    width = _EM.fullmatch(node.get("width") or "0em")
    if width is None:
        raise UnknownError(node.tag)
    return f"h({width[1]}em)"


def _mfrac(node: Element[Words]) -> str:
    above, below = map(_of, node.children)
    if node.get("linethickness") in {"0", "0pt", "0em"}:
        return _call("math.mat", f"({above},)", f"({below},)", delim="none", row_gap="0.3em")
    return _call("math.frac", above, below)


def _msqrt(node: Element[Words]) -> str:
    return _call("math.sqrt", _row(node.children))


def _mroot(node: Element[Words]) -> str:
    radicand, index = map(_of, node.children)
    return _call("math.root", index, radicand)


def _script(node: Words) -> str:
    """A script; primes are signs of their own to Typst, which sets them at their height."""
    count = _PRIMES.get(_said(node)) if _is(node, "mo") else None
    return _call("math.primes", str(count)) if count else _of(node)


def _attached(node: Element[Words], *names: str) -> str:
    """Scripts beside what they belong to."""
    base, *scripts = node.children
    placed = dict(zip(names, map(_script, scripts), strict=True))
    return _call("math.attach", _call("math.scripts", _of(base)), **placed)


def _msub(node: Element[Words]) -> str:
    return _attached(node, "b")


def _msup(node: Element[Words]) -> str:
    return _attached(node, "t")


def _msubsup(node: Element[Words]) -> str:
    return _attached(node, "b", "t")


def _limits(node: Element[Words], *names: str) -> str:
    """What stands above and below: beside a sum in the line, as limits do."""
    base, *scripts = node.children
    movable = _said(base) in _LARGE or (_is(base, "mi") and len(_said(base)) > 1)
    if _is(base, "mo") and _said(base) in _ARROWS:
        inner = _call("math.limits", _call("math.stretch", _of(base), size="100% + 0.6em"))
    else:
        inner = _of(base) if movable else _call("math.limits", _of(base))
    return _call("math.attach", inner, **dict(zip(names, map(_script, scripts), strict=True)))


def _mover(node: Element[Words]) -> str:
    base, above = node.children
    sign = _said(above)
    if isinstance(above, Element) and above.tag == "mo" and above.get("accent") == "true" and len(sign) == 1:
        if sign in _OVER:
            return _call(f"math.{_OVER[sign]}", _of(base))
        return _call("math.accent", _of(base), _quoted(_ACCENTS.get(sign, sign)))
    return _limits(node, "t")


def _munder(node: Element[Words]) -> str:
    base, below = node.children
    sign = _said(below)
    if _is(below, "mo") and sign in _UNDER:
        return _call(f"math.{_UNDER[sign]}", _of(base))
    return _limits(node, "b")


def _munderover(node: Element[Words]) -> str:
    return _limits(node, "b", "t")


def _mtable(node: Element[Words]) -> str:
    rows = [row for row in node.children if isinstance(row, Element)]
    paired = any(_pairs(row) for row in rows)
    made = [f"({', '.join(_cells(row))},)" for row in rows]
    gaps = {"row_gap": "0.65em", "column_gap": "1.5em"} if paired else {"row_gap": "0.35em", "column_gap": "0.8em"}
    return _call("math.mat", *made, delim="none", **gaps)


def _pairs(row: Element[Words]) -> bool:
    return any(_closes_up(cell, "right") for cell in row.children)


def _closes_up(cell: Words, side: str) -> bool:
    return isinstance(cell, Element) and f"padding-{side}: 0" in (cell.get("style") or "")


def _cells(row: Element[Words]) -> Iterator[str]:
    """The cells of a row; two that are aligned at what is between them are one to Typst."""
    cells = [cell for cell in row.children if isinstance(cell, Element)]
    at = 0
    while at < len(cells):
        cell = cells[at]
        at += 1
        if _closes_up(cell, "right"):
            parts = [_row(cell.children), "align-point"]
            if at < len(cells) and _closes_up(cells[at], "left"):
                parts.append(_row(cells[at].children))
                at += 1
            yield _call("math.display", f"({', '.join(parts)}).join()")
            continue
        inside = _row(cell.children)
        match cell.get("columnalign"):
            case "left":
                yield f"(align-point, {inside}).join()"
            case "right":
                yield f"({inside}, align-point).join()"
            case _:
                yield inside


def _mstyle(node: Element[Words]) -> str:
    inside = _row(node.children)
    match node.get("displaystyle"):
        case "true":
            return _call("math.display", inside)
        case "false":
            return _call("math.inline", inside)
    return inside


def _mphantom(node: Element[Words]) -> str:
    return _call("hide", _row(node.children))


def _menclose(node: Element[Words]) -> str:
    inside = _row(node.children)
    match node.get("notation"):
        case "box":
            return _call("box", f"math.equation({inside})", stroke="0.5pt", inset="3pt")
        case "updiagonalstrike":
            return _call("math.cancel", inside)
        case "downdiagonalstrike":
            return _call("math.cancel", inside, inverted="true")
        case "updiagonalstrike downdiagonalstrike":
            return _call("math.cancel", inside, cross="true")
    raise UnknownError(node.tag)


_ELEMENTS: Final[Mapping[str, Callable[[Element[Words]], str]]] = {
    "math": _mrow,
    "mrow": _mrow,
    "mpadded": _mrow,
    "mi": _mi,
    "mn": _mn,
    "mo": _mo,
    "mtext": _mtext,
    "mspace": _mspace,
    "mfrac": _mfrac,
    "msqrt": _msqrt,
    "mroot": _mroot,
    "msub": _msub,
    "msup": _msup,
    "msubsup": _msubsup,
    "munder": _munder,
    "mover": _mover,
    "munderover": _munderover,
    "mtable": _mtable,
    "mstyle": _mstyle,
    "mphantom": _mphantom,
    "menclose": _menclose,
}
