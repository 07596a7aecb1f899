"""Answers kept on disk: what lies there is nobody's word, and never makes a build fail, wait or differ."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from citing import note, style
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postil.bibliography import Formatted, Stream
from postil.bibliography.citing.format import format_citations
from postil.bibliography.library import load_references
from postil.document import Reference
from postil.programs.cache import AnswerError, kept
from postil.source import Source
from postil.writing import Folder

BIB = """@book{coll2004, author={Coll, Steve and van Gogh, Vincent}, title={The {CIA} \\emph{and} $x^2$: ``Wars''},
  publisher={Penguin}, address={New York}, date={2004-02-23}, url={https://example.org/x}, note={A note}}
@article{b, author={B, C}, editor={D, E}, title={T}, journaltitle={J}, volume={2}, pages={1--9}, date={2001}}
"""
STREAM = Stream((note("n", "coll2004"), note("m", "b"), note("o", "coll2004")))


def results(cache: Folder | None) -> tuple[dict[str, Reference], Formatted]:
    """What a bibliography and its citations come to, with what is kept in a folder."""
    references, found = load_references([Source("r.bib", BIB)], cache)
    assert [diagnostic.code for diagnostic in found if diagnostic.code == "P206"] == []
    return dict(references), format_citations(STREAM, references, style(), "en", cache)


def signed(answer: str) -> bytes:
    """An answer as it is kept."""
    data = answer.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest().encode() + b"\n" + data


@pytest.fixture(scope="module")
def expected() -> tuple[dict[str, Reference], Formatted]:
    return results(None)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both answers: the references, and the citations."""
    folder = tmp_path_factory.mktemp("asked")
    results(Folder(folder))
    assert len(list(folder.iterdir())) == 2
    return folder


def laid(asked: Path, folder: Path, make: Callable[[Path, bytes], object]) -> Folder:
    """A folder in which something else lies in the place of each answer."""
    for path in asked.iterdir():
        make(folder / path.name, path.read_bytes())
    return Folder(folder)


ODD: dict[str, Callable[[Path, bytes], object]] = {
    "pipe": lambda path, _: os.mkfifo(path),
    "endless": lambda path, _: path.symlink_to("/dev/zero"),
    "folder": lambda path, _: path.mkdir(),
    "empty": lambda path, _: path.touch(),
    "nothing": lambda path, _: path.write_bytes(signed("")),
    "no-json": lambda path, _: path.write_bytes(signed("{")),
    "no-text": lambda path, _: path.write_bytes(signed("")[:65] + b"\xff"),
    "deep": lambda path, _: path.write_bytes(signed("[" * 100_000)),
    "large": lambda path, _: os.truncate(os.open(path, os.O_CREAT | os.O_RDWR), 1 << 40),
    **{
        f"json-{value}": partial(lambda value, path, _: path.write_bytes(signed(value)), value)
        for value in ("null", "1", '"x"', "[]", "{}", '{"blocks": [], "meta": {"references": {"c": []}}}')
    },
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_answer_is_passed_over(
    tmp_path: Path, asked: Path, expected: tuple[dict[str, Reference], Formatted], name: str
) -> None:
    signal.alarm(60)  # a pipe that is read would wait for ever
    try:
        assert results(laid(asked, tmp_path, ODD[name])) == expected
    finally:
        signal.alarm(0)


# --- answers of another shape ------------------------------------------------------------------------------------

OTHER: st.SearchStrategy[object] = st.sampled_from(
    [None, True, 0, -1.5, "", "x", "\x00", "\ud800", "t", [], [[]], {}, {"t": "Str"}, {"t": "Str", "c": 1}]
)


def changed(value: Any, draw: st.DrawFn) -> Any:
    """A value of JSON in which one part, somewhere, is another."""
    if isinstance(value, dict | list) and value and draw(st.integers(0, 9)):
        keys = sorted(value) if isinstance(value, dict) else list(range(len(value)))
        key = draw(st.sampled_from(keys))
        copy = value.copy()
        if draw(st.integers(0, 9)):
            copy[key] = changed(value[key], draw)
        else:
            del copy[key]
        return copy
    return draw(OTHER)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_answer_of_another_shape_is_thrown_away_or_can_be_used(
    tmp_path: Path, asked: Path, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    """Whatever is read, reading it does not raise: asking pandoc anew stands in for throwing it away."""
    first, second = (json.loads(path.read_bytes().partition(b"\n")[2]) for path in sorted(asked.iterdir()))
    answers = {"blocks": first, "meta": second} if first["blocks"] else {"blocks": second, "meta": first}
    which = data.draw(st.sampled_from(sorted(answers)))
    answers[which] = data.draw(st.composite(lambda draw: changed(answers[which], draw))())
    wrong = json.dumps(answers[which])
    right = json.dumps(
        (second if first["blocks"] else first) if which == "meta" else (first if first["blocks"] else second)
    )

    def ask(*_: object) -> str:
        return right

    monkeypatch.setattr("postil.programs.pandoc._run", ask)
    monkeypatch.setattr("postil.programs.cache._known", lambda *_: wrong)
    references, _ = load_references([Source("r.bib", BIB)], Folder(tmp_path))
    format_citations(STREAM, references, style(), "en", Folder(tmp_path))


def test_a_new_answer_that_cannot_be_read_is_an_error() -> None:
    def read(_: str) -> str:
        raise KeyError("blocks")

    with pytest.raises(AnswerError, match="cannot be read: 'blocks'"):
        kept(None, ("?",), lambda: "{}", read)


# --- where nothing can be kept -----------------------------------------------------------------------------------


def test_a_disk_that_is_full_is_left_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "manuscript" / "t"
    folder.mkdir(parents=True)
    (folder / "book.toml").write_text(
        'title = "T"\nlanguage = "en"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n[bibliography]\nsources = ["r.bib"]\n'
    )
    (folder / "r.bib").write_text(BIB * 1)
    (folder / "01.md").write_text("# One\n\nWords.[@coll2004]\n")
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (100, 100))
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "postil", "check"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            preexec_fn=limit,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr
        assert [path for path in tmp_path.joinpath("build").rglob("*") if path.is_file()] == []
