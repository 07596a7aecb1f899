"""Inline content as pandoc has it in its JSON: written from the words of a citation, and read as nodes of a book."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import groupby
from typing import Any, assert_never

from postil.document import Element, Text, Words, WorkLink, rewrite

Json = Mapping[str, Any]

# addresses that may be links: of these schemes, and on the web of a host that has the form of one
LINK = re.compile(r"(?:https?://[\w.-]+(?::\d+)?(?:[/?#]\S*)?|doi:\S+|urn:\S+|mailto:\S+)", re.ASCII | re.IGNORECASE)
REFERENCE = "#ref-"
"""How the address of a link begins with which an engine leads from a citation to an entry; the work's key follows."""
NO_ID = re.compile(r"[^\w.:/-]")
JOINER = "\N{WORD JOINER}"
"""What stands behind a title's own "?" or "!" while an engine sets it.

The engine would take that mark and the comma of the style for one too many, and leave the comma out: of "Who Lost
Russia?, 12" it makes "Who Lost Russia? 12". With a joiner between the two it sees no mark before its comma.
"""
KINDS = {"em": "Emph", "i": "Emph", "strong": "Strong", "b": "Strong", "sup": "Superscript", "sub": "Subscript"}
SPACE = re.compile(r"(\s+)")
DASHES = (("---", "\N{EM DASH}"), ("--", "\N{EN DASH}"), ("...", "…"))
SPACES = ("Space", "SoftBreak", "LineBreak")
TAGS = {"Strong": "strong", "Superscript": "sup", "Subscript": "sub", "Underline": "u"}


def reference_id(key: str) -> str:
    """The id of a work in the printed bibliography.

    A sign that a key may have but an id may not is written as its number in Unicode: `o'hara` has `ref-o_27hara`.
    """
    return "ref-" + NO_ID.sub(lambda sign: f"_{ord(sign[0]):x}", key)


# --- writing ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def words(text: str) -> Sequence[Json]:
    """Words of ours, such as ", {pp. 5--7}", with dashes as they are typed."""
    for typed, meant in DASHES:
        text = text.replace(typed, meant)
    return _split(text)


def inlines_of(said: Iterable[Words]) -> list[Json]:
    """What is said around a work in a citation: words with emphasis, small capitals and links."""
    result: list[Json] = []
    for node in said:
        match node:
            case Text():
                result += _split(node.value)
            case Element(tag=tag) if tag in KINDS:
                result.append({"t": KINDS[tag], "c": inlines_of(node.children)})
            case Element(tag="span") if "smallcaps" in node.classes:
                result.append({"t": "SmallCaps", "c": inlines_of(node.children)})
            case Element(tag="a") if LINK.fullmatch(address := node.get("href") or ""):
                result.append({"t": "Link", "c": [["", [], []], inlines_of(node.children), [address, ""]]})
            case Element() | WorkLink():
                result += inlines_of(node.children)
            case _:
                assert_never(node)
    return result


def _split(text: str) -> list[Json]:
    return [{"t": "Space"} if part.isspace() else {"t": "Str", "c": part} for part in SPACE.split(text) if part]


def nodes(content: Iterable[Json], *, joined: bool = True) -> tuple[Words, ...]:
    """Inline content as nodes: text, emphasis, small capitals and links; of anything else, its words.

    Content that may have a JOINER in it is `joined`; to look for one takes time.
    """
    shown = _nodes(content)
    return _punctuated(shown) if joined else shown


def _nodes(content: Iterable[Json]) -> tuple[Words, ...]:
    result: list[Words] = []
    words: list[str] = []
    for inline in content:
        kind = inline["t"]
        # most of an answer is words, of which those in a row make one text
        if kind == "Str":
            words.append(str(inline["c"]))
        elif kind in SPACES:
            words.append(" ")
        else:
            _append(result, (Text("".join(words)),))
            words.clear()
            _append(result, _node(inline))
    _append(result, (Text("".join(words)),))
    return tuple(result)


def _punctuated(shown: tuple[Words, ...]) -> tuple[Words, ...]:
    """Nodes without their joiners. Behind a title's own mark a full stop goes, too: "Who Lost Russia?" and not "?."."""
    behind = False

    def change(node: Words) -> tuple[Words, ...] | None:
        nonlocal behind
        if not isinstance(node, Text) or not node.value:
            return None
        value = node.value.removeprefix(".") if behind else node.value
        behind = value.endswith(JOINER)
        kept = value.replace(f"{JOINER}.", "").replace(JOINER, "")
        return (Text(kept),) if kept else ()

    return rewrite(shown, change)


