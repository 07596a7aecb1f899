"""Work done in a process of its own, which is stopped when it takes more time or memory than it may.

Three processes take part. This one supervises: it listens to the builder, ends it when its time is up, and tidies up
after it. The builder does the work, and may fork others to help: all of them are one process group, so that they can
be ended at once. The heir does nothing as long as the supervisor lives, and tidies up in its place if it is killed.

    postil ─┬─ builder ─── whatever it forks or runs
            └─ heir

All are forked: a builder starts at once with everything imported, and nothing has to be pickled on its way in. A
fork is safe only where no other thread runs, so `run` is for a program's main thread before it has started others.
The builder has one thread, too, so that it may fork in its turn.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import resource
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import monotonic
from typing import Final, Generic, Literal, NamedTuple, TypeVar, cast

from postil.document import Limits
from postil.source import Diagnostic
from postil.writing import Folder, LinkError

Progress = Callable[[str, float], None]
T = TypeVar("T")

_fork = multiprocessing.get_context("fork")
_LOG: Final = "log"
_ENDING: Final = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
_PATIENCE: Final = 5.0
"""The seconds in which a process that was killed is gone, unless the system itself is stuck."""


def run(task: Callable[[Progress], T], limits: Limits, hear: Progress, out: Folder) -> T | Diagnostic:
    """Do a task in a child process and give its result, or a diagnostic that says why there is none.

    `hear` gets what the task reports of its progress: a stage and the share of it that is done. Whatever
    happens, the child and all processes that it started have ended when this returns, their temporary files are gone,
    and so is what was half written in `out`. So it is after an interrupt, which raises KeyboardInterrupt, and soon
    after this process has been killed.

    The limit of time is one for all these processes: they are ended together. The limit of memory is one for each of
    them, and not for their sum: the system passes it on to whatever is forked or run, and refuses more before it is
    taken. A sum could only be looked at now and then, would come too late for what grows fast, and would count again
    for each process the memory that forks share. A task that forks several processes can lower the limit of each.
    """
    with interruptible(), _uninterrupted() as before:
        supervisor = _Supervisor(task, limits, out)
        try:
            supervisor.start()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            return supervisor.listen(hear)
        finally:
            signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
            supervisor.end()


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


@contextmanager
def _uninterrupted() -> Iterator[set[int]]:
    """Let interrupts wait until there is nothing half done; the value is which signals waited before."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield before
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass(frozen=True, slots=True)
class _Done(Generic[T]):
    result: T


class _Pipe(NamedTuple):
    """The two ends of a pipe. Its reader finds it at an end when no process has the writer any more.

    So it tells of a process that has ended, however it did: only those whose end it shall tell of keep the writer.
    """

    reader: Connection
    writer: Connection

    @classmethod
    def new(cls) -> _Pipe:
        """A pipe that forks of this process have, too, but no program that it runs."""
        return cls(*_fork.Pipe(duplex=False))

    def close(self) -> None:
        """Close both ends in this process."""
        self.reader.close()
        self.writer.close()


