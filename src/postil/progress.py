"""How far the work is: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from postil.limits import Progress as Hear
from postil.report import shown


@contextmanager
def progress(console: Console, label: str) -> Iterator[Hear]:
    """A function that shows, on the console, the stage that it is told and the share of it that is done."""
    if not console.is_terminal:
        stages: list[str] = []

        def say(stage: str, share: float) -> None:  # noqa: ARG001  (lines have no bar)
            if stage not in stages:
                stages.append(stage)
                console.print(shown(f"{label}: {stage}"), soft_wrap=True, markup=False, highlight=False)

        yield say
        return
    # No refreshing by itself: that would be a thread, and work is done in a fork of this process.
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, auto_refresh=False, transient=True) as bar:
        task = bar.add_task(label, total=1.0)

        def show(stage: str, share: float) -> None:
            bar.update(task, description=shown(f"{label}: {stage}"), completed=share, refresh=True)

        yield show
