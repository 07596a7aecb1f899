"""What a message about another tool's notation says to write is read without another one."""

from __future__ import annotations

import re

import pytest

from postil.dialect import parse
from postil.document import Element, walk
from postil.source import Source


@pytest.mark.parametrize(
    ("typed", "address", "width"),
    [
        ("![[a.png]]", "a.png", None),
        ("![[in here/a b.JPG|center|500]]", "in here/a b.JPG", "500px"),
        ("![[ä.svg|words|30x40]]", "ä.svg", "30px"),
        ("![[a.png|words]]", "a.png", None),
    ],
)
def test_an_embedded_picture(typed: str, address: str, width: str | None) -> None:
    _, [found] = parse(Source("1.md", f"# One\n\n{typed}\n"), {})
    assert found.code == "P160"
    instead = re.search(r"'(.+)'", found.hint or "")
    assert instead
    chapter, wrong = parse(Source("1.md", f"# One\n\n{instead[1]}\n"), {})
    [picture] = [node for node in walk(chapter.body) if isinstance(node, Element) and node.tag == "img"]
    assert (picture.get("src"), picture.get("width")) == (address, width)
    assert wrong == ()
