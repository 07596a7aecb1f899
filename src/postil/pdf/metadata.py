"""What a PDF says of itself, twice: in its information dictionary, and in XMP (ISO 16684-1), as PDF/UA-1 wants it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

import pydyf

PRODUCER = "Postil"
_DC = "http://purl.org/dc/elements/1.1/"
_PDF = "http://ns.adobe.com/pdf/1.3/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_UA = "http://www.aiim.org/pdfua/ns/id/"
_XMP = "http://ns.adobe.com/xap/1.0/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PREFIXES = {"dc": _DC, "pdf": _PDF, "rdf": _RDF, "pdfuaid": _UA, "xmp": _XMP}
_BEGIN = b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">'
_END = b'</x:xmpmeta>\n<?xpacket end="r"?>'


@dataclass(frozen=True, slots=True)
class Description:
    """What the file says of itself; `made` is when, and `leftward` whether its pages follow each other to the left."""

    title: str
    authors: tuple[str, ...]
    about: str
    subjects: tuple[str, ...]
    language: str
    made: datetime
    identifier: bytes
    leftward: bool = False


def information(description: Description) -> dict[str, pydyf.String]:
    """The information dictionary (ISO 32000-1, 14.3.3)."""
    made = description.made.strftime("D:%Y%m%d%H%M%SZ")
    words = {
        "Producer": PRODUCER,
        "Title": description.title,
        "Author": ", ".join(description.authors),
        "Subject": description.about,
        "Keywords": ", ".join(description.subjects),
        "Creator": PRODUCER,
        "CreationDate": made,
        "ModDate": made,
    }
    return {name: pydyf.String(value) for name, value in words.items() if value}


def packet(description: Description) -> bytes:
    """The same as XMP, with what says that the file is PDF/UA-1."""
    for prefix, namespace in _PREFIXES.items():
        ET.register_namespace(prefix, namespace)
    root = ET.Element(f"{{{_RDF}}}RDF")
    about = ET.SubElement(root, f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": "", f"{{{_UA}}}part": "1"})
    moment = description.made.strftime("%Y-%m-%dT%H:%M:%SZ")
    _alternative(about, "title", description.title)
    if description.authors:
        order = ET.SubElement(ET.SubElement(about, f"{{{_DC}}}creator"), f"{{{_RDF}}}Seq")
        for author in description.authors:
            ET.SubElement(order, f"{{{_RDF}}}li").text = author
    if description.about:
        _alternative(about, "description", description.about)
    if description.subjects:
        ET.SubElement(about, f"{{{_PDF}}}Keywords").text = ", ".join(description.subjects)
    ET.SubElement(about, f"{{{_PDF}}}Producer").text = PRODUCER
    ET.SubElement(about, f"{{{_XMP}}}CreatorTool").text = PRODUCER
    ET.SubElement(about, f"{{{_XMP}}}CreateDate").text = moment
    ET.SubElement(about, f"{{{_XMP}}}ModifyDate").text = moment
    return b"\n".join((_BEGIN, ET.tostring(root, encoding="utf-8"), _END))


def _alternative(about: ET.Element, name: str, words: str) -> None:
    """Words that might be there in several languages."""
    choice = ET.SubElement(ET.SubElement(about, f"{{{_DC}}}{name}"), f"{{{_RDF}}}Alt")
    ET.SubElement(choice, f"{{{_RDF}}}li", {_LANG: "x-default"}).text = words
