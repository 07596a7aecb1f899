"""Whatever a book.toml or a path says, there is an answer."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postil.manuscript.files import read_bytes
from postil.manuscript.settings import read_settings
from postil.source import Diagnostic, Position, Source

KEYS = st.sampled_from(
    """title subtitle language identifier isbn date publisher subjects cover contributor chapters bibliography
    annotations editions print limits name sort role front body sources style kinds gloss label audience annotated
    trim changes openings seconds memory pdf epub unknown""".split()  # noqa: SIM905  (a list would have a line for each)
)
VALUES = st.recursive(
    st.sampled_from(["", "en", "x", "aut", "6x9", "a.md", "a.bib", "978-1-59420-007-6"])
    | st.integers(-1, 1000)
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return f"{{{', '.join(f'{key} = {toml(child)}' for key, child in value.items())}}}"
        case dt.date():
            return value.isoformat()
        case _:
            return repr(value)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(KEYS, VALUES, max_size=8))
def test_whatever_is_wrong_there_is_a_title_to_check_the_chapters_with(table: dict[str, object]) -> None:
    text = "".join(f"{key} = {toml(value)}\n" for key, value in table.items())
    title, _, found = read_settings("wells", Source("book.toml", text), ["01.md"])
    assert title
    assert all(d.message and d.position and d.position.line <= len(table) + 1 for d in found)


@given(st.text(max_size=200))
def test_any_text_at_all_has_an_answer(text: str) -> None:
    title, _, found = read_settings("wells", Source("book.toml", text), ["01.md"])
    assert title or found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (around := tmp_path_factory.mktemp("around")).joinpath("title").mkdir()
    (around / "secret").write_bytes(b"secret")
    return around / "title"


@given(
    st.lists(st.sampled_from(["..", ".", "/", "secret", "title", "\\", "C:", "~", "%2e%2e", "\0", "a" * 300])).map(
        "/".join
    )
    | st.text(max_size=40)
)
def test_no_path_leads_out_of_the_title(folder: Path, path: str) -> None:
    assert isinstance(read_bytes(folder, path, Position("01.md"), 100), Diagnostic)
