"""Work done in a process of its own, which is stopped when it takes more time or memory than it may.

The process is forked: it starts at once with everything imported, and nothing has to be pickled on its way in. A
fork is safe only where no other thread runs, so `run` is for a program's main thread before it has started others.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import resource
import shutil
import signal
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from time import monotonic
from typing import Generic, Literal, TypeVar, cast

from postil.document import Limits
from postil.source import Diagnostic
from postil.writing import Folder, LinkError

Progress = Callable[[str, float], None]
T = TypeVar("T")

_fork = multiprocessing.get_context("fork")
_LOG = "log"
_ENDING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})


@dataclass(frozen=True, slots=True)
class _Done(Generic[T]):
    result: T


def run(task: Callable[[Progress], T], limits: Limits, hear: Progress, out: Folder) -> T | Diagnostic:
    """Do a task in a child process and give its result, or a diagnostic that says why there is none.

    `hear` gets what the task reports of its progress: a stage and the share of it that is done. Whatever
    happens, the child and all processes that it started have ended when this returns, their temporary files are gone,
    and so is what was half written in `out`. So it is after an interrupt, which raises KeyboardInterrupt.
    """
    with interruptible():
        return _run(task, limits, hear, out)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let an interrupt be an exception, where something has to be tidied up when one comes."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:  # as for what a shell runs in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _run(task: Callable[[Progress], T], limits: Limits, hear: Progress, out: Folder) -> T | Diagnostic:
    # An interrupt waits until there is something to tidy up, and until the child answers it in its own way.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    scratch = Path(tempfile.mkdtemp(prefix="postil-"))
    receiver, sender = _fork.Pipe(duplex=False)
    child = _fork.Process(target=_work, args=(task, limits, sender, scratch, out))
    stage = "start"
    try:
        child.start()
        sender.close()
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        deadline = monotonic() + limits.seconds
        while ready := wait([receiver, child.sentinel], max(0.0, deadline - monotonic())):
            match _received(receiver) if receiver in ready else None:
                case _Done(result):
                    return cast("T", result)
                case Diagnostic() as diagnostic:
                    return diagnostic
                case str(stage), float(share):
                    hear(stage, share)
                case _:
                    child.join()
                    return _crashed(child.exitcode or 0, stage, scratch, limits)
        return Diagnostic(
            "P930",
            f"the work took longer than {limits.seconds} s, and was ended in the stage '{stage}'",
            hint=f"look for what is so large there, or {_remedy('seconds', limits)}",
        )
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        _end(child)
        receiver.close()
        shutil.rmtree(scratch, ignore_errors=True)
        if child.pid:
            out.sweep(child.pid)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _received(receiver: Connection) -> object:
    """The child's next message, or None when it has closed its end."""
    try:
        return receiver.recv()
    except EOFError:
        return None


def _end(child: ForkProcess) -> None:
    if child.pid:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.kill()  # in case it has not yet made a group of its own
        child.join()


# --- in the child ----------------------------------------------------------------------------------------


def _work(task: Callable[[Progress], object], limits: Limits, sender: Connection, scratch: Path, out: Folder) -> None:
    _settle(limits, scratch, out)
    try:
        sender.send(_Done(task(lambda stage, share: sender.send((stage, float(share))))))
    except MemoryError:
        _allow_memory(None)  # to say so takes some, too
        sender.send(_out_of_memory(limits, known=True))
    except RecursionError:
        hint = "look for lists, quotations, brackets or elements that stand dozens of levels deep in each other"
        sender.send(Diagnostic("P932", "something is nested too deeply", hint=hint))
    except OSError as error:
        sender.send(_refused(error))
    except Exception as error:  # noqa: BLE001  (a fault of ours: said as a message, as every other)
        sender.send(_fault(error))


def _settle(limits: Limits, scratch: Path, out: Folder) -> None:
    """Make the process one that can be ended as a whole, that says nothing, and that cannot take too much."""
    os.setpgid(0, 0)
    for number in _ENDING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_follow, args=(parent.sentinel, scratch, out), daemon=True).start()
    os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)
    log = os.open(scratch / _LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    faulthandler.disable()  # where it is on, it would write past the log
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _allow_memory(limits.memory)


def _allow_memory(size: int | None) -> None:
    """Let this process have so many bytes of memory; None: as many as the system lets it."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(ValueError, OSError):  # macOS knows this limit, and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (most if size is None else size, most))


def _follow(parent: int, scratch: Path, out: Folder) -> None:
    """Tidy up and end this process and its own children when the parent is gone without having done so."""
    wait([parent])
    out.sweep(os.getpid())
    shutil.rmtree(scratch, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


# --- what went wrong -------------------------------------------------------------------------------------


def _remedy(limit: Literal["seconds", "memory"], limits: Limits) -> str:
    """How whoever runs the command can have a limit raised."""
    if limit in limits.lowered:
        return f"run it with a higher --max-{limit}"
    return f"raise '{limit}' under [limits] in book.toml"


def _out_of_memory(limits: Limits, *, known: bool = False) -> Diagnostic:
    """What is said of a title that needs more memory than it may have; `known` is whether it was this limit."""
    more = f" than {limits.memory >> 20} MB" if known else " than there is"
    hint = f"look for very large pictures or tables, or {_remedy('memory', limits)}"
    return Diagnostic("P931", f"the work needs more memory{more}", hint=hint)


def _crashed(status: int, stage: str, scratch: Path, limits: Limits) -> Diagnostic:
    """A child that ended without a word: by a signal, or by its own exit. Its last words are in its log."""
    lines = (scratch / _LOG).read_text("utf-8", "replace").split("\n") if (scratch / _LOG).exists() else []
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    if -status == signal.SIGKILL or "alloc" in last or "memory" in last.lower():
        return _out_of_memory(limits)
    how = f"ended by {signal.Signals(-status).name}" if status < 0 else f"ended early, with status {status}"
    return Diagnostic(
        "P933",
        f"the work was {how} in the stage '{stage}'{f': {last}' if last else ''}",
        hint="a library has failed: leave out pictures or passages by turns to find the one that it fails at",
    )


def _refused(error: OSError) -> Diagnostic:
    """What the operating system said no to: a folder that cannot be written to, a disk that is full; and links."""
    if isinstance(error, LinkError):
        return Diagnostic(
            "P936",
            f"'{error.filename}' is a link, and nothing is written through it",
            hint="delete it, or say with --out where the results shall go",
        )
    name = f" for '{error.filename}'" if error.filename else ""
    return Diagnostic(
        "P935",
        f"the system says '{(error.strerror or str(error)).lower()}'{name}",
        hint="look at the permissions of the file and its folder, and at the space left on the disk",
    )


def _fault(error: Exception) -> Diagnostic:
    """An exception that nobody foresaw, with the places in this package that it came through."""
    package = Path(__file__).parent
    places = [
        f"{Path(frame.filename).relative_to(package).as_posix()}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(package)
    ]
    said = " ".join(str(error).split())
    return Diagnostic(
        "P934",
        f"Postil has a fault: {type(error).__name__}: {said} (at {', '.join(places[-4:])})",
        hint="the manuscript is not to blame: please report this message",
    )
