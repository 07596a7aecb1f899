"""What is kept is there as it was, or not at all; and nothing that lies in its folder stops a build."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from postil.source import codes
from postil.store import LARGEST, Store
from postil.writing import Folder

ONE, TWO, THREE = (sha256(word).hexdigest() for word in (b"one", b"two", b"three"))
LABELS = [".gitignore", "CACHEDIR.TAG"]


def names(folder: Path) -> list[str]:
    """What is in the folder beside the labels that it always has."""
    return sorted(path.name for path in folder.iterdir() if path.name not in LABELS)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Folder(tmp_path) / "t" / ".cache")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "t" / ".cache"


def said(store: Store) -> list[str]:
    return [note.code for note in store.notes]


# --- what is kept ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"postil", b"\0\xff\n" * 100_000], ids=len)
def test_an_entry_comes_back_in_this_build_and_the_next(store: Store, tmp_path: Path, data: bytes) -> None:
    assert store.get("answer", ONE) is None
    store.put("answer", ONE, data)
    assert store.get("answer", ONE) == data
    assert Store(Folder(tmp_path) / "t" / ".cache").get("answer", ONE) == data
    assert store.notes == ()


def test_entries_of_other_kinds_and_digests_are_others(store: Store, folder: Path) -> None:
    store.put("answer", ONE, b"1")
    store.put("fragment", ONE, b"2")
    store.put("answer", ONE, b"3")
    assert (store.get("answer", ONE), store.get("fragment", ONE), store.get("answer", TWO)) == (b"3", b"2", None)
    assert names(folder) == [f"answer-{ONE}", f"fragment-{ONE}"]


def test_the_folder_is_out_of_the_way_of_version_control_and_backups(store: Store, folder: Path) -> None:
    store.put("answer", ONE, b"1")
    assert (folder / ".gitignore").read_text() == "*\n"
    tag = (folder / "CACHEDIR.TAG").read_bytes()
    assert tag.startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")  # bford.info/cachedir


def test_the_labels_are_left_as_somebody_has_changed_them(store: Store, folder: Path) -> None:
    store.put("answer", ONE, b"1")
    (folder / ".gitignore").write_text("# mine\n*\n")
    (folder / "CACHEDIR.TAG").unlink()
    Store(Folder(folder)).put("answer", TWO, b"2")
    assert (folder / ".gitignore").read_text() == "# mine\n*\n"
    assert (folder / "CACHEDIR.TAG").exists()


def test_a_store_that_nothing_was_put_into_makes_no_folder(store: Store, folder: Path) -> None:
    store.get("answer", ONE)
    store.sweep()
    assert store.clear() == 0
    assert not folder.parent.exists()


@pytest.mark.parametrize(("kind", "digest"), [("..", ONE), ("a/b", ONE), ("", ONE), ("answer", "../x"), ("answer", "")])
def test_a_name_that_could_lead_elsewhere_is_none(store: Store, kind: str, digest: str) -> None:
    with pytest.raises(ValueError, match="no entry can have the name"):
        store.put(kind, digest, b"1")
    with pytest.raises(ValueError, match="no entry can have the name"):
        store.get(kind, digest)


# --- what is damaged or foreign ----------------------------------------------------------------------------------


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "short": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "head only": lambda path: path.write_bytes(path.read_bytes()[:20]),
    "long": lambda path: path.write_bytes(path.read_bytes() + b"x"),
    "one bit": lambda path: path.write_bytes(path.read_bytes()[:-1] + b"b"),
    "foreign": lambda path: path.write_bytes(b"%PDF-1.7 of somebody"),
    "another": lambda path: path.write_bytes((path.parent / f"answer-{TWO}").read_bytes()),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_is_damaged_or_foreign_is_thrown_away_with_a_note(store: Store, folder: Path, name: str) -> None:
    store.put("answer", ONE, b"a" * 100)
    store.put("answer", TWO, b"a" * 100)
    DAMAGE[name](folder / f"answer-{ONE}")
    assert store.get("answer", ONE) is None
    assert names(folder) == [f"answer-{TWO}"]
    [note] = store.notes
    assert (note.code, note.severity) == ("P938", "note")
    assert f"'{os.path.relpath(folder / f'answer-{ONE}')}' is not as Postil wrote it" in note.message
    store.put("answer", ONE, b"new")
    assert store.get("answer", ONE) == b"new"


@pytest.mark.parametrize(("others", "words"), [([TWO], "as was 1 more"), ([TWO, THREE], "as were 2 more")])
def test_there_is_one_note_for_all_that_was_damaged(store: Store, folder: Path, others: list[str], words: str) -> None:
    for digest in (ONE, *others):
        store.put("answer", digest, b"1")
        (folder / f"answer-{digest}").write_bytes(b"")
        store.get("answer", digest)
    [note] = store.notes
    assert ONE in note.message
    assert note.message.endswith(f"thrown away, {words}")


ODD: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a link": lambda path: path.symlink_to(path.parent.parent / "theirs"),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_ordinary_file_is_no_entry_and_stays(store: Store, folder: Path, name: str) -> None:
    folder.mkdir(parents=True)
    theirs = folder.parent / "theirs"
    theirs.write_bytes(b"mine")
    path = folder / f"answer-{ONE}"
    ODD[name](path)
    before = path.lstat()
    assert store.get("answer", ONE) is None
    store.put("answer", ONE, b"1")
    assert said(store) == ["P939"]
    store.sweep()
    assert store.clear() == 0
    assert os.path.samestat(before, path.lstat())
    assert theirs.read_bytes() == b"mine"


# --- where nothing can be kept -----------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_written_to_is_said_once(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("answer", ONE, b"1")

    def full(_file: int, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        store.put("answer", TWO, b"2")
    store.put("answer", THREE, b"3")  # a disk that is full is left alone
    [note] = store.notes
    assert (note.code, note.severity) == ("P939", "note")
    assert "the system says 'no space left on device' " in note.message
    assert note.message.endswith(f"for '{os.path.relpath(folder)}'")
    assert store.get("answer", ONE) == b"1"
    assert names(folder) == [f"answer-{ONE}"]


@pytest.mark.parametrize("what", ["a file", "a file above"])
def test_a_file_in_the_place_of_the_folder(store: Store, folder: Path, what: str) -> None:
    path = folder if what == "a file" else folder.parent
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"mine")
    store.put("answer", ONE, b"1")
    assert store.get("answer", ONE) is None
    store.sweep()
    assert said(store) == ["P939"]
    assert path.read_bytes() == b"mine"


@pytest.mark.parametrize("linked", ["t", "t/.cache"])
def test_no_link_leads_out_of_the_folder(store: Store, tmp_path: Path, linked: str) -> None:
    theirs = tmp_path / "theirs"
    Store(Folder(theirs) / ".cache").put("answer", ONE, b"mine")
    Store(Folder(theirs)).put("answer", ONE, b"mine")
    before = sorted(theirs.rglob("*"))
    (tmp_path / linked).parent.mkdir(exist_ok=True)
    (tmp_path / linked).symlink_to(theirs)
    assert store.get("answer", ONE) is None
    store.put("answer", TWO, b"2")
    Store(Folder(tmp_path) / "t" / ".cache", 0).sweep()
    with pytest.raises(OSError, match="it is a link"):
        store.clear()
    [note] = store.notes
    assert note.message.endswith(f"for '{os.path.relpath(tmp_path / linked)}' is a link")
    assert sorted(theirs.rglob("*")) == before


def test_an_entry_that_is_too_large_is_not_kept(store: Store, folder: Path) -> None:
    store.put("answer", ONE, bytes(LARGEST + 1))
    assert store.get("answer", ONE) is None
    store.put("answer", ONE, b"1")
    store.put("answer", TWO, b"2")
    os.truncate(folder / f"answer-{ONE}", 1 << 40)  # of which the disk has one block
    assert store.get("answer", ONE) is None
    store.sweep()
    assert names(folder) == [f"answer-{TWO}"]


# --- its size ----------------------------------------------------------------------------------------------------


def aged(folder: Path, digest: str, hours: int) -> None:
    then = time.time() - hours * 3600
    os.utime(folder / f"answer-{digest}", (then, then))


def test_those_that_were_not_used_for_the_longest_time_go_first(tmp_path: Path) -> None:
    store = Store(Folder(tmp_path), 2500)
    for hours, digest in enumerate((THREE, TWO, ONE), 1):
        store.put("answer", digest, bytes(1000))
        aged(tmp_path, digest, hours)
    assert store.get("answer", ONE) is not None  # which makes it the newest
    store.sweep()
    assert names(tmp_path) == sorted(f"answer-{digest}" for digest in (ONE, THREE))
    store.sweep()
    assert len(names(tmp_path)) == 2


def test_a_sweep_leaves_what_is_not_its_own(tmp_path: Path) -> None:
    store = Store(Folder(tmp_path), 0)
    store.put("answer", ONE, b"1")
    theirs = ["notes.txt", f"answer-{ONE[:-1]}", f"answer-{ONE}.bak", f"Answer-{TWO}", ONE, "answer-"]
    for name in theirs:
        (tmp_path / name).write_bytes(b"mine")
    store.sweep()
    assert names(tmp_path) == sorted(theirs)
    store.put("answer", ONE, b"1")
    assert store.clear() > 0
    assert names(tmp_path) == sorted(theirs)


def test_what_is_cleared_is_counted(store: Store, folder: Path) -> None:
    store.put("answer", ONE, bytes(1000))
    store.put("fragment", TWO, bytes(500))
    size = sum(path.stat().st_size for path in folder.iterdir() if path.name not in LABELS)
    assert store.clear() == size
    assert sorted(path.name for path in folder.iterdir()) == LABELS
    assert store.clear() == 0


# --- several builds at once --------------------------------------------------------------------------------------

DIGESTS = [sha256(bytes([number])).hexdigest() for number in range(12)]
BUSY = 2.0


def content(digest: str) -> bytes:
    return digest.encode() * 2000


def hammer(folder: Path, number: int) -> int:
    """Put, get, sweep and clear for a while; the status is 1 where anything else came back than was put."""
    wrong = 0
    end = time.monotonic() + BUSY
    rounds = 0
    while time.monotonic() < end:
        store = Store(Folder(folder) / ".cache", 800_000)
        for digest in DIGESTS[number:] + DIGESTS[:number]:
            found = store.get("answer", digest)
            wrong += found not in {None, content(digest)}
            store.put("answer", digest, content(digest))
        store.sweep()
        rounds += 1
        if rounds % 5 == number:
            store.clear()
        wrong += len(store.notes)
    os._exit(1 if wrong or not rounds else 0)


def test_processes_that_work_in_one_folder_do_no_harm(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=hammer, args=(tmp_path, number)) for number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    left = names(tmp_path / ".cache")
    assert all(name.startswith("answer-") for name in left)
    store = Store(Folder(tmp_path) / ".cache")
    assert [store.get("answer", name.removeprefix("answer-")) for name in left] == [
        content(name.removeprefix("answer-")) for name in left
    ]
    assert sum((tmp_path / ".cache" / name).stat().st_size for name in left) <= len(DIGESTS) * 2 * len(content(ONE))


def test_its_codes_are_notes() -> None:
    assert {codes()[code].severity for code in ("P938", "P939")} == {"note"}
