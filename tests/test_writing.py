"""What is written is written whole, and never where a link leads."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from postil.writing import Folder, LinkError, Stored, write

PART = ".postil-{}-0123456789abcdef.part"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "a") / "b"
    assert folder.write("c.pdf", b"%PDF") == tmp_path / "a" / "b" / "c.pdf"
    assert names(tmp_path / "a" / "b") == ["c.pdf"]
    assert (tmp_path / "a" / "b" / "c.pdf").read_bytes() == b"%PDF"


def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "01.md"
    path.write_bytes(b"old")
    path.chmod(0o600)
    write(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_file_has_the_permissions_of_any(tmp_path: Path) -> None:
    (tmp_path / "any").touch()
    write(tmp_path / "new", b"")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "any").stat().st_mode


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: int, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    path = tmp_path / "01.md"
    path.write_bytes(b"old")
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space") as raised:
            write(path, b"new")
    assert raised.value.filename == str(path)
    assert names(tmp_path) == ["01.md"]
    assert path.read_bytes() == b"old"


# --- links -------------------------------------------------------------------------------------------------------


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A file that is nobody's to change, in a folder of its own."""
    path = tmp_path / "home" / "file"
    path.parent.mkdir()
    path.write_bytes(b"mine")
    return path


@pytest.mark.parametrize("linked", ["build", "build/t"])
def test_no_link_among_the_folders_is_followed(tmp_path: Path, theirs: Path, linked: str) -> None:
    path = tmp_path / linked
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(theirs.parent)
    with pytest.raises(LinkError) as raised:
        (Folder(tmp_path) / "build" / "t").write("t.pdf", b"%PDF")
    assert raised.value.filename == str(path)
    assert names(theirs.parent) == ["file"]


def test_the_folder_that_was_named_may_be_a_link(tmp_path: Path, theirs: Path) -> None:
    (tmp_path / "out").symlink_to(theirs.parent)
    (Folder(tmp_path / "out") / "t").write("t.pdf", b"%PDF")
    assert (theirs.parent / "t" / "t.pdf").read_bytes() == b"%PDF"


def in_folder(path: Path) -> object:
    return Folder(path.parent).write(path.name, b"%PDF")


def by_name(path: Path) -> None:
    write(path, b"%PDF")


@pytest.mark.parametrize("writing", [in_folder, by_name])
@pytest.mark.parametrize("target", ["home/file", "home/missing"])
def test_a_file_that_is_a_link_is_left_as_it_is(
    tmp_path: Path, theirs: Path, target: str, writing: Callable[[Path], object]
) -> None:
    link = tmp_path / "t.pdf"
    link.symlink_to(tmp_path / target)
    with pytest.raises(LinkError) as raised:
        writing(link)
    assert raised.value.filename == str(link)
    assert link.is_symlink()
    assert theirs.read_bytes() == b"mine"
    assert names(tmp_path) == ["home", "t.pdf"]
    assert names(tmp_path / "home") == ["file"]


def test_a_link_with_a_name_that_can_be_guessed_leads_nowhere(tmp_path: Path, theirs: Path) -> None:
    """Files were once written as `.NAME.PROCESS.part`."""
    (tmp_path / f".t.pdf.{os.getpid()}.part").symlink_to(theirs)
    Folder(tmp_path).write("t.pdf", b"%PDF")
    assert theirs.read_bytes() == b"mine"
    assert (tmp_path / "t.pdf").read_bytes() == b"%PDF"
    assert not (tmp_path / "t.pdf").is_symlink()


def test_a_link_with_the_right_name_is_not_written_through(
    tmp_path: Path, theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda _: "0123456789abcdef")
    link = tmp_path / PART.format(os.getpgrp())
    link.symlink_to(theirs)
    with pytest.raises(FileExistsError):
        Folder(tmp_path).write("t.pdf", b"%PDF")
    assert theirs.read_bytes() == b"mine"
    assert link.is_symlink()


# --- what is no ordinary file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_ordinary_file_is_not_replaced(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "t.pdf"
    make(path)
    before = path.lstat()
    with pytest.raises(OSError, match=r"directory|exists"):
        Folder(tmp_path).write("t.pdf", b"%PDF")
    assert os.path.samestat(before, path.lstat())
    assert names(tmp_path) == ["t.pdf"]


