"""All formulas of a title as MathML, by one call of pandoc, and what is wrong with those that have none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from postil.document import Chapter, Element, Formula, Parsed, Text, Words, walk
from postil.maths.tex import Fault, Macros, faults, readable
from postil.programs import pandoc
from postil.programs.cache import AnswerError
from postil.source import Diagnostic, Source, Span
from postil.store import Store

Key = tuple[str, bool]
"""The TeX of a formula, and whether it is set off: formulas of one key are set alike."""


@dataclass(frozen=True, slots=True)
class Formulas:
    """The formulas of a title: where each stands, and the MathML of those that have been understood."""

    places: Mapping[Key, Sequence[tuple[Source, Formula]]]
    mathml: Mapping[Key, Words]


SECONDS: Final = 10
"""How long pandoc may take for all formulas; a thousand take it less than one."""
DEEPEST: Final = 64
"""How deep the elements of a formula may stand in one another."""
ARGUMENTS: Final = ("--from=json", "--to=html", "--mathml", "--wrap=none")
_API: Final = [1, 23, 1]
NAMESPACE: Final = "http://www.w3.org/1998/Math/MathML"
_XHTML: Final = "{http://www.w3.org/1999/xhtml}"

_WARNING: Final = "[WARNING] Could not convert TeX math "
_COMMAND: Final = re.compile(r"unexpected control sequence (\\\S+)")
_END: Final = re.compile(r"unexpected (?:end of input|eof)")
_UNEXPECTED: Final = re.compile(r"unexpected (.+)")
_ENVIRONMENT: Final = re.compile(r"\\begin\{\Z")

_KEPT: Final = frozenset(
    "accent columnalign columnspan display displaystyle form linethickness maxsize minsize notation stretchy style width".split()  # noqa: E501, SIM905 -- words
)
_BOLD: Final = {  # sans-serif bold to bold, as `tex` asks for the one instead of the other
    chr(sans + index): chr(serif + index)
    for sans, serif, count in ((0x1D5D4, 0x1D400, 52), (0x1D7EC, 0x1D7CE, 10), (0x1D756, 0x1D6A8, 58))
    for index in range(count)
}
_HINTS: Final[Mapping[str, str]] = {
    r"\ce": r"write the formula with '\mathrm{H_2O}'",
    r"\emph": r"write '\mathit{…}'",
    r"\href": "put the link around the whole formula",
    r"\includegraphics": "put the picture outside of the formula",
    r"\intertext": "end the formula before these words, and begin another behind them",
    r"\ref": "put the reference outside of the formula: [](#eq-name)",
    r"\eqref": "put the reference outside of the formula: [](#eq-name)",
    "\\\\": r"put lines between '\begin{gathered}' and '\end{gathered}', or 'aligned', with '&' where they meet",
    r"\def": r"write '\newcommand' at the beginning of the formula",
    r"\newcommand": "write it at the beginning of the formula",
}
KNOWN: Final = "write it with the commands of LaTeX and amsmath; one of your own stands in book.toml, [maths] macros"
CLOSE: Final = "close each '{', '\\begin' and '\\left'"


def read(
    chapters: Iterable[Chapter[Parsed]], definitions: Iterable[str], cache: Store | None
) -> tuple[Formulas, tuple[Diagnostic, ...]]:
    """The formulas of a title, and what is wrong with those that have no MathML, wherever they stand.

    `definitions` are the commands that the title has of its own. The answers of pandoc are kept in `cache`.
    """
    places: dict[Key, list[tuple[Source, Formula]]] = {}
    for chapter in chapters:
        for text in chapter.texts:
            for node in walk(text):
                if isinstance(node, Formula):
                    places.setdefault((node.tex.value, node.display), []).append((chapter.source, node))
    wrong: dict[Key, list[Fault]] = {key: list(faults(key[0])) for key in places}
    wanted = [key for key in places if not wrong[key]]
    set_: dict[Key, Words] = {}
    for key, answer in zip(wanted, _asked(wanted, Macros(definitions), cache), strict=True):
        if isinstance(answer, Fault):
            wrong[key].append(answer)
        else:
            set_[key] = answer
    found = (
        source.diagnostic(fault.code, _place(node, fault), fault.message, fault.hint)
        for key, nodes in places.items()
        for fault in wrong[key]
        for source, node in nodes
    )
    return Formulas(places, set_), tuple(found)


def _place(node: Formula, fault: Fault) -> Span:
    start = node.tex.offset(min(fault.start, max(0, len(node.tex.value) - 1)))
    return node.span if start is None else Span(start, start + max(1, fault.end - fault.start))


def _asked(keys: Sequence[Key], macros: Macros, cache: Store | None) -> Sequence[Words | Fault]:
    """What pandoc makes of each formula. Where it fails at some of them, the halves are tried, down to the culprits."""
    if not keys:
        return ()
    texts = [readable(tex) for tex, _ in keys]
    blocks = [
        _paragraph(macros.before(text.value) + text.value, "DisplayMath" if display else "InlineMath")
        for text, (_, display) in zip(texts, keys, strict=True)
    ]
    document = json.dumps({"pandoc-api-version": _API, "meta": {}, "blocks": blocks}, ensure_ascii=False)

    def understood(answer: str) -> Sequence[Words | Fault]:
        return tuple(_understood(answer, keys, texts))

    try:
        return pandoc.run(ARGUMENTS, document, {}, cache, understood, SECONDS, with_warnings=True)
    except (pandoc.PandocError, AnswerError) as error:
        if len(keys) == 1:
            return (Fault(0, 1, "P170", f"this TeX cannot be read: {error}", KNOWN),)
        middle = len(keys) // 2
        return (*_asked(keys[:middle], macros, cache), *_asked(keys[middle:], macros, cache))


def _paragraph(tex: str, kind: str) -> object:
    return {"t": "Para", "c": [{"t": "Math", "c": [{"t": kind}, tex]}]}


def _understood(answer: str, keys: Sequence[Key], texts: Sequence[Text]) -> Iterator[Words | Fault]:
    """An answer of pandoc's: a paragraph for each formula, and its complaints of those that it has not read."""
    said, _, html = answer.partition(pandoc.PARTING)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(f'<body xmlns="{_XHTML[1:-1]}">{html}</body>'.encode(), parser)
    except etree.XMLSyntaxError as error:  # elements hundreds deep in one another
        raise ValueError(str(error.msg)) from None
    paragraphs = list(root)
    if len(paragraphs) != len(keys):
        message = "it is not an answer to each formula"
        raise ValueError(message)
    complaints = iter(said.split(_WARNING)[1:])
    for key, text, paragraph in zip(keys, texts, paragraphs, strict=True):
        made = paragraph.find(f"{{{NAMESPACE}}}math")
        yield _fault(key[0], text, next(complaints, "")) if made is None else _element(made, 0)


