"""Answers of other programs kept on disk, so that the same question is asked once."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, Final, TypeVar

from postil.manuscript.files import FORBIDDEN
from postil.store import Store

T = TypeVar("T")

_KIND: Final = "answer"
# what reading an answer may raise where the answer has another shape than it should
_MISREAD: Final = (LookupError, TypeError, ValueError, AttributeError, RecursionError)
# What may be an escape in JSON for a character that no book can hold, such as "\u0000". It need not be: behind another
# backslash it is words.
_ESCAPED: Final = re.compile(r"\\u(?:00[01][0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef])", re.IGNORECASE)


class AnswerError(Exception):
    """A program's answer is not of the shape that it should have."""


def kept(cache: Store | None, question: tuple[str | bytes, ...], ask: Callable[[], str], read: Callable[[str], T]) -> T:
    """The answer to a question as `read` understands it, from `cache` where it has been asked before.

    What is kept is not trusted: an answer that `read` does not understand is thrown away, and the question is asked
    again. Raises AnswerError where `read` does not understand the new answer either, and what `ask` raises.
    """
    digest = _digest(question)
    if cache is not None and (known := cache.get(_KIND, digest)) is not None:
        with contextlib.suppress(*_MISREAD):
            return read(known.decode(errors="replace"))
    answer = ask()
    try:
        result = read(answer)
    except _MISREAD as error:
        message = f"its answer cannot be read: {error}"
        raise AnswerError(message) from None
    if cache is not None:
        cache.put(_KIND, digest, answer.encode())
    return result


def decoded(answer: str) -> Any:  # noqa: ANN401 -- JSON
    """What an answer in JSON says. Raises ValueError, also for characters that no book can hold."""
    value = json.loads(answer)
    if FORBIDDEN.search(answer) or (_ESCAPED.search(answer) and any(map(FORBIDDEN.search, texts_in(value)))):
        message = "it has characters that cannot stand in a book"
        raise ValueError(message)
    return value


def texts_in(value: object) -> Iterator[str]:
    """Every text in a value of JSON, without the names in its objects."""
    match value:
        case str():
            yield value
        case list():
            for part in value:
                yield from texts_in(part)
        case dict():
            for part in value.values():
                yield from texts_in(part)


def _digest(parts: tuple[str | bytes, ...]) -> str:
    def lengths() -> Iterator[bytes]:
        for part in parts:
            data = part if isinstance(part, bytes) else part.encode()
            yield len(data).to_bytes(8, "big") + data

    return sha256(b"".join(lengths())).hexdigest()
