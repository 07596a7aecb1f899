"""Citations through citeproc-js: a second engine, for whoever has Node and its npm package `citeproc`."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from functools import cache as once
from functools import partial
from html import escape
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from postil import process
from postil.bibliography.citing.corrections import with_dashes
from postil.bibliography.citing.locators import located
from postil.bibliography.citing.question import Answer, EngineError, MissingError, Occurrence, Question
from postil.bibliography.markup.csl import inlines, marked_up
from postil.bibliography.markup.inlines import inlines_of, nodes
from postil.bibliography.style.file import Style
from postil.document import Cite, Element, Text, Words, WorkLink, plain
from postil.programs.cache import AnswerError, decoded, kept
from postil.store import Store

SECONDS = 60
HEAP = 1024
"""What Node may take, in MB."""
PAGES = re.compile(r"\d+-\d+")
PACKAGE = Path("citeproc", "citeproc_commonjs.js")
BASIC = "en-US"


def answer(question: Question, cache: Store | None) -> Answer:
    """Ask citeproc-js, in one call for the whole book."""
    node, package = _installed(os.environ.get("PATH", ""), os.environ.get("NODE_PATH", ""))
    driver = files("postil").joinpath("bibliography/citing/engines/citeproc.mjs")
    asked = json.dumps(_asked(question), ensure_ascii=False)

    def ask() -> str:
        with as_file(driver) as path:
            return _run((node, f"--max-old-space-size={HEAP}", str(path), str(package)), asked)

    try:
        return kept(cache, (driver.read_bytes(), package.read_bytes(), asked), ask, partial(_read, question))
    except AnswerError as error:
        raise EngineError(str(error)) from None


@once
def _installed(path: str, node_path: str) -> tuple[str, Path]:
    """Node, and the file of the package `citeproc`.

    The package is looked for in the folders of NODE_PATH and among what npm has installed for all; not in the folder of
    a title, whose code would run on the machine of whoever opens the title. Raises MissingError.
    """
    node = shutil.which("node", path=path)
    if node is None:
        raise MissingError("the engine 'citeproc-js' needs Node, which is not installed", "install it from nodejs.org")
    folders = [Path(folder) for folder in node_path.split(os.pathsep) if Path(folder).is_absolute()]
    folders.append(Path(node).resolve().parents[1] / "lib/node_modules")
    package = next((folder / PACKAGE for folder in folders if (folder / PACKAGE).is_file()), None)
    if package is None and (npm := shutil.which("npm", path=path)):
        root = subprocess.run((npm, "root", "-g"), capture_output=True, text=True, timeout=SECONDS, check=False)
        package = Path(root.stdout.strip(), PACKAGE)
    if package is None or not package.is_file():
        hint = "run: npm install -g citeproc (or name the node_modules that has it in NODE_PATH)"
        raise MissingError("the engine 'citeproc-js' needs the npm package 'citeproc', which is not installed", hint)
    return node, package


def _locales(*languages: str) -> Mapping[str, str]:
    """The locale files of CSL for some languages and for American English, on which the others build, by tag."""
    wanted = {language.partition("-")[0].lower() for language in languages}
    found = {
        file.name.removeprefix("locales-").removesuffix(".xml"): file
        for file in sorted((files("citeproc") / "data/locales").iterdir(), key=lambda file: file.name)
        if file.name.endswith(".xml")
    }
    return {
        tag: file.read_text("utf-8")
        for tag, file in found.items()
        if tag == BASIC or tag.partition("-")[0].lower() in wanted
    }


def _run(command: tuple[str, ...], text: str) -> str:
    try:
        done = process.run(command, text, SECONDS)
    except process.ProgramError as error:
        raise EngineError(str(error)) from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").splitlines()
        silent = f"Node {process.ended(done.returncode)} without a word"
        raise EngineError(next((line for line in said if "Error" in line), silent))
    return done.stdout.decode()


# --- writing ----------------------------------------------------------------------------------------------------


def _asked(question: Question) -> Mapping[str, Any]:
    return {
        "style": question.style.data.decode(),
        "locale": question.locale,
        "locales": _locales(question.locale),
        "links": question.style.bibliography,
        "items": question.items,
        "occurrences": [
            {
                "id": occurrence.id or f"only {index}",
                "number": occurrence.number,
                "inText": occurrence.citation.in_text,
                "anew": occurrence.anew,
                "cites": [_cite(cite, question.style) for cite in occurrence.citation.cites],
            }
            for index, occurrence in enumerate(question.occurrences)
        ],
    }


def _cite(cite: Cite, style: Style) -> Mapping[str, Any]:
    prefix, suffix = (marked_up(inlines_of(said)) for said in (cite.prefix, cite.suffix))
    found = located(cite.locator.strip(), style)
    behind = suffix if not suffix or suffix[0] in ",.;:)" else f" {suffix.lstrip()}"
    return {
        "id": cite.key,
        "prefix": f"{prefix} " if prefix else "",
        "suffix": f", {escape(found.as_written)}{behind}" if found.as_written else behind,
        # to a range of pages the engine gives the dash of the language itself
        "locator": cite.locator if PAGES.fullmatch(cite.locator) else with_dashes(found.for_engine),
        "suppress": cite.suppress_author,
    }


# --- reading ----------------------------------------------------------------------------------------------------


def _read(question: Question, answer: str) -> Answer:
    """What citeproc-js answers. Raises ValueError and the like where it is not what was asked for."""
    found = decoded(answer)
    shown = {o.id: _shown(o, found, note=question.style.note) for o in question.occurrences if o.id}
    return Answer(shown, question.listed((str(key), _nodes(entry)) for key, entry in found["bibliography"]))


def _shown(
    occurrence: Occurrence, found: Mapping[str, Any], *, note: bool
) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
    """What stands in the text and what in the note."""
    shown = found["texts"].get(occurrence.id, "")
    if occurrence.within:
        return (), _nodes(shown)
    name = _nodes(found["texts"].get(f"{occurrence.id} name", "")) if occurrence.citation.in_text else ()
    cited = _nodes(shown, found["before"], found["behind"]) if shown else ()
    if note:
        return name, _capitalized(cited)
    return ((*name, Text(" "), *cited), ()) if name and cited else (name or cited, ())


def _capitalized(cited: tuple[Words, ...]) -> tuple[Words, ...]:
    """A note with a capital at its beginning, though it begin with the particle of a name: "Van Gogh, Letters"."""
    match cited:
        case (Text(value=value), *rest):
            return (Text(value[:1].upper() + value[1:]), *rest)
        case ((Element(children=children) | WorkLink(children=children)) as first, *rest):
            return (replace(first, children=_capitalized(children)), *rest)
    return cited


def _nodes(shown: str, before: str = "", behind: str = "") -> tuple[Words, ...]:
    """Nodes from the HTML of citeproc-js, with words before and behind it, unless it already ends in those behind.

    They go by way of pandoc's inline content, where links and marks are looked after for both engines. Raises
    ValueError where the HTML is not well-formed.
    """
    content = inlines(shown.strip())
    stop = "" if plain(nodes(content)).endswith(behind or "\0") else behind
    return nodes([{"t": "Str", "c": before}, *content, {"t": "Str", "c": stop}])
