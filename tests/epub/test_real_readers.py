"""The EPUB in a real reading system, and before the accessibility checker.

Both need Chromium and modules for Node.js, which `NODE_PATH` names the folder of (else `node_modules` here):
foliate-js and puppeteer-core for the one, @daisy/ace and @daisy/ace-axe-runner-puppeteer for the other.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

MODULES = Path(os.environ.get("NODE_PATH") or "node_modules").resolve()
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
ACE = MODULES / ".bin" / "ace-puppeteer"

pytestmark = pytest.mark.slow


def missing(*modules: str) -> pytest.MarkDecorator:
    """Skip where something is not installed, and say what."""
    wanted = {"Node.js": bool(shutil.which("node")), "Chromium": bool(CHROMIUM)}
    wanted |= {f"the Node.js module {name}": (MODULES / name).is_dir() for name in modules}
    lacking = ", ".join(name for name, found in wanted.items() if not found)
    return pytest.mark.skipif(bool(lacking), reason=f"not installed: {lacking}")


@pytest.fixture
def file(sample: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "sample.epub"
    path.write_bytes(sample)
    return path


@missing("foliate-js", "puppeteer-core")
def test_foliate_shows_every_part_and_pops_notes_up(file: Path) -> None:
    script = Path(__file__).with_name("reader.mjs")
    command = ["node", str(script), str(MODULES), CHROMIUM, str(file), "call-n1", "key-g1"]
    seen = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=120).stdout)
    assert seen["errors"] == []
    assert (seen["title"], seen["author"]) == ("A Tale of Two Margins", "Ada Example")
    assert seen["contents"][:3] == ["A Note on the Text", "Beginnings", "Wars"]
    assert seen["landmarks"].count("endnotes") == 2
    assert seen["sections"][:4] == ["Cover", "Title page", "Copyright", "Contents"]
    assert seen["fonts"] == ["Amiri", "Source Sans 3", "Source Serif 4"]
    assert seen["notes"] == [
        {"type": "footnote", "text": "1 Compare Kux."},
        {"type": "footnote", "text": "a wide and white Gloss As Jackson has it."},
    ]


@missing("@daisy/ace", "@daisy/ace-axe-runner-puppeteer")
def test_ace_finds_no_violation(file: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PUPPETEER_EXECUTABLE_PATH": CHROMIUM}
    command = [str(ACE), "-s", "-f", "-o", str(tmp_path / "ace"), str(file)]
    subprocess.run(command, capture_output=True, check=True, timeout=180, env=environment)
    report = json.loads((tmp_path / "ace" / "report.json").read_text("utf-8"))  # Ace exits with 0 even so
    found = [one["earl:test"]["dct:title"] for file in report["assertions"] for one in file["assertions"]]
    assert found == []
    assert report["earl:result"]["earl:outcome"] == "pass"
