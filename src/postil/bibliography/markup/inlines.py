"""Pandoc's document tree, as far as citations need it: written for the processor, and what it answers read as nodes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from postil.bibliography.programs.cache import decoded
from postil.document import Element, Node, Text, rewrite

Json = Mapping[str, Any]
Answer = Mapping[str, list[Json]]

API = (1, 23, 1)
# schemes that may be linked, and for the web a host as it should be
LINK = re.compile(r"(?:https?://[\w.-]+(?::\d+)?(?:[/?#]\S*)?|doi:\S+|urn:\S+|mailto:\S+)", re.ASCII | re.IGNORECASE)
REFERENCE = "#ref-"
NO_ID = re.compile(r"[^\w.:/-]")
# behind a title's own "?" or "!", without which the processor would swallow a comma that follows
JOINER = "\N{WORD JOINER}"
INLINE = re.compile(
    r"\*\*(?=\S)(?P<strong>[^*]+)(?<=\S)\*\*|\*(?=\S)(?P<starred>[^*]+)(?<=\S)\*"
    r"|(?<!\w)_(?=\S)(?P<underlined>[^_]+)(?<=\S)_(?!\w)"
)
SPACE = re.compile(r"(\s+)")
QUOTES = re.compile("[\"']")
DASHES = (("---", "\N{EM DASH}"), ("--", "\N{EN DASH}"), ("...", "…"))
SPACES = ("Space", "SoftBreak", "LineBreak")
TAGS = {"Strong": "strong", "Superscript": "sup", "Subscript": "sub", "Underline": "u"}

ANEW: Json = {"t": "Header", "c": [1, ["", ["reset-citation-positions"], []], []]}
"""A heading behind which pandoc cites every work as if for the first time."""


# --- writing ----------------------------------------------------------------------------------------------------


def document(blocks: Iterable[Json], language: str, nocite: Iterable[str], *, links: bool) -> str:
    """A document of pandoc's in its JSON form; with `links` its citations lead to the bibliography."""
    meta = {
        "lang": {"t": "MetaString", "c": language},
        "link-citations": {"t": "MetaBool", "c": links},
        "nocite": {"t": "MetaInlines", "c": [cite(work(key, "", "", "NormalCitation", 0) for key in nocite)]},
    }
    return json.dumps({"pandoc-api-version": API, "meta": meta, "blocks": list(blocks)}, ensure_ascii=False)


def cite(works: Iterable[Json]) -> Json:
    """A citation of one or more works."""
    return {"t": "Cite", "c": [list(works), []]}


def work(key: str, prefix: str, suffix: str, mode: str, note_number: int) -> Json:
    """One work within a citation; `suffix` begins with the locator, in braces."""
    return {
        "citationId": key,
        "citationPrefix": words(prefix),
        "citationSuffix": words(suffix),
        "citationMode": {"t": mode},
        "citationNoteNum": note_number,
        "citationHash": 0,
    }


def division(identifier: str, inlines: Sequence[Json]) -> Json:
    """A paragraph that can be found again by its id."""
    return {"t": "Div", "c": [[identifier, [], []], [{"t": "Para", "c": inlines}]]}


def note(inlines: Sequence[Json]) -> Json:
    """A footnote."""
    return {"t": "Note", "c": [{"t": "Para", "c": inlines}]}


@lru_cache(maxsize=4096)
def words(text: str) -> Sequence[Json]:
    """Inline text with the emphasis and dashes of Markdown."""
    result: list[Json] = []
    end = 0
    for found in INLINE.finditer(text):
        result += _plain(text[end : found.start()])
        inner = found["strong"] or found["starred"] or found["underlined"]
        result.append({"t": "Strong" if found["strong"] else "Emph", "c": _plain(inner)})
        end = found.end()
    return result + _plain(text[end:])


def _plain(text: str) -> list[Json]:
    for typed, meant in DASHES:
        text = text.replace(typed, meant)
    parts = SPACE.split(_curled(text))
    return [{"t": "Space"} if part.isspace() else {"t": "Str", "c": part} for part in parts if part]


