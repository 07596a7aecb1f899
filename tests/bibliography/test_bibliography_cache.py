"""Answers kept on disk: what lies there is nobody's word, and never makes a build fail, wait or differ."""

from __future__ import annotations

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
from postil.store import Store
from postil.writing import Folder

BIB = """@book{coll2004, author={Coll, Steve and van Gogh, Vincent}, title={The {CIA} \\emph{and} $x^2$: ``Wars''},
  publisher={Penguin}, address={New York}, date={2004-02-23}, url={https://example.org/x}, note={A note}}
@article{b, author={B, C}, editor={D, E}, title={T}, journaltitle={J}, volume={2}, pages={1--9}, date={2001}}
"""
STREAM = Stream((note("n", "coll2004"), note("m", "b"), note("o", "coll2004")))


def results(cache: Store | None) -> tuple[dict[str, Reference], Formatted]:
    """What a bibliography and its citations come to, with what is kept in a folder."""
    references, found = load_references([Source("r.bib", BIB)], cache)
    assert [diagnostic.code for diagnostic in found if diagnostic.code == "P206"] == []
    return dict(references), format_citations(STREAM, references, style(), "en", cache)


def signed(path: Path, answer: bytes) -> None:
    """Keep another answer in the place of one, as if it were that."""
    kind, _, digest = path.name.partition("-")
    Store(Folder(path.parent)).put(kind, digest, answer)


def kept_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("answer-*"))


@pytest.fixture(scope="module")
def expected() -> tuple[dict[str, Reference], Formatted]:
    return results(None)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both answers: the references, and the citations."""
    folder = tmp_path_factory.mktemp("asked")
    results(Store(Folder(folder)))
    assert len(kept_in(folder)) == 2
    return folder


def laid(asked: Path, folder: Path, make: Callable[[Path], object]) -> Store:
    """A folder in which something else lies in the place of each answer."""
    for path in kept_in(asked):
        make(folder / path.name)
    return Store(Folder(folder))


ODD: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "folder": Path.mkdir,
    "empty": Path.touch,
    "nothing": lambda path: signed(path, b""),
    "no-json": lambda path: signed(path, b"{"),
    "no-text": lambda path: signed(path, b"\xff"),
    "deep": lambda path: signed(path, b"[" * 100_000),
    "large": lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_RDWR), 1 << 40),
    **{
        f"json-{value}": partial(lambda value, path: signed(path, value.encode()), value)
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
    store = Store(Folder(asked))
    first, second = (json.loads(store.get(*path.name.split("-")) or b"") for path in kept_in(asked))
    answers = {"blocks": first, "meta": second} if first["blocks"] else {"blocks": second, "meta": first}
    which = data.draw(st.sampled_from(sorted(answers)))
    answers[which] = data.draw(st.composite(lambda draw: changed(answers[which], draw))())
    wrong = json.dumps(answers[which])
    right = json.dumps(
        (second if first["blocks"] else first) if which == "meta" else (first if first["blocks"] else second)
    )

    def ask(*_: object) -> str:
        return right

    with monkeypatch.context() as patch:
        patch.setattr("postil.programs.pandoc._run", ask)
        patch.setattr(Store, "get", lambda *_: wrong.encode())
        references, _ = load_references([Source("r.bib", BIB)], Store(Folder(tmp_path)))
        format_citations(STREAM, references, style(), "en", Store(Folder(tmp_path)))


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
