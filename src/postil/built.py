"""What was built, checked by all that knows its formats; every message stands where its cause is, if that is known."""

from __future__ import annotations

import os
import shlex
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from postil.build import Order, Outcome, Output, Stages, compose
from postil.check import examine
from postil.epub.origins import Origins
from postil.source import Diagnostic, in_order
from postil.targets import Progress

LARGEST = 1 << 30
"""The most bytes of a file that is checked."""


def check_built(folder: Path, orders: Sequence[Order], progress: Progress = lambda _stage, _share: None) -> Outcome:
    """What checkers say of the files that orders for the title in `folder` have made, of those that are there.

    The outputs are the files that were checked.
    """
    title = folder.resolve().name
    outputs: list[Output] = []
    found: list[Diagnostic] = []
    for order in orders:
        origins = cache(partial(_origins, folder, order))  # which takes time, so only where something is wrong
        for form in order.formats:
            built = _read(title, order, form)
            if built is not None:
                output, said = _checked(built, form, progress)
                outputs.append(output)
                found += (_placed(each, built, folder, origins) for each in said)
    if not outputs:
        found.append(_nothing(folder, orders[0]))
    return Outcome(title, tuple(outputs), in_order(tuple(found)))


@dataclass(frozen=True, slots=True)
class _Built:
    """A file of results."""

    path: Path
    data: bytes

    def member(self, name: str) -> bytes | None:
        """What an EPUB has under a name."""
        with suppress(BadZipFile, KeyError, zlib.error, RuntimeError, EOFError):
            return ZipFile(BytesIO(self.data)).read(name)
        return None


def _read(title: str, order: Order, form: str) -> _Built | None:
    place, name = order.out / title, order.file(title, form)
    data = place.read(name, LARGEST)
    return None if data is None else _Built(place.path / name, data)


def _checked(built: _Built, form: str, progress: Progress) -> tuple[Output, tuple[Diagnostic, ...]]:
    name, stage = built.path.name, Stages()
    with stage(form):
        said = examine(name, built.data, form, lambda checker: progress(f"{name}: {checker}", 0))
    return Output(built.path, None, len(built.data), stage.seconds[form]), said


def _origins(folder: Path, order: Order) -> Origins | None:
    """The ways back to the manuscript as it is now; None where no book can be made of it any more."""
    book, _ = compose(folder, order, Stages(), order.cache(folder.resolve().name))
    return None if book is None else Origins(book)


def _placed(said: Diagnostic, built: _Built, folder: Path, origins: Callable[[], Origins | None]) -> Diagnostic:
    """What was said of a file at its source, or else at the file, or at the member of it that it is about."""
    at = said.position
    if at is None:
        return said
    member = at.path.removeprefix(built.path.name).strip("/")
    data = built.member(member) if member else None
    known = None if data is None else origins()
    source = None if known is None or data is None else known.of(member, data, at.line, at.column)
    if source is not None:
        there = f"{member}:{at.line}:{at.column}" if at.line else member
        return replace(said, message=f"{said.message} (in {there})", position=source)
    here = Path(os.path.relpath(built.path.resolve(), folder.resolve()), member).as_posix()
    return replace(said, position=replace(at, path=here))


def _nothing(folder: Path, order: Order) -> Diagnostic:
    place = order.out / folder.resolve().name
    message = f"there is nothing to check: '{os.path.relpath(place.path)}' has no PDF or EPUB of this title"
    command = ["postil", "build", os.path.relpath(folder), *(() if order.out.below else ("--out", str(order.out.path)))]
    return Diagnostic("P940", message, None, f"run: {shlex.join(command)}")
