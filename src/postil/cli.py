"""The command line: arguments in, one call, diagnostics out, exit code."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from functools import partial
from io import StringIO
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn, get_args

import click
from rich.console import Console

from postil import __version__
from postil.document import EDITIONS, FORMATS, MAIN, Limits
from postil.limits import Progress, interruptible, run
from postil.manuscript import UnknownTitleError, find, project, read_title
from postil.progress import progress
from postil.report import Finding, as_json, count, findings, human, human_rest, in_groups, results, short, shown, size
from postil.scaffold import NotEmptyError, scaffold
from postil.source import Diagnostic, Severity, codes, in_order
from postil.store import NAME, Store
from postil.writing import Folder, LinkError, write

if TYPE_CHECKING:
    from postil.build import Order, Outcome, Output

Form = Literal["human", "short", "json"]
Task = Literal["build", "check"]
BUILD: Final = frozenset[Task]({"build"})
CHECK: Final = frozenset[Task]({"check"})
Command = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Allowance:
    """What any title may ask for at most: seconds, and memory in bytes; None allows whatever it asks for."""

    seconds: int | None
    memory: int | None

    @classmethod
    def of(cls, seconds: int | None, mebibytes: int | None) -> Allowance:
        """The same from the options of a command."""
        return cls(seconds, None if mebibytes is None else mebibytes << 20)


_EXIT: Final = """\b
Exit status: 0 done; 1 the manuscript has errors; 2 the command line is wrong; 3 a file or a stream that the
command line names cannot be written; 130 interrupted.
"""

_TITLES = click.argument("titles", nargs=-1, metavar="[TITLE]...")
_STRICT = click.option("--strict", is_flag=True, help="Make warnings errors.")
_RELEASE = click.option("--release", is_flag=True, help="Make open queries and undecided changes errors.")
_NO_CACHE = click.option(
    "--no-cache", is_flag=True, help="Use nothing that earlier builds have kept, and keep nothing for later ones."
)
_DIAGNOSTICS = click.option(
    "--diagnostics",
    type=click.Choice(get_args(Form)),
    default="human",
    show_default=True,
    help="How messages are written: with the line they are about, in one line each, or as a JSON list on stdout.",
)


_REFUSED: Final = 3
_INTERRUPTED: Final = 130


def _limiting(command: Command) -> Command:
    """The options that say what a title may ask for at most, for titles that strangers have made."""
    seconds = click.option(
        "--max-seconds",
        type=click.IntRange(min=1),
        envvar="POSTIL_MAX_SECONDS",
        help="Let no title take longer, whatever its [limits] say. [env: POSTIL_MAX_SECONDS]",
        metavar="N",
    )
    memory = click.option(
        "--max-memory",
        type=click.IntRange(min=1),
        envvar="POSTIL_MAX_MEMORY",
        help="Let no title take more memory, in MiB, whatever its [limits] say. [env: POSTIL_MAX_MEMORY]",
        metavar="N",
    )
    return seconds(memory(command))


class _Program(click.Group):
    """The command line as a whole: it shows what a terminal may have, and says its exit status."""

    def main(self, *args: Any, **options: Any) -> NoReturn:  # noqa: ANN401 -- click's own arguments
        """Carry out a command line, and exit."""
        try:
            status = super().main(*args, **options | {"standalone_mode": False})
        except click.Abort:
            click.echo("interrupted: nothing half-written is left", err=True)
            sys.exit(_INTERRUPTED)
        except click.ClickException as error:
            words = StringIO()
            error.show(words)
            click.echo("\n".join(map(shown, words.getvalue().rstrip("\n").split("\n"))), err=True)
            sys.exit(error.exit_code)
        except OSError as error:
            named = f" '{error.filename}'" if error.filename else ""
            click.echo(shown(f"Error: the system refuses{named}: {error.strerror or error}"), err=True)
            sys.exit(_REFUSED)
        sys.exit(status if isinstance(status, int) else 0)


@click.group(
    cls=_Program,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Begin with:
  postil new my-book     a small book that builds at once
  cd my-book
  postil build           build/my-book/my-book-annotated.pdf and .epub
  postil build --edition proof --edition clean
  postil check           what is wrong, without building
  postil check --built   what checkers say of the PDF and the EPUB
  postil help dialect    what a manuscript can have; 'help settings': what book.toml can say
  postil codes P201      what a message means
  postil styles mla      citation styles with that word in their name or title
""",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def main() -> None:
    """Annotated editions from Markdown: a PDF for print and an EPUB.

    A title is a folder with a book.toml and chapters in Markdown. TITLE is such a folder, or the name of one
    under manuscript/. Without TITLE it is the one of the current folder, or all that are under manuscript/.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as with nohup
            signal.signal(number, _leave)


def _leave(number: int, _frame: FrameType | None) -> None:
    """End by an exception, so that nothing half-written and no process stays behind."""
    raise SystemExit(128 + number)


@main.command(
    "build",
    epilog=f"""\b
