"""What an editor would query in entries once their style is known, for each style prints other things of a work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from postil.bibliography.checking.folding import folded
from postil.bibliography.facts import facts
from postil.bibliography.reading.variables import called, ending, place
from postil.bibliography.style.capitals import is_english, lowered
from postil.bibliography.style.file import Style
from postil.bibliography.style.printing import cases, shows, with_place
from postil.document import Reference
from postil.source import Diagnostic

WORTH = frozenset(facts()["printed"])
"""The variables that a reader would miss: not the numbers of catalogues, nor what is for the eyes of the writer."""
NAMED = 4
"""How many words of one title are named."""


def check_style(references: Iterable[Reference], style: Style, language: str) -> Iterator[Diagnostic]:
    """What a style prints that an entry lacks, and what it leaves out or changes that an entry has.

    `language` is that of works which name none.
    """
    references = tuple(references)
    dropped: dict[tuple[str, str], list[Reference]] = {}
    unseen: list[Diagnostic] = []
    for reference in references:
        kind, given = str(reference.item.get("type", "")), frozenset(reference.item)
        if "URL" in given and "accessed" not in given and shows(style.data, "accessed", kind, given | {"accessed"}):
            message = f"the entry '{reference.key}' has an address on the web, but no date of access"
            hint = f"the style '{style.name}' prints it: write {called(reference, 'accessed')} = 2026-11-23"
            unseen.append(reference.source.diagnostic("P220", place(reference, "URL"), message, hint))
        printed = frozenset(with_place(reference.item, style.data))
        done = cases(style.data, kind, printed)
        for variable in sorted(given & printed & WORTH):
            if reference.item[variable] and not done.keys() & {variable, f"{variable}-short"}:
                dropped.setdefault((reference.source.path, variable), []).append(reference)
    yield from folded(unseen)
    yield from folded(query for reference in references for query in _capitals(reference, style, language))
    for (_, variable), others in sorted(dropped.items()):
        first, count = others[0], len(others)
        what = "an entry has" if count == 1 else f"{count} entries have"
        message = f"{what} '{called(first, variable)}', which the style '{style.name}' leaves out"
        yield first.source.diagnostic("P221", place(first, variable), message)


def _capitals(reference: Reference, style: Style, language: str) -> Iterator[Diagnostic]:
    """The title of an entry in BibTeX that the style prints as a sentence, with names in it that would lose a capital.

    Nothing tells a name from another word of a headline: its writer has to look.
    """
    kind, title = str(reference.item.get("type", "")), str(reference.item.get("title", ""))
    if ending(reference.source) != "bib" or not is_english(reference.item, language):
        return
    done = cases(style.data, kind, frozenset(reference.item)).get("title", frozenset({"title"}))
    if done != {"title"} and (words := lowered(title)):
        named = ", ".join(f"'{word}'" for word in words[:NAMED]) + (" …" if len(words) > NAMED else "")
        message = f"the style '{style.name}' prints this title as a sentence: {named} will have small letters"
        hint = f"if one of them is a name, put it in braces: {{{words[-1]}}}"
        yield reference.source.diagnostic("P222", place(reference, "title"), message, hint)
