"""Names of fields, variables and tags that nobody knows: reported, and the known name that was meant by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from postil.source import Diagnostic, Source, Span

OFTEN = 3
"""A name that more entries have is no slip, but somebody's habit, and is reported once."""


def unknown(source: Source, names: Iterable[tuple[str, Span]], what: str) -> Iterator[Diagnostic]:
    """A report of each place where a file has an unknown name; of a name that it has often one report, with how often.

    `what` is what is so called in this kind of file: "field", "variable" or "tag".
    """
    places: dict[str, list[Span]] = {}
    for name, span in names:
        places.setdefault(name, []).append(span)
    for name, spans in places.items():
        message = f"no {what} is called '{name}', and what it says is passed over"
        if len(spans) > OFTEN:
            yield source.diagnostic("P231", spans[0], f"{message}; {len(spans)} entries have it")
        else:
            yield from (source.diagnostic("P231", span, message) for span in spans)


def nearest(word: str, names: Iterable[str]) -> str:
    """The name that was meant by a misspelt one; nothing where none is near enough."""
    # with a number behind it a name is one of its own, such as "note2"
    if word[-1:].isdigit():
        return ""
    plain = _plain(word)
    best = min(((_distance(plain, _plain(name)), name) for name in names), default=(len(word), ""))
    return best[1] if best[0] <= (0 if len(plain) < 4 else 1 if len(plain) < 9 else 2) else ""  # noqa: PLR2004


def _plain(word: str) -> str:
    return word.casefold().replace("-", "").replace("_", "").replace(" ", "")


def _distance(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many, or have changed places with their neighbour.

    This is the optimal string alignment distance: `row` has that of the letters so far to each beginning of the other.
    """
    if abs(len(one) - len(other)) > 2:  # noqa: PLR2004 -- too far to matter
        return max(len(one), len(other))
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row, above, before = [i, *[0] * len(other)], row, before or row
        for j, against in enumerate(other, 1):
            row[j] = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                row[j] = min(row[j], before[j - 2] + 1)
        before = above
    return row[-1]
