"""Python-Markdown, as far as it is used: the emphasis and the line breaks of a skeleton."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import InlineProcessor

# What the scanner has folded into tokens before; left are emphasis and line breaks.
FOLDED = (
    *("backtick", "escape", "html", "entity", "autolink", "automail"),
    *("link", "reference", "short_reference", "image_link", "image_reference", "short_image_ref"),
)
_TO_READ = re.compile("[*_]|  \n")


class Emphasis:
    """A parser of skeletons, each by itself."""

    def __init__(self) -> None:
        self._markdown = Markdown()
        for name in FOLDED:
            self._markdown.inlinePatterns.deregister(name)
        self._processor = InlineProcessor(self._markdown)

    def read(self, skeleton: str) -> Element:
        """An element that has the words of a skeleton, with `em`, `strong` and `br` in it."""
        block = Element("p")
        block.text = skeleton
        if not _TO_READ.search(skeleton):
            return block
        self._markdown.reset()
        root = Element("div")
        root.append(block)
        return self._processor.run(root)[0]
