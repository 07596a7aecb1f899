"""Python-Markdown, as far as it is used: the blocks, the emphasis and the line breaks of a skeleton."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import InlineProcessor

# What the scanner has folded into tokens before; left are emphasis and line breaks.
FOLDED = (
    *("backtick", "escape", "html", "entity", "autolink", "automail"),
    *("link", "reference", "short_reference", "image_link", "image_reference", "short_image_ref"),
)


class Blocks:
    """A parser of skeletons, each by itself."""

    def __init__(self) -> None:
        self._markdown = Markdown(
            extensions=["tables", "def_list", "sane_lists"],
            extension_configs={"tables": {"use_align_attribute": True}},
        )
        for name in FOLDED:
            self._markdown.inlinePatterns.deregister(name)

    def read(self, skeleton: str) -> Element:
        """The tree of a skeleton: a root whose children are its blocks.

        Raises whatever Python-Markdown does: it has its own faults, and a limit to how deep it can go.
        """
        self._markdown.reset()
        self._markdown.parser.state.clear()
        root = Element("div")
        self._markdown.parser.parseChunk(root, skeleton)
        return self._with_emphasis(root)

    def words(self, skeleton: str) -> Element:
        """The tree of a skeleton that has no blocks, as one element, a caption."""
        self._markdown.reset()
        root, caption = Element("div"), Element("caption")
        caption.text = skeleton
        root.append(caption)
        return self._with_emphasis(root)[0]

    def _with_emphasis(self, root: Element) -> Element:
        return InlineProcessor(self._markdown).run(root)
