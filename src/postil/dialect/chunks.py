"""Chunks of R Markdown and Quarto: fenced code that a program is to run, with options in its braces or above its lines.

Nothing is run here. But what only shows a picture, `knitr::include_graphics("map.png")` under
`{r map, fig.cap="A map"}`, is that picture with its caption; and `{theorem, euclid}` is no code at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from postil.dialect import links
from postil.dialect.attributes import VALUES, Attribute, AttributeList
from postil.dialect.blocks import Line
from postil.document import Element, Parsed
from postil.source import Diagnostic, Source, Span

_ENGINE: Final = re.compile(r"\{[ \t]*(?P<engine>[A-Za-z][\w.+-]*)(?=[ \t,}])")
_LABEL: Final = re.compile(r"[ \t,]*(?P<label>[^\s,={}\"']+)(?:[ \t]*(?=[,}])|[ \t]+(?=[\w.-]+[ \t]*=))")
_OPTION: Final = re.compile(
    r"""[ \t,]*(?P<name>[\w.-]+)[ \t]*=[ \t]*
        (?:"(?P<double>(?:[^"\\\n]|\\.)*)"|'(?P<single>(?:[^'\\\n]|\\.)*)'|(?P<other>[^\s,{}()"']+(?:\([^(){}\n]*\))?))""",
    re.VERBOSE,
)
_LINE_OPTION: Final = re.compile(
    r"""\#\|[ \t]*(?P<name>[\w.-]+):[ \t]*
        (?:"(?P<double>[^"\n]*)"|'(?P<single>[^'\n]*)'|(?P<other>[^\s"'|>!\[{][^\n]*?))[ \t]*$""",
    re.VERBOSE,
)
_PICTURE: Final = re.compile(
    r"""[ \t]*(?:knitr::)?include_graphics\([ \t]*(?:path[ \t]*=[ \t]*)?
        (?:"(?P<double>[^"\\\n]+)"|'(?P<single>[^'\\\n]+)')[ \t]*
        (?:,[ \t]*(?:dpi|auto_pdf|error)[ \t]*=[ \t]*[\w.]+[ \t]*)*\)[ \t]*;?[ \t]*$""",
    re.VERBOSE,
)
_TABLE: Final = re.compile(
    r"\b(?:kable|kbl|gt|xtable|flextable)\("
    r"(?:[^\n]{0,500}?caption[ \t]*=[ \t]*[\"'](?P<caption>[^\"'\n]{1,200}))?"
)
_EMPHASIS: Final = re.compile(r"(?<!\w)[*_`]+|[*_`]+(?!\w)")
_PREFIX: Final = re.compile("fig[:-]")
_NO: Final = re.compile(r"F(?:ALSE)?\Z|false\Z")


class Option(NamedTuple):
    """What an option says, and where it stands: words, or else code that says them."""

    value: str
    place: Span
    is_words: bool


class Chunk(NamedTuple):
    """The program that a chunk is for, its label, and its options by their names in knitr: `fig.cap`, not `fig-cap`."""

    engine: str
    label: str
    options: Mapping[str, Option]
    start: int

    def says(self, name: str) -> str:
        """What an option says; nothing where it is not given."""
        return self.options[name].value if name in self.options else ""


def read(source: Source, start: int, end: int, body: Sequence[Line]) -> Chunk | None:
    """The chunk whose braces stand in a line from `start` on, above the lines of its `body`, if there is one."""
    text = source.text
    engine = _ENGINE.match(text, start, end)
    if engine is None:
        return None
    label = _LABEL.match(text, engine.end(), end)
    at = label.end() if label else engine.end()
    options: dict[str, Option] = {}
    while found := _OPTION.match(text, at, end):
        options[found["name"]] = _option(found, bare=False)
        at = found.end()
    for line in body:
        found = _LINE_OPTION.match(text, line.start, line.end)
        if found is None:
            break
        options[found["name"].replace("-", ".")] = _option(found, bare=True)
    own = options.get("label")
    return Chunk(engine["engine"], own.value if own else label["label"] if label else "", options, start)


def _option(found: re.Match[str], *, bare: bool) -> Option:
    """What an option says; `bare` words need no quotation marks."""
    form = next(form for form in ("double", "single", "other") if found[form] is not None)
    return Option(found[form], Span(*found.span(form)), bare or form != "other")


