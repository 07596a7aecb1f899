"""Openers and closers whose partner is not where it should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from postil.dialect.nesting import MARKS, Stray
from postil.dialect.tokens import Closer, Opener
from postil.source import Diagnostic, Source


def strays(found: Sequence[Stray], source: Source) -> Iterator[Diagnostic]:
    """One error for each pair that does not meet, and for each opener or closer that has no partner at all."""
    alone: list[Stray] = []
    open_by_family: dict[str, list[Stray]] = {}
    for stray in sorted(found, key=lambda stray: stray.token.start):
        waiting = open_by_family.setdefault(stray.token.family, [])
        if isinstance(stray.token, Opener):
            waiting.append(stray)
            alone.append(stray)
        elif waiting:
            opener = waiting.pop()
            alone.remove(opener)
            yield _apart(opener, stray, source)
        else:
            alone.append(stray)
    for stray in alone:
        yield _single(stray.token, source)


def _apart(opener: Stray, closer: Stray, source: Source) -> Diagnostic:
    """What is wrong with a pair that begins in one element and ends in another."""
    name, start = _name(opener.token, source), opener.token.start
    end = source.position(closer.token.start)
    if opener.block != closer.block:
        message = f"{name} runs over the end of its block, to line {end.line}, column {end.column}"
        return source.diagnostic("P105", start, message, "mark the content of each block by itself, with one anchor")
    message = f"{name} crosses an emphasis or a link before it ends in line {end.line}, column {end.column}"
    return source.diagnostic("P103", start, message, "begin and end it on the same side of '*', '_' and brackets")


def _single(token: Opener | Closer, source: Source) -> Diagnostic:
    name = _name(token, source)
    if token.family.startswith("<"):
        ending = "closes nothing" if isinstance(token, Closer) else "is never closed"
        return source.diagnostic("P112", token.start, f"{name} {ending}", "write both tags in the same paragraph")
    if isinstance(token, Closer):
        typed = source.text[token.start : token.end]
        hint = "write a backslash before it if it is meant as text"
        return source.diagnostic("P102", token.start, f"'{typed}' closes nothing", hint)
    hint = f"end it with '{token.family * 2}}}' in the same block"
    return source.diagnostic("P101", token.start, f"{name} is never closed", hint)


def _name(token: Opener | Closer, source: Source) -> str:
    if token.family in MARKS:
        return f"this {MARKS[token.family]}"
    if token.family.startswith("<"):
        return f"'{source.text[token.start : token.end][:20]}'"
    return "this link"