Examples:
  postil build                             every title here, annotated, as PDF and EPUB
  postil build essay --edition proof       the proof, with changes, queries and their list
  postil build essay --release --strict    for the printer: nothing open, no warnings
  postil build essay --check               and have the files checked: qpdf, EPUBCheck
  postil build --format epub --out /tmp/books

{_EXIT}""",
)
@_TITLES
@click.option(
    "--edition",
    "editions",
    multiple=True,
    type=click.Choice(list(EDITIONS)),
    help=f"Which edition to build; may be given again. [default: {MAIN}]",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(list(FORMATS)),
    help="What to write it as; may be given again. [default: both; the proof is a PDF only]",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where results go: DIR/<title>/<title>-<edition>.pdf. [default: build/ beside manuscript/]",
    metavar="DIR",
)
@click.option(
    "--check",
    "check",
    is_flag=True,
    help="Then check the files that were made, as 'postil check --built' does.",
)
@_RELEASE
@_STRICT
@_DIAGNOSTICS
@_NO_CACHE
@_limiting
@click.option(
    "--timings",
    type=click.Path(path_type=Path),
    help="Write the seconds that each stage took, as JSON.",
    metavar="FILE",
)
def build_command(  # noqa: PLR0917  (click passes them by name)
    titles: tuple[str, ...],
    editions: tuple[str, ...],
    formats: tuple[str, ...],
    out: Path | None,
    check: bool,
    release: bool,
    strict: bool,
    diagnostics: Form,
    no_cache: bool,
    max_seconds: int | None,
    max_memory: int | None,
    timings: Path | None,
) -> None:
    """Make books: PDF and EPUB of each edition.

    TITLE is a folder with a book.toml, or the name of one under manuscript/; without it, the one of the current
    folder, or all under manuscript/.
    """
    wanted = formats or tuple(name for name, each in FORMATS.items() if each.published)
    chosen = {
        edition: tuple(form for form in EDITIONS[edition].formats if form in wanted) for edition in editions or (MAIN,)
    }
    for edition, forms in chosen.items():
        if not forms:
            only = " and ".join(form.upper() for form in EDITIONS[edition].formats)
            raise click.UsageError(f"the {edition} edition is written as {only} only")
    allowed = Allowance.of(max_seconds, max_memory)
    tasks = BUILD | CHECK if check else BUILD
    _carry_out(
        titles,
        chosen,
        out,
        diagnostics,
        allowed,
        tasks=tasks,
        timings=timings,
        release=release,
        strict=strict,
        cached=not no_cache,
    )


@main.command(
    "check",
    epilog=f"""\b
