"""XHTML read as the markup that it would be written from, so that tests can say a page or a file in a few words.

What an element was made for is told from its class here, and from nothing else in the program.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from postil.document import (
    WRITTEN,
    Call,
    Composed,
    Form,
    LateNumber,
    Lemma,
    Markup,
    Meaning,
    NoteText,
    PageList,
    Text,
    elements,
)

FORMS = {
    ("a", "sign"): Form.SIGN,
    ("ol", "contents"): Form.CONTENTS,
    ("span", "p"): Form.PARAGRAPH,
    ("span", "url"): Form.ADDRESS,
    ("ul", "references"): Form.WORKS,
}
NAMESPACES = {"{http://www.idpf.org/2007/ops}": "epub:", "{http://www.w3.org/XML/1998/namespace}": "xml:"}


def markup(written: str) -> Markup:
    """One element with all in it."""
    root = ET.fromstring(f'<x xmlns:epub="http://www.idpf.org/2007/ops">{written}</x>')  # noqa: S314 -- our own
    calls = {each.get("href", "")[1:]: each.get("id", "") for each in reversed(list(root.iter("a"))) if is_call(each)}
    (only,) = root
    return _markup(only, calls, in_endnotes=False)


def first(whole: Markup, tag: str) -> Markup:
    """The first element of a name."""
    return next(element for element in elements((whole,)) if element.tag == tag)


def is_call(element: ET.Element) -> bool:
    return bool(classes(element) & {"call", "key"})


def classes(element: ET.Element) -> set[str]:
    return set((element.get("class") or "").split())


def _markup(element: ET.Element, calls: dict[str, str], *, in_endnotes: bool) -> Markup:
    names = classes(element)
    children: list[Composed] = [Text(element.text)] if element.text else []
    for child in element:
        children.append(_markup(child, calls, in_endnotes="endnotes" in names))
        if child.tail:
            children.append(Text(child.tail))
    forms = {WRITTEN[name] for name in names if name in WRITTEN}
    forms |= {form for (tag, name), form in FORMS.items() if tag == element.tag and name in names}
    attributes = tuple((_name(name), value) for name, value in element.attrib.items())
    shows = _shows(element, names, calls, in_endnotes=in_endnotes)
    return Markup(element.tag, tuple(children), attributes, shows, frozenset(forms))


def _shows(  # noqa: PLR0911 -- one after the other
    element: ET.Element, names: set[str], calls: dict[str, str], *, in_endnotes: bool
) -> Meaning | None:
    identifier = element.get("id", "")
    words = int(element.get("data-words", "0"))
    note: Any = next((kind for kind in ("footnote", "annotation", "comment") if kind in names), None)
    if in_endnotes:
        note = "endnote"
    if note and element.tag != "p":
        of = identifier.removeprefix("pointer-")
        return NoteText(identifier, note, of, calls.get(of, f"call-{of}"), words)
    if is_call(element) and element.tag == "a":
        kind: Any = "note" if "call" in names else "annotation"
        return Call("".join(element.itertext()), element.get("href", "")[1:], kind, identifier)
    if "lemma" in names:
        return Lemma(identifier, (), (identifier.removeprefix("lemma-"),))
    if target := element.get("data-page-of"):
        return LateNumber(target)
    if target := element.get("data-line-of"):
        return LateNumber(target, "line")
    if targets := element.get("data-pages-of"):
        return PageList(tuple(targets.split()))
    return None


def _name(name: str) -> str:
    for namespace, prefix in NAMESPACES.items():
        if name.startswith(namespace):
            return prefix + name.removeprefix(namespace)
    return f"x:{name.rpartition('}')[2]}" if name.startswith("{") else name
