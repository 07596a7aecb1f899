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


@pytest.mark.parametrize(
    ("chunk", "instead"),
    [
        ('{r map, fig.cap="A map"}\nplot(x)', "![A map](figures/map.png){#fig:map}"),
        ('{r map, fig.cap="See \\\\@ref(a)"}\nplot(x)', "![See \\@ref(a)](figures/map.png){#fig:map}"),
        ("{r}\n#| label: fig-map\n#| fig-cap: A map\nplot(x)", "![A map](figures/map.png){#fig-map}"),
        ('{r map, fig.cap=paste("A", b)}\nplot(x)', "![The caption](figures/map.png){#fig:map}"),
        ('{r, fig.cap="A", include=FALSE}\nknitr::include_graphics("a/b.png")', "![A](a/b.png)"),
        ('{r cars}\nknitr::kable(x, caption = "Cars")', "Table: Cars {#tab:cars}"),
        ("{r}\n#| label: tbl-cars\n#| tbl-cap: Cars\nkable(x)", "Table: Cars {#tbl-cars}"),
        ("{python}\nx", "```python"),
    ],
)
def test_what_a_chunk_makes_is_written_in_its_place(chunk: str, instead: str) -> None:
    _, [found] = parse(Source("1.md", f"# One\n\n```{chunk}\n```\n"), {})
    assert found.code == "P165"
    assert f"'{instead}'" in (found.hint or "")
