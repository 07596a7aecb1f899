"""CSL-JSON written as YAML: a list of items, or a mapping whose `references` are one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import yaml

from postil.bibliography.facts import DATES
from postil.bibliography.reading.csl.items import Items, Read
from postil.bibliography.reading.dates import date
from postil.source import Source, Span

ITEM = re.compile(r"^([ ]*)- ", re.MULTILINE)


def read_yaml(source: Source) -> Read:
    """The items of a YAML file, and everything that is wrong with them.

    Where the file as a whole is no YAML, it is cut at the hyphens that begin its items, and each is read by itself.
    """
    items = Items(source)
    text = source.text
    try:
        root = _compose(text)
    except (yaml.YAMLError, RecursionError) as error:
        first = ITEM.search(text)
        starts = [found.start() for found in ITEM.finditer(text) if first and found[1] == first[1]]
        if not starts:
            _report(items, error, 0)
            return items.read()
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
            try:
                root = _compose(text[start:end])
            except (yaml.YAMLError, RecursionError) as fault:
                _report(items, fault, start)
            else:
                _add_entries(items, root, start)
    else:
        _add_entries(items, root, 0)
    return items.read()


class _Loader(yaml.BaseLoader):
    """Reads every scalar as text, and no aliases, with which a small file could grow without bound."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not read", event.start_mark)
        return super().compose_node(parent, index)


def _compose(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _add_entries(items: Items, root: yaml.Node | None, start: int) -> None:
    """Add the entries of a document, or of a part of one that begins at `start`."""
    entries = _entries(root)
    if entries is None:
        if root is not None:
            items.report(start, "a list of references is expected here", "write 'references:' and the list under it")
        return
    constructor = yaml.constructor.BaseConstructor()
    for node in entries:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        fields = tuple((str(key.value), start + key.start_mark.index) for key, _ in pairs)
        twice = [name for name, times in Counter(name for name, _ in fields).items() if times > 1]
        try:
            item = constructor.construct_object(node, deep=True)
        except yaml.YAMLError as error:
            _report(items, error, start)
            continue
        span = Span(start + node.start_mark.index, start + node.end_mark.index)
        items.add(_dated(item), span, fields, twice)


def _entries(root: yaml.Node | None) -> Sequence[yaml.Node] | None:
    if isinstance(root, yaml.MappingNode):
        root = next((value for key, value in root.value if key.value == "references"), None)
    return root.value if isinstance(root, yaml.SequenceNode) else None


def _dated(item: object) -> object:
    """An item of YAML as JSON has it: dates in parts, from `2004-05-06`, `2004/2005` or `{year: …, month: …}`."""
    if not isinstance(item, dict):
        return item
    return {name: date(value) if name in DATES else value for name, value in item.items()}


def _report(items: Items, error: yaml.YAMLError | RecursionError, start: int) -> None:
    """Report that what begins at `start` cannot be read."""
    marked = error if isinstance(error, yaml.MarkedYAMLError) else None
    at = start + (marked.problem_mark.index if marked and marked.problem_mark else 0)
    what = f": {marked.problem}" if marked else ""
    items.report(at, f"this is no YAML{what}", "mend it; the entry is left out until then")