def _curled(text: str) -> str:
    """Straight quotation marks as typographic ones: opening ones stand at a start, behind a space or a bracket."""
    if not QUOTES.search(text):
        return text
    text = re.sub(r'(^|(?<=[\s(\[—–]))"', "\N{LEFT DOUBLE QUOTATION MARK}", text)
    text = re.sub(r"(^|(?<=[\s(\[—–“]))'", "\N{LEFT SINGLE QUOTATION MARK}", text)
    return text.replace('"', "\N{RIGHT DOUBLE QUOTATION MARK}").replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")


MARKUP = {
    "Emph": ("<i>", "</i>"),
    "Strong": ("<b>", "</b>"),
    "Superscript": ("<sup>", "</sup>"),
    "Subscript": ("<sub>", "</sub>"),
    "SmallCaps": ('<span style="font-variant:small-caps;">', "</span>"),
}


def marked_up(content: Iterable[Json]) -> str:
    """Inline content in the markup of CSL-JSON, where words whose capitals stay are `nocase`."""
    return "".join(map(_marked_up, content))


def _marked_up(inline: Json) -> str:
    content: Any = inline.get("c")
    opening, closing = MARKUP.get(inline["t"], ("", ""))
    match inline["t"]:
        case "Str":
            return str(content)
        case "Span" if content[0][1] in ([], ["nocase"]):
            # braces in BibTeX
            opening, closing, content = '<span class="nocase">', "</span>", content[1]
        case "Quoted":
            (opening, closing), content = "‘’" if content[0]["t"] == "SingleQuote" else "“”", content[1]
        case "Span" | "Link" | "Cite":
            content = content[1]
        case "Code" | "Math" | "RawInline":
            return str(content[1])
        case kind if kind not in MARKUP:
            return " "
    return f"{opening}{marked_up(content)}{closing}"


# --- reading ----------------------------------------------------------------------------------------------------


def divisions(answer: str) -> dict[str, list[Json]]:
    """The blocks of each division of an answer, by its id."""
    found: dict[str, list[Json]] = {}
    for block in decoded(answer)["blocks"]:
        if block["t"] == "Div":
            found[block["c"][0][0]] = block["c"][1]
    return found


def reference_id(key: str) -> str:
    """The id of a work in the printed bibliography; what a key may have but an id may not is written as its number."""
    return "ref-" + NO_ID.sub(lambda sign: f"_{ord(sign[0]):x}", key)


def references(answer: Answer) -> list[tuple[str, list[Json]]]:
    """The entries of the bibliography, by key, in order."""
    found = []
    for block in answer.get("refs", ()):
        (identifier, *_), blocks = block["c"]
        found.append((identifier.removeprefix("ref-"), inlines(blocks)))
    return found


def apart(blocks: Iterable[Json]) -> tuple[list[Json], list[Json]]:
    """What stands in the text of a citation, and what in its note."""
    text: list[Json] = []
    notes: list[Json] = []
    for inline in _within_cites(inlines(blocks)):
        if inline["t"] == "Note":
            notes += inlines(inline["c"])
        else:
            text.append(inline)
    return text, notes


def _within_cites(content: Iterable[Json]) -> Iterator[Json]:
    for inline in content:
        if inline["t"] == "Cite":
            yield from inline["c"][1]
        else:
            yield inline


def inlines(blocks: Iterable[Json]) -> list[Json]:
    """The inline content of paragraphs, or of divisions that hold them."""
    result: list[Json] = []
    for block in blocks:
        result += inlines(block["c"][1]) if block["t"] == "Div" else block["c"]
    return result


def nodes(content: Iterable[Json], *, joined: bool = True) -> tuple[Node, ...]:
    """Inline content as nodes: text, emphasis, small capitals and links; of anything else, its words.

    Content that has a joiner in it is `joined`.
    """
    shown = _nodes(content)
    return _punctuated(shown) if joined else shown