def _append(result: list[Words], more: Iterable[Words]) -> None:
    """Append nodes, a text to the text before it."""
    for node in more:
        if isinstance(node, Text):
            if not node.value:
                continue
            if result and isinstance(last := result[-1], Text):
                result[-1] = Text(last.value + node.value)
                continue
        result.append(node)


def _node(inline: Json) -> tuple[Words, ...]:  # noqa: PLR0911 -- one line for each kind
    content: Any = inline.get("c")
    match inline["t"]:
        case "SmallCaps":
            return (Element("span", _nodes(content), (("class", "smallcaps"),)),)
        case "Link":
            _, label, (target, _) = content
            return _link(_nodes(label), target)
        case "Span":
            attributes, children = content
            return _span(attributes[1], _nodes(children))
        case "Quoted" | "Cite":
            return _nodes(content[1])
        case "Strikeout":
            return _nodes(content)
        case "Code" | "Math" | "RawInline":
            return (Text(str(content[1])),)
        case "Emph":
            return _italics(_nodes(content))
        case kind if kind in TAGS:
            return (Element(TAGS[kind], _nodes(content)),)
    return ()


def _italics(content: tuple[Words, ...]) -> tuple[Words, ...]:
    """Content in italics. What is in italics within them is upright, as a book's title within the title of a book."""
    if not any(map(_is_italic, content)):
        return (Element("em", content),)
    result: list[Words] = []
    for upright, run in groupby(content, _is_italic):
        if upright:
            for node in run:
                _append(result, node.children if isinstance(node, Element) else ())
        else:
            _append(result, _between_spaces(tuple(run)))
    return tuple(result)


def _is_italic(node: Words) -> bool:
    return isinstance(node, Element) and node.tag == "em"


def _between_spaces(content: tuple[Words, ...]) -> Iterator[Words]:
    """Content in italics, but for the spaces at its ends."""
    match content:
        case (Text(value=value),) if words := value.strip():
            yield Text(" " * value.startswith(" "))
            yield Element("em", (Text(words),))
            yield Text(" " * value.endswith(" "))
        case (Text(),):
            yield from content
        case _:
            yield Element("em", content)


def _span(classes: Sequence[str], children: tuple[Words, ...]) -> tuple[Words, ...]:
    # upright within italics: read as italics within italics, which are upright
    if "csl-no-emph" in classes:
        return (Element("em", children),)
    if "csl-left-margin" in classes:
        return (*children, Text("" if _ends_in_space(children) else " "))
    return children


def _ends_in_space(children: tuple[Words, ...]) -> bool:
    return bool(children) and isinstance(children[-1], Text) and children[-1].value.endswith(" ")


def _link(label: tuple[Words, ...], target: str) -> tuple[Words, ...]:
    if target.startswith(REFERENCE):
        return _around(label, partial(WorkLink, target.removeprefix(REFERENCE)))
    if LINK.fullmatch(target):
        return _around(label, lambda words: Element("a", words, (("href", target),)))
    return label


def _around(content: tuple[Words, ...], link: Callable[[tuple[Words, ...]], Words]) -> tuple[Words, ...]:
    """Content within a link. Links that it already holds stay, with a link of its own around what is between them."""
    result: list[Words] = []
    run: list[Words] = []

    def close() -> None:
        after = ""
        if run and isinstance(run[-1], Text):
            # what only separates the words from the next link is no part of this one
            kept = run[-1].value.rstrip(" ,;:(")
            after = run[-1].value[len(kept) :]
            run[-1] = Text(kept)
        inside = tuple(n for n in run if n != Text(""))
        if inside:
            result.append(link(inside))
        _append(result, (Text(after),))
        run.clear()

    for is_link, node in _apart(content):
        if is_link:
            close()
            result.append(node)
        else:
            run.append(node)
    close()
    return tuple(result)


def _apart(content: Iterable[Words]) -> list[tuple[bool, Words]]:
    """Content cut up so that each part either is a link or holds none."""
    parts: list[tuple[bool, Words]] = []
    for node in content:
        inner = _apart(node.children) if isinstance(node, Element) and not _is_link(node) else []
        if isinstance(node, Element) and any(is_link for is_link, _ in inner):
            for is_link, part in inner:
                if is_link and isinstance(part, Element | WorkLink):
                    parts.append((True, replace(part, children=(replace(node, children=part.children),))))
                else:
                    parts.append((False, replace(node, children=(part,))))
        else:
            parts.append((_is_link(node), node))
    return parts


def _is_link(node: Words) -> bool:
    return isinstance(node, WorkLink) or (isinstance(node, Element) and node.tag == "a")