def _element(made: etree._Element, depth: int) -> Words:
    """An element of MathML; what only TeX needs, and what says again which letters are bold, is left out."""
    tag = etree.QName(made).localname
    if tag == "semantics":
        return _element(made[0], depth)
    if depth > DEEPEST:
        message = "it is nested too deep"
        raise ValueError(message)
    variant = made.get("mathvariant", "")
    attributes = [(name, str(value)) for name, value in made.attrib.items() if name in _KEPT]
    if variant == "normal" and tag == "mi":
        attributes.append(("mathvariant", variant))
    if tag == "math":
        attributes.append(("xmlns", NAMESPACE))
    inside = "".join(map(_BOLD.get, made.text or "", made.text or "")) if "bold-sans" in variant else made.text or ""
    words = (Text(inside),) if inside and not len(made) else ()
    return Element(tag, (*words, *(_element(child, depth + 1) for child in made)), tuple(attributes))


def _fault(tex: str, text: Text, complaint: str) -> Fault:
    """What is wrong with TeX that pandoc cannot read: it quotes a line, marks a place below it, and gives a reason."""
    lines = complaint.partition(", rendering as TeX:\n")[2].splitlines()
    at = _marked(text.value, lines)
    if command := _COMMAND.search(complaint):
        start = text.value.rfind(command[1], 0, at + 1)
        index = text.offset(start if start >= 0 else max(0, text.value.find(command[1]))) or 0
        message = f"'{command[1]}' is no command of maths that can be set"
        own = f"{KNOWN} = ['\\newcommand{{{command[1]}}}{{…}}']"
        return Fault(index, index + len(command[1]), "P170", message, _HINTS.get(command[1], own))
    index = text.offset(min(at, max(0, len(text.value) - 1))) or 0
    if begun := _ENVIRONMENT.search(text.value[:at]):
        name = text.value[at:].partition("}")[0]
        message = f"the environment '{name}' is none of maths that can be set"
        hint = "write aligned, gathered, cases, array or one of the matrices, or make a picture of it"
        return Fault(text.offset(begun.start()) or 0, index, "P170", message, hint)
    if _END.search(complaint):
        return Fault(index, index + 1, "P170", "this formula ends too early", CLOSE)
    sign = _UNEXPECTED.search(complaint)
    met = f" at {sign[1]}".replace('"', "'") if sign else ""
    return Fault(index, index + 1, "P170", f"this TeX cannot be read{met}", f"{CLOSE}; {KNOWN}" if tex else KNOWN)


def _marked(text: str, lines: Sequence[str]) -> int:
    """The index of the place in some TeX that pandoc has marked."""
    if len(lines) > 1 and lines[1].strip() == "^":
        quoted, column = lines[0][2:], lines[1].index("^") - 2
        start = text.find(quoted)
        if start >= 0:
            return start + column
    return 0