def _nodes(content: Iterable[Json]) -> tuple[Node, ...]:
    result: list[Node] = []
    words: list[str] = []
    for inline in content:
        kind = inline["t"]
        # most of an answer is words, which make one text
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


def _punctuated(shown: tuple[Node, ...]) -> tuple[Node, ...]:
    """An answer without its joiners: behind a title's own mark a comma stays and a full stop goes."""
    behind = False

    def change(node: Node) -> tuple[Node, ...] | None:
        nonlocal behind
        if not isinstance(node, Text) or not node.value:
            return None
        value = node.value.removeprefix(".") if behind else node.value
        behind = value.endswith(JOINER)
        kept = value.replace(f"{JOINER}.", "").replace(JOINER, "")
        return (Text(kept),) if kept else ()

    return rewrite(shown, change)


def _append(result: list[Node], more: Iterable[Node]) -> None:
    for node in more:
        if isinstance(node, Text):
            if not node.value:
                continue
            if result and isinstance(last := result[-1], Text):
                result[-1] = Text(last.value + node.value)
                continue
        result.append(node)


def _node(inline: Json) -> tuple[Node, ...]:  # noqa: PLR0911 -- one line for each kind
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


def _italics(content: tuple[Node, ...]) -> tuple[Node, ...]:
    """Content in italics; what is in italics within it is what it looks like, upright."""
    if not any(map(_is_italic, content)):
        return (Element("em", content),)
    result: list[Node] = []
    for upright, run in groupby(content, _is_italic):
        if upright:
            for node in run:
                _append(result, node.children if isinstance(node, Element) else ())
        else:
            _append(result, _between_spaces(tuple(run)))
    return tuple(result)


def _is_italic(node: Node) -> bool:
    return isinstance(node, Element) and node.tag == "em"


def _between_spaces(content: tuple[Node, ...]) -> Iterator[Node]:
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


def _span(classes: Sequence[str], children: tuple[Node, ...]) -> tuple[Node, ...]:
    # within italics, as which it is read
    if "csl-no-emph" in classes:
        return (Element("em", children),)
    if "csl-left-margin" in classes:
        return (*children, Text("" if _ends_in_space(children) else " "))
    return children


def _ends_in_space(children: tuple[Node, ...]) -> bool:
    return bool(children) and isinstance(children[-1], Text) and children[-1].value.endswith(" ")


def _link(label: tuple[Node, ...], target: str) -> tuple[Node, ...]:
    if target.startswith(REFERENCE):
        return _around(label, (("class", "cite"), ("href", f"#{reference_id(target.removeprefix(REFERENCE))}")))
    if LINK.fullmatch(target):
        return _around(label, (("href", target),))
    return label


def _around(content: tuple[Node, ...], attributes: tuple[tuple[str, str], ...]) -> tuple[Node, ...]:
    """Content within a link; links that it already holds stay, and divide it."""
    result: list[Node] = []
    run: list[Node] = []

    def close() -> None:
        after = ""
        if run and isinstance(run[-1], Text):
            # what only separates the words from the next link is no part of this one
            kept = run[-1].value.rstrip(" ,;:(")
            after = run[-1].value[len(kept) :]
            run[-1] = Text(kept)
        inside = tuple(n for n in run if n != Text(""))
        if inside:
            result.append(Element("a", inside, attributes))
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


def _apart(content: Iterable[Node]) -> list[tuple[bool, Node]]:
    """Content cut up so that each part either is a link or holds none."""
    parts: list[tuple[bool, Node]] = []
    for node in content:
        inner = _apart(node.children) if isinstance(node, Element) and node.tag != "a" else []
        if isinstance(node, Element) and any(is_link for is_link, _ in inner):
            for is_link, part in inner:
                if is_link and isinstance(part, Element):
                    parts.append((True, replace(part, children=(replace(node, children=part.children),))))
                else:
                    parts.append((False, replace(node, children=(part,))))
        else:
            parts.append((isinstance(node, Element) and node.tag == "a", node))
    return parts