class _Supervisor(Generic[T]):
    """The owner of a task's limits, of the processes that work on it, and of what these leave behind."""

    def __init__(self, task: Callable[[Progress], T], limits: Limits, out: Folder) -> None:
        self._limits = limits
        self._out = out
        self._messages = _Pipe.new()  # its writer is the builder's alone
        self._workers = _Pipe.new()  # its writer is the builder's and that of all its forks
        self._life = _Pipe.new()  # its writer is the supervisor's, once the builder has said who it is
        self._scratch = Path(tempfile.mkdtemp(prefix="postil-"))
        self._heir = _fork.Process(target=self._outlive)
        self._builder = _fork.Process(target=self._build, args=(task,))

    def start(self) -> None:
        """Start the heir, then the builder, so that there is no moment in which the builder has no heir.

        Each leads a group of its own, which whatever is sent to the group of the supervisor does not reach.
        """
        for process in (self._heir, self._builder):
            process.start()
            with suppress(OSError):  # it may have ended already
                os.setpgid(cast("int", process.pid), 0)
        self._messages.writer.close()
        self._workers.writer.close()

    def listen(self, hear: Progress) -> T | Diagnostic:
        """Pass on what the builder says of its progress, until there is a result or a reason that there is none."""
        stage = "start"
        deadline = monotonic() + self._limits.seconds
        while self._messages.reader.poll(max(0.0, deadline - monotonic())):
            match self._received():
                case _Done(result):
                    return cast("T", result)
                case Diagnostic() as diagnostic:
                    return diagnostic
                case str(stage), float(share):
                    hear(stage, share)
                case _:
                    self._builder.join()
                    return _crashed(self._builder.exitcode or 0, stage, self._scratch, self._limits)
        return _out_of_time(stage, self._limits)

    def _received(self) -> object:
        """The builder's next message, or None when it has ended, be it in the middle of one."""
        try:
            return self._messages.reader.recv()
        except (EOFError, OSError):
            return None

    def end(self) -> None:
        """End all processes, and leave nothing behind."""
        self._tidy(self._builder.pid)
        for process in (self._heir, self._builder):
            if process.pid:
                process.kill()
                process.join()
        for pipe in (self._messages, self._workers, self._life):
            pipe.close()

    def _tidy(self, builder: int | None) -> None:
        """End the builder with all that it has started, wait for their end, and remove what they leave behind.

        It can be done again at any point: the heir does so when the supervisor is killed while it does it.
        """
        if builder:
            with suppress(ProcessLookupError, PermissionError):  # which macOS says of a group that has ended
                os.killpg(builder, signal.SIGKILL)
            wait([self._workers.reader], _PATIENCE)
            self._out.sweep(builder)
        shutil.rmtree(self._scratch, ignore_errors=True)

    # --- in the heir -------------------------------------------------------------------------------------

    def _outlive(self) -> None:
        """Wait until the supervisor is gone, then tidy up in its place.

        Interrupts are left waiting, as they were in the supervisor at the fork: they never come.
        """
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):  # else who reads what the supervisor says would wait for the heir to end, too
            os.dup2(nowhere, stream)
        self._messages.close()
        self._workers.writer.close()
        self._life.writer.close()
        builder = None
        with suppress(EOFError):
            while True:
                builder = self._life.reader.recv()
        self._tidy(builder)

    # --- in the builder ----------------------------------------------------------------------------------

    def _build(self, task: Callable[[Progress], T]) -> None:
        say = self._messages.writer.send
        try:
            self._settle()
            say(_Done(task(lambda stage, share: say((stage, float(share))))))
        except MemoryError:
            _allow_memory(None)  # to say so takes some, too
            say(_out_of_memory(self._limits, known=True))
        except RecursionError:
            hint = "look for lists, quotations, brackets or elements that stand dozens of levels deep in each other"
            say(Diagnostic("P932", "something is nested too deeply", hint=hint))
        except OSError as error:
            say(_refused(error))
        except Exception as error:  # noqa: BLE001  (a fault of ours: said as a message, as every other)
            say(_fault(error))

    def _settle(self) -> None:
        """Make the process one that can be ended as a whole, that says nothing, and that cannot take too much."""
        os.setpgid(0, 0)  # the supervisor may not have come to it yet
        os.environ["TMPDIR"] = tempfile.tempdir = str(self._scratch)
        log = os.open(self._scratch / _LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(log, 1)
        os.dup2(log, 2)
        faulthandler.disable()  # where it is on, it would write past the log
        # Until this is closed here, the heir does not see the supervisor as gone: it always learns first whom to end.
        self._life.writer.send(os.getpid())
        self._life.close()
        self._messages.reader.close()
        self._workers.reader.close()
        os.register_at_fork(after_in_child=self._messages.writer.close)
        for number in _ENDING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _allow_memory(self._limits.memory)


def _allow_memory(size: int | None) -> None:
    """Let this process have so many bytes of memory; None: as many as the system lets it."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(ValueError, OSError):  # macOS knows this limit, and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (most if size is None else size, most))


# --- what went wrong -------------------------------------------------------------------------------------


def _out_of_time(stage: str, limits: Limits) -> Diagnostic:
    return Diagnostic(
        "P930",
        f"the work took longer than {limits.seconds} s, and was ended in the stage '{stage}'",
        hint=f"look for what is so large there, or {_remedy('seconds', limits)}",
    )


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