def test_a_device_is_written_to() -> None:
    before = Path("/dev/null").stat()
    write(Path("/dev/null"), b"gone")
    assert os.path.samestat(before, Path("/dev/null").stat())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_device_that_is_full_says_so() -> None:
    with pytest.raises(OSError, match="No space") as raised:
        write(Path("/dev/full"), b"too much")
    assert raised.value.filename == "/dev/full"


def test_a_link_to_a_device_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/dev/null")
    write(tmp_path / "link", b"gone")
    assert (tmp_path / "link").is_symlink()


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write(pipe, b"words")
    assert os.read(reader, 10) == b"words"
    os.close(reader)
    with pytest.raises(OSError, match="No such device"):  # nobody reads: it must not wait for ever
        write(pipe, b"words")
    assert stat.S_ISFIFO(pipe.lstat().st_mode)


# --- reading -----------------------------------------------------------------------------------------------------


def test_an_ordinary_file_is_read_up_to_a_limit(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert Folder(tmp_path).read("a", 5) == b"12345"
    assert Folder(tmp_path).read("a", 4) is None
    assert Folder(tmp_path).read("b", 5) is None
    assert (Folder(tmp_path) / "b").read("a", 5) is None


def test_nothing_else_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "linked").symlink_to(".")
    assert [Folder(tmp_path).read(name, 9) for name in ("link", "zero", "folder", "pipe")] == [None] * 4
    assert (Folder(tmp_path) / "linked").read("a", 9) is None


# --- sweeping ----------------------------------------------------------------------------------------------------


def test_a_sweep_takes_what_one_group_of_processes_has_left_and_what_is_a_day_old(tmp_path: Path) -> None:
    kept = [PART.format(123), "a" + PART.format(12), PART.format(12)[:-1], "a.pdf"]
    for name in (PART.format(12), PART.format(77), *kept):
        (tmp_path / name).touch()
    yesterday = time.time() - 25 * 60 * 60
    os.utime(tmp_path / PART.format(77), (yesterday, yesterday))
    os.utime(tmp_path / "a.pdf", (yesterday, yesterday))
    Folder(tmp_path).sweep(12)
    assert names(tmp_path) == sorted(kept)


def test_a_sweep_goes_into_folders_but_not_through_links(tmp_path: Path, theirs: Path) -> None:
    cache = tmp_path / "out" / "t" / ".cache"
    cache.mkdir(parents=True)
    for folder in (cache, theirs.parent):
        (folder / PART.format(12)).touch()
    (tmp_path / "out" / "link").symlink_to(theirs.parent)
    Folder(tmp_path / "out").sweep(12)
    (Folder(tmp_path / "out") / "link").sweep(12)
    assert names(cache) == []
    assert names(theirs.parent) == [PART.format(12), "file"]


# --- what is there -----------------------------------------------------------------------------------------------


def test_files_are_the_ordinary_ones(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    os.utime(tmp_path / "a", ns=(1, 2))
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert list(Folder(tmp_path).files()) == [Stored("a", 5, 2)]
    assert list((Folder(tmp_path) / "missing").files()) == []
    with pytest.raises(LinkError):
        (Folder(tmp_path) / "link").files()


def test_a_file_that_is_used_is_as_new_as_one_that_was_just_written(tmp_path: Path) -> None:
    for name in ("used", "read"):
        (tmp_path / name).write_bytes(b"1")
        os.utime(tmp_path / name, (0, 0))
        Folder(tmp_path).read(name, 9, use=name == "used")
    assert (tmp_path / "read").stat().st_mtime == 0
    assert time.time() - (tmp_path / "used").stat().st_mtime < 60


def test_of_a_link_the_link_is_removed(tmp_path: Path, theirs: Path) -> None:
    (tmp_path / "link").symlink_to(theirs)
    (tmp_path / "linked").symlink_to(theirs.parent)
    Folder(tmp_path).remove("link")
    Folder(tmp_path).remove("missing")
    with pytest.raises(LinkError):
        (Folder(tmp_path) / "linked").remove("file")
    assert names(tmp_path) == ["home", "linked"]
    assert theirs.read_bytes() == b"mine"
