"""The words of `book.toml` that readers see, set as those of the chapters are."""

from __future__ import annotations

import re
from dataclasses import replace

from postil.dialect.typography import Substitution, Typography, typeset
from postil.document import Title

ADDRESS = re.compile(r"\w+://\S+")


def set_title(title: Title, rules: Typography) -> Title:
    """A title with typographic signs for those of a typewriter in its names and headings."""
    return replace(
        title,
        title=_set(title.title, rules),
        subtitle=_set(title.subtitle, rules),
        publisher=_set(title.publisher, rules),
        rights=_set(title.rights, rules),
        description=_set(title.description, rules),
        contributors=tuple(
            replace(person, name=_set(person.name, rules), sort=_set(person.sort, rules))
            for person in title.contributors
        ),
        bibliography=replace(
            title.bibliography,
            groups=tuple(replace(group, title=_set(group.title, rules)) for group in title.bibliography.groups),
        ),
        kinds={name: replace(kind, label=_set(kind.label, rules)) for name, kind in title.kinds.items()},
    )


def _set(text: str, rules: Typography) -> str:
    addresses = [found.span() for found in ADDRESS.finditer(text)]
    made: list[str] = []
    at = 0
    for found in typeset(text, rules):
        within = any(start < found.start < end for start, end in addresses)
        if isinstance(found, Substitution) and not within:
            made += (text[at : found.start], found.text)
            at = found.end
    return "".join((*made, text[at:]))