class Picture(NamedTuple):
    """The picture that a chunk shows, where its caption stands, its id, and what is wrong with it."""

    image: Element[Parsed]
    caption: Span | None
    attributes: AttributeList
    diagnostics: tuple[Diagnostic, ...]


def picture(source: Source, chunk: Chunk, body: Sequence[Line]) -> Picture | None:
    """The picture that a chunk shows, if it does nothing else.

    A caption that is code, or has a backslash in it, is one to R: what that makes of it is not known here.
    """
    text = source.text
    said = [line for line in body if text[line.start : line.end].strip() and not _is_remark(text, line)]
    found = _PICTURE.match(text, said[0].start, said[0].end) if len(said) == 1 else None
    given = [chunk.options[name] for name in ("fig.cap", "fig.alt") if name in chunk.options]
    if found is None or chunk.engine != "r" or not all(each.is_words and "\\" not in each.value for each in given):
        return None
    if any(_NO.match(chunk.says(name)) for name in ("eval", "include")) or chunk.says("fig.show") == "hide":
        return None
    form = "double" if found["double"] is not None else "single"
    address, fault = links.picture(found[form], found.start(form), source)
    wrong = [fault] if fault else []
    alt = chunk.says("fig.alt") or _EMPHASIS.sub("", chunk.says("fig.cap"))
    if not alt:
        hint = 'say what it shows, as in fig.alt="…", or give it a caption, as in fig.cap="…"'
        wrong.append(source.diagnostic("P501", chunk.start, "this image has no alternative text", hint))
    width = chunk.says("out.width")
    sized = (("width", width),) if VALUES["width"].pattern.match(width) else ()
    attributes = (("src", address), ("alt", alt), *sized)
    image: Element[Parsed] = Element("img", (), attributes, Span(found.start(), found.end()))
    caption = chunk.options["fig.cap"].place if chunk.says("fig.cap") else None
    items = (Attribute("id", _identifier(chunk), chunk.start),) if chunk.label else ()
    return Picture(image, caption, AttributeList(items, chunk.start, chunk.start), tuple(wrong))


def _identifier(chunk: Chunk) -> str:
    """The id of the picture that a chunk shows, as bookdown and Quarto make it of its label."""
    return chunk.label if _PREFIX.match(chunk.label) else f"fig:{chunk.label}"


def _is_remark(text: str, line: Line) -> bool:
    return text.startswith("#", line.start)


def run(source: Source, chunk: Chunk, body: Sequence[Line]) -> Iterator[Diagnostic]:
    """What is said of a chunk that other tools run, and print the picture or the words that come out."""
    if _NO.match(chunk.says("eval")):
        return
    message = "other tools run this code, and print what comes out; here the code itself is printed"
    hint = f"write '```{chunk.engine}' if it is to be; else put what comes out in its place, such as a picture"
    shown = next(filter(None, (_PICTURE.match(source.text, line.start, line.end) for line in body)), None)
    if shown or chunk.says("fig.cap"):
        message = "other tools run this code, and print a picture; here the code itself is printed"
        option = chunk.options.get("fig.cap")
        caption = option.value.replace("\\\\", "\\") if option and option.is_words else "The caption"
        words = caption if len(caption) <= 40 else f"{caption[:39].rstrip()}…"  # noqa: PLR2004
        path = (
            shown["double"] or shown["single"] if shown else f"figures/{re.sub(_PREFIX, '', chunk.label) or 'plot'}.png"
        )
        identifier = f"{{#{_identifier(chunk)}}}" if chunk.label else ""
        before = "" if shown else "have the picture saved into the title's folder, and "
        hint = f"{before}write '![{words}]({path}){identifier}'"
    elif table := next(filter(None, (_TABLE.search(source.text, line.start, line.end) for line in body)), None):
        message = "other tools run this code, and print a table; here the code itself is printed"
        caption = table["caption"] or chunk.says("tbl.cap") or "The caption"
        name = chunk.label if re.match("t(?:bl|ab)[:-]", chunk.label) else f"tab:{chunk.label}"
        identifier = f" {{#{name}}}" if chunk.label else ""
        hint = f"write its rows as '| one | two |' in its place, and 'Table: {caption}{identifier}' below them"
    yield source.diagnostic("P165", chunk.start, message, hint)
