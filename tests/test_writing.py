from __future__ import annotations

import stat
from pathlib import Path

import pytest

from postil.writing import sweep, write


def test_a_file_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b" / "c.pdf", b"%PDF")
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["c.pdf"]
    assert (tmp_path / "a" / "b" / "c.pdf").read_bytes() == b"%PDF"


def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "01.md"
    path.write_bytes(b"old")
    path.chmod(0o600)
    write(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    path = tmp_path / "01.md"
    path.write_bytes(b"old")
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write(path, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["01.md"]
    assert path.read_bytes() == b"old"


def test_a_sweep_takes_what_one_process_has_left(tmp_path: Path) -> None:
    for name in (".a.pdf.12.part", ".a.pdf.123.part", "a.12.part", "a.pdf"):
        (tmp_path / name).touch()
    sweep(tmp_path, 12)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".a.pdf.123.part", "a.12.part", "a.pdf"]
