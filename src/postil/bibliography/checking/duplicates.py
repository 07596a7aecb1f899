"""What an editor would query of one entry beside the others: keys that are alike, and one work in two entries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from postil.bibliography.checking.entry import Finding, query, year_of
from postil.bibliography.checking.identifiers import ISBN, RESOLVER, digits
from postil.document import Reference

LONGEST_TITLE = 300
"""How many letters of a title are compared."""
ALIKE = 0.92
"""How much of two titles is the same where they are taken for one, between 0 and 1."""


def check_together(references: Sequence[Reference]) -> Finding:
    """Everything questionable of two entries together."""
    yield from _keys_alike(references)
    yield from _same_identifier(references)
    yield from _same_work(references)


def _keys_alike(references: Sequence[Reference]) -> Finding:
    seen: dict[str, Reference] = {}
    for reference in references:
        other = seen.setdefault(reference.key.casefold(), reference)
        if other.key != reference.key:
            message = f"the keys '{other.key}' and '{reference.key}' differ in capitals only"
            yield reference.source.diagnostic("P209", reference.span, message, "they are easily taken for each other")


def _same_identifier(references: Sequence[Reference]) -> Finding:
    seen: dict[tuple[str, str], Reference] = {}
    for reference in references:
        for variable, value in _identifiers(reference):
            other = seen.setdefault((variable, value), reference)
            if other is not reference:
                message = f"'{reference.key}' has the same {variable} as '{other.key}'"
                yield query(reference, variable, "P216", message, "if they are one work, keep one of the entries")
                break


def _identifiers(reference: Reference) -> Iterator[tuple[str, str]]:
    if doi := str(reference.item.get("DOI", "")):
        yield "DOI", RESOLVER.sub("", doi).lower()
    # the chapters of a book share its number
    for number in ISBN.found(str(reference.item.get("ISBN", "")))[0] if reference.item.get("type") == "book" else ():
        # an ISBN of ten digits and one of thirteen have these nine in common, and each its own check digit
        yield "ISBN", digits(number)[-10:-1]


def _same_work(references: Sequence[Reference]) -> Finding:
    """Works of one year and one name whose titles are nearly the same, but for numbers in them."""
    groups: dict[tuple[object, ...], list[tuple[str, Reference]]] = {}
    for reference in references:
        title = re.sub(r"<[^>]*>|[^\w\s]", "", str(reference.item.get("title", ""))).casefold()[:LONGEST_TITLE]
        traits = (year_of(reference), _first_name(reference), reference.item.get("volume"), *re.findall(r"\d+", title))
        groups.setdefault((traits, reference.item.get("type")), []).append((title, reference))
    for group in groups.values():
        for (title, one), (other_title, other) in pairwise(sorted(group, key=lambda pair: pair[0])):
            if title and _are_alike(title, other_title):
                first, second = sorted((one, other), key=lambda r: (r.source.path, r.span.start))
                message = f"'{second.key}' looks like the same work as '{first.key}'"
                hint = "if it is, keep one of the entries"
                yield second.source.diagnostic("P216", second.span, message, hint)


def _are_alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # the first two are quickly known and never less than the third, which is slow
    return all(ratio() > ALIKE for ratio in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio))


def _first_name(reference: Reference) -> str:
    people = reference.item.get("author") or reference.item.get("editor")
    person = people[0] if isinstance(people, list) and people else {}
    return str(person.get("family", person.get("literal", ""))).casefold()
