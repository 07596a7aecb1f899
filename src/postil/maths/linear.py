"""MathML in words that can be typed: what a formula reads as where only words can stand, such as `x^2` in an outline.

They keep to signs that every text face has: for others they have letters, as R for ℝ, or the name that Unicode gives.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from postil.document import Element, Words, plain

_SCRIPTS: Final = {"msub": "_", "msup": "^", "munder": "_", "mover": "^"}
_BOTH: Final = frozenset({"msubsup", "munderover"})
_ACCENTS: Final = {
    "\u0302": "hat",
    "\u0303": "tilde",
    "\u0304": "bar",
    "\u0306": "breve",
    "\u0307": "dot",
    "\u0308": "double dot",
    "\u030a": "ring",
    "\u030c": "check",
    "¯": "bar",
    "‾": "bar",
    "_": "underlined",
    "→": "vector",
    "\u20d7": "vector",
    "⏞": "",
    "⏟": "",
}
_TYPED: Final = {
    "⟨": "<",
    "⟩": ">",
    "∥": "||",
    "‖": "||",
    "∣": "|",
    "∗": "*",
    "⋅": "·",
    "∼": "~",
    "′": "'",
    "″": "''",
    "⌊": "floor(",
    "⌋": ")",
    "⌈": "ceil(",
    "⌉": ")",
    "⋯": "…",
    "⋮": "…",
    "⋱": "…",
    "⊤": "T",
}
_NAMED: Final = {
    "∈": "in", "∉": "not in", "∧": "and", "∨": "or", "⇒": "implies", "⟹": "implies", "⇔": "iff", "⟺": "iff", "∘": "o"
}  # fmt: skip
_PLAIN: Final = re.compile("[ -~\u00a0-\u024f\u0391-\u03c9…∂∏∑−√∞∫≈≠≤≥←-↓]")
_UNSEEN: Final = re.compile("[\u2061-\u2064\u200b]")
_RELATION: Final = re.compile(r"[=<>≤≥≠≈~→←±×·+−]|[:|]=|<=|>=|[a-z ]{2,}")


def linear(node: Words) -> str:
    """The words of a formula."""
    return " ".join(_said(node).split())


def _typed(words: str) -> str:
    return "".join(map(_sign, _UNSEEN.sub("", words)))


def _sign(sign: str) -> str:
    if _PLAIN.match(sign):
        return sign
    if sign in _TYPED or sign in _NAMED:
        return _TYPED.get(sign) or f" {_NAMED[sign]} "
    letters = unicodedata.normalize("NFKC", sign)
    if all(map(_PLAIN.match, letters)):
        return letters
    name = unicodedata.name(sign, "").lower().removeprefix("n-ary ")
    return f" {name} " if name and not sign.isalpha() else sign


def _said(node: Words) -> str:  # noqa: C901, PLR0911, PLR0912 -- one case an element
    if not isinstance(node, Element):
        return _typed(plain((node,)))
    parts = node.children
    match node.tag:
        case "mfrac":
            return "/".join(map(_one, parts))
        case "msqrt":
            return f"√{_bracketed(_inside(node))}"
        case "mroot":
            return f"root({', '.join(map(_said, reversed(parts)))})"
        case "mtable":
            return "; ".join(map(_said, parts))
        case "mtr":
            aligned = any(
                "padding-right: 0" in (cell.get("style") or "") for cell in parts if isinstance(cell, Element)
            )
            return (" " if aligned else ", ").join(_said(cell).strip() for cell in parts)
        case "mspace":
            return " "
        case "mphantom":
            return ""
        case "mi" if len(_inside(node).strip()) > 1:
            return f" {_inside(node)} "
        case "mo" if _RELATION.fullmatch(_inside(node).strip()):
            return f" {_inside(node)} "
        case "mo" if _inside(node) == ",":
            return ", "
        case tag if tag in _SCRIPTS:
            return _scripted(node)
        case tag if tag in _BOTH:
            base, below, above = parts
            return f"{_said(base).rstrip()}_{_one(below)}^{_one(above)} "
    # a part that is a row may be nothing but one sign
    return _inside(node)


def _scripted(node: Element[Words]) -> str:
    base, script = node.children
    said = _said(base).rstrip()
    sign = plain((script,))
    if isinstance(script, Element) and script.tag == "mo" and (script.get("accent") or sign == "_"):
        return f"{said} {_ACCENTS.get(sign, _typed(sign))} ".replace("  ", " ")
    words = _said(script).strip()
    if words and not words.strip("'"):
        return f"{said}{words}"
    return f"{said}{_SCRIPTS[node.tag]}{_one(script)}"


def _inside(node: Element[Words]) -> str:
    return "".join(map(_said, node.children))


def _one(node: Words) -> str:
    """A part of a formula, in brackets where it is more than a word or a number."""
    return _bracketed(_said(node))


def _bracketed(words: str) -> str:
    words = words.strip()
    return words if len(words) == 1 or words.isalnum() else f"({words})"