Examples:
  postil check                   what is wrong with each manuscript here
  postil check essay --thorough  the same, and with its pages and files
  postil check essay --built     what checkers say of build/essay/*.pdf and *.epub

{_EXIT}""",
)
@_TITLES
@_RELEASE
@_STRICT
@_DIAGNOSTICS
@click.option(
    "--thorough",
    is_flag=True,
    help="Lay out every page and make every file, but write none: slower, but what passes this, builds.",
)
@click.option(
    "--built",
    "built",
    is_flag=True,
    help="Check the files that were built, not the manuscript: by qpdf, EPUBCheck, veraPDF and Ace.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="With --built, where results are. [default: build/ beside manuscript/]",
    metavar="DIR",
)
@_NO_CACHE
@_limiting
def check_command(  # noqa: PLR0917  (click passes them by name)
    titles: tuple[str, ...],
    release: bool,
    strict: bool,
    diagnostics: Form,
    thorough: bool,
    built: bool,
    out: Path | None,
    no_cache: bool,
    max_seconds: int | None,
    max_memory: int | None,
) -> None:
    """Say what is wrong with a manuscript, or with what was built of it.

    Style sheets, drawings and fonts are tried for print too, but pages are laid out only with --thorough.

    With --built every PDF and EPUB of the title is given to the checkers that are installed. What they say stands at
    the chapter that it comes from, where that is known, else at the file that was built.

    TITLE is a folder with a book.toml, or the name of one under manuscript/; without it, the one of the current
    folder, or all under manuscript/.
    """
    allowed = Allowance.of(max_seconds, max_memory)
    if built:
        if release or thorough:
            raise click.UsageError(
                f"--built is not about the manuscript, as --{'release' if release else 'thorough'} is"
            )
        every = {name: edition.formats for name, edition in EDITIONS.items()}
        _carry_out(titles, every, out, diagnostics, allowed, tasks=CHECK, strict=strict, cached=not no_cache)
    if out:
        raise click.UsageError("--out says where results are that --built shall check")
    forms = EDITIONS[MAIN].formats if thorough else ()
    _carry_out(
        titles,
        {MAIN: forms},
        None,
        diagnostics,
        allowed,
        release=release,
        strict=strict,
        dry=True,
        cached=not no_cache,
    )


def _carry_out(
    titles: tuple[str, ...],
    editions: Mapping[str, tuple[str, ...]],
    out: Path | None,
    form: Form,
    allowed: Allowance,
    *,
    tasks: frozenset[Task] = BUILD,
    timings: Path | None = None,
    release: bool = False,
    strict: bool,
    dry: bool = False,
    cached: bool = True,
) -> NoReturn:
    """Carry out the same order for every title, show what came of it, and exit with 1 where there are errors."""
    folders = _folders(titles)
    from postil.build import Order

    console = Console(stderr=True)
    found: list[Finding] = []
    outputs: list[Output] = []
    measured: dict[str, object] = {}
    for folder in folders:
        place = _results(folder, out)
        orders = [Order(edition, formats, place, release, strict, dry, cached) for edition, formats in editions.items()]
        made = {order: _outcome(folder, order, console, allowed) for order in orders} if tasks >= BUILD else {}
        measured |= {
            shown(f"{outcome.title}-{order.edition}"): {
                "seconds": outcome.timings,
                "layouts": [asdict(layout) for layout in outcome.layouts],
            }
            for order, outcome in made.items()
        }
        outcomes = [*made.values()]
        outputs += [output for outcome in outcomes for output in outcome.outputs]
        if tasks >= CHECK and (there := [order for order in orders if not made or made[order].outputs]):
            checked = _checked(folder, there, console, allowed)
            outcomes.append(checked)
            outputs += () if made else checked.outputs
        diagnostics = in_order(tuple(d for outcome in outcomes for d in outcome.diagnostics))
        these = findings(diagnostics, folder, strict=strict)
        _show(these, form, console)
        found += these
    if form == "json":
        click.echo(as_json(found))
    for line in results(outputs):
        click.echo(line, err=form == "json")
    console.print(count(found), highlight=False)
    if timings:
        with _writing():
            write(timings, json.dumps(measured, ensure_ascii=False, indent=2).encode())
    sys.exit(1 if any(finding.severity is Severity.ERROR for finding in found) else 0)


def _folders(titles: tuple[str, ...]) -> tuple[Path, ...]:
    try:
        return find(titles, Path.cwd())
    except UnknownTitleError as error:
        raise click.UsageError(str(error)) from None


def _results(folder: Path, out: Path | None) -> Folder:
    """Where the folders of results are: the one that the command line names, or `build/` beside `manuscript/`."""
    return Folder(out) if out else Folder(project(folder) or Path.cwd()) / "build"


def _outcome(folder: Path, order: Order, console: Console, allowed: Allowance) -> Outcome:
    """Carry out an order."""
    from postil.build import build

    return _apart(folder, order.edition, partial(build, folder, order), order.out, console, allowed)


def _checked(folder: Path, orders: Sequence[Order], console: Console, allowed: Allowance) -> Outcome:
    """Check what orders have made."""
    from postil.built import check_built

    return _apart(folder, "built", partial(check_built, folder, orders), orders[0].out, console, allowed)


def _apart(  # noqa: PLR0917 -- what the work is, where it is seen, and what it may take
    folder: Path, what: str, work: Callable[[Progress], Outcome], out: Folder, console: Console, allowed: Allowance
) -> Outcome:
    """Do some work for a title in a process of its own, within the limits that the title sets."""
    from postil.build import Outcome

    name = folder.resolve().name
    title, _ = read_title(folder)
    limits = (title.limits if title else Limits()).within(allowed.seconds, allowed.memory)
    with progress(console, f"{name}, {what}") as hear:
        answer = run(work, limits, hear, out / name)
    return Outcome(name, (), (answer,)) if isinstance(answer, Diagnostic) else answer


def _show(found: tuple[Finding, ...], form: Form, console: Console) -> None:
    if form == "human":
        first, rest = in_groups(found)
        for text in (*(human(finding, console.width) for finding in first), *map(human_rest, rest)):
            console.print(text, soft_wrap=True)
    elif form == "short":
        for finding in found:
            click.echo(short(finding), err=True)


class _UnwrittenError(click.ClickException):
    exit_code = _REFUSED


@contextmanager
def _writing() -> Iterator[None]:
    """Say in a line, not by a traceback, that a file which the command line names cannot be written."""
    try:
        with interruptible():
            yield
    except LinkError as error:
        message = f"'{error.filename}' is a link, and nothing is written through it: name what it leads to"
        raise _UnwrittenError(message) from None
    except OSError as error:
        raise _UnwrittenError(f"cannot write '{error.filename}': {error.strerror}") from None


@main.command(
    "clean",
    epilog=f"""\b
Examples:
  postil clean                   of every title here
  postil clean essay --out /tmp/books

{_EXIT}""",
)
@_TITLES
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where results are. [default: build/ beside manuscript/]",
    metavar="DIR",
)
def clean_command(titles: tuple[str, ...], out: Path | None) -> None:
    """Remove what builds have kept for later ones.

    That is what took them long, such as answers of other programs. It lies in build/TITLE/.cache, and is made again
    when it is needed. Books that were built stay, as does whatever else is in that folder.

    TITLE is a folder with a book.toml, or the name of one under manuscript/; without it, the one of the current
    folder, or all under manuscript/.
    """
    refused: list[str] = []
    for folder in _folders(titles):
        place = _results(folder, out) / folder.resolve().name / NAME
        name = os.path.relpath(place.path)
        try:
            click.echo(f"{shown(name)}: {size(Store(place).clear())} freed")
        except LinkError as error:
            refused.append(f"'{os.path.relpath(error.filename)}' is a link, and nothing is removed behind it")
        except OSError as error:
            refused.append(f"cannot empty '{name}': {error.strerror}")
    if refused:
        raise _UnwrittenError("\n".join(refused))


@main.command("new")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def new_command(folder: Path) -> None:
    """Make a small title in DIR that builds at once, to begin from."""
    try:
        with _writing():
            files = scaffold(folder)
    except NotEmptyError as error:
        raise click.UsageError(str(error)) from None
    for path in files:
        click.echo(shown(str(path)))
    click.echo(shown(f"now: cd {shlex.quote(str(folder))} && postil build"), err=True)


@main.command("codes")
@click.argument("code", required=False)
def codes_command(code: str | None) -> None:
    """Explain the codes of messages.

    Without CODE, all in a list; with one, in full.
    """
    known = codes()
    if code is None:
        for row in known.values():
            click.echo(f"{row.code}  {row.severity:<7}  {row.title}")
        return
    if code.upper() not in known:
        raise click.UsageError(f"there is no code '{code}'; 'postil codes' lists them")
    row = known[code.upper()]
    click.echo(f"{row.code}, {row.severity}: {row.title}\n\n{row.explanation}\n\nExample:\n\n  {row.example}")


@main.command("styles")
@click.argument("word", required=False, default="")
def styles_command(word: str) -> None:
    """List the citation styles that come along.

    With WORD, those that have it in their name or title. In columns: the name for book.toml, whether citations are
    notes or stand in the text, and the style's title.
    """
    from postil.bibliography import styles

    found = [(name, "note" if form == "note" else "in text", title) for name, title, form in styles(word)]
    if not found:
        raise click.UsageError(f"no citation style has '{word}' in its name or title")
    width = max(len(name) for name, _, _ in found)
    for name, kind, title in found:
        click.echo(f"{name:<{width}}  {kind:<7}  {title}")


@main.command("help")
@click.argument("topic", required=False)
@click.option("--markdown", "as_markdown", is_flag=True, help="Write a topic as Markdown.")
@click.pass_context
def help_command(context: click.Context, topic: str | None, as_markdown: bool) -> None:
    """Explain a topic or a command.

    Without TOPIC, say what there is help on.
    """
    from postil.topics import TOPICS, WIDTH, markdown, plain

    if as_markdown and topic not in TOPICS:
        raise click.UsageError(f"--markdown is for topics: {', '.join(TOPICS)}")
    if topic is None:
        topics = [(name, each.about) for name, each in TOPICS.items()]
        commands = [(name, command.get_short_help_str(WIDTH)) for name, command in main.commands.items()]
        for heading, rows in (("Topics", topics), ("Commands", commands)):
            click.echo(f"{heading}:")
            for name, about in rows:
                click.echo(f"  {name:<8}  {about}")
    elif topic in TOPICS:
        click.echo((markdown if as_markdown else plain)(TOPICS[topic]), nl=False)
    elif topic in main.commands:
        command = main.commands[topic]
        click.echo(command.get_help(click.Context(command, context.parent, info_name=topic)))
    else:
        known = (*TOPICS, *main.commands)
        close = get_close_matches(topic, known, 1)
        hint = f"did you mean '{close[0]}'?" if close else f"there is help on {', '.join(known)}"
        raise click.UsageError(f"there is no help on '{topic}'; {hint}")
