"""Examples that may have been meant as citations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from postil.dialect.examples import identifier
from postil.document import Chapter, Element, Matter, Presented, Reference, walk
from postil.resolve.ids import is_examples
from postil.source import Diagnostic


def mistaken(
    chapters: Sequence[tuple[Chapter[Presented], Matter]], references: Mapping[str, Reference]
) -> Iterator[Diagnostic]:
    """The examples whose labels are keys of works: a paragraph may begin with `(@key)`."""
    keys = {identifier(key): key for key in references}
    for chapter, _ in chapters:
        for text in chapter.texts:
            for node in walk(text):
                if not isinstance(node, Element) or not is_examples(node):
                    continue
                for item in node.children:
                    if isinstance(item, Element) and (name := keys.get(item.get("id") or "")):
                        message = f"this is an example with the label '{name}', which is also the key of a work"
                        hint = f"where the work is meant, write '[@{name}]'; else give the example another label"
                        yield chapter.source.diagnostic("P307", item.span or 0, message, hint)
