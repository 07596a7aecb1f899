"""What veraPDF finds in whole titles, held against PDF/UA-1 (ISO 14289-1).

VERAPDF_CLASSPATH is the Java class path of org.verapdf.apps:greenfield-apps, as Maven puts it together.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from postil.build import Order, build
from postil.writing import Folder

ROOT = Path(__file__).parents[2]
FIXTURES = ("sampler", "lettre", "monograph", "reader", "road")
TITLES = [*(ROOT / "tests/books" / name for name in FIXTURES), *sorted((ROOT / "manuscript").iterdir())]
EDITIONS: list[str] = ["annotated", "clean", "proof"]


@pytest.mark.slow
@pytest.mark.parametrize("folder", TITLES, ids=lambda folder: folder.name)
def test_a_title_conforms_to_pdf_ua(folder: Path, tmp_path: Path) -> None:
    classpath, java = os.environ.get("VERAPDF_CLASSPATH"), shutil.which("java")
    if not classpath:
        pytest.skip("VERAPDF_CLASSPATH does not name veraPDF's class path (org.verapdf.apps:greenfield-apps)")
    if java is None:
        pytest.skip("java is not on the path")
    orders = [Order(edition, ("pdf",), Folder(tmp_path)) for edition in EDITIONS]
    made = [output.path for order in orders for output in build(folder, order).outputs]
    assert len(made) == len(EDITIONS)
    command = [java, "-cp", classpath, "org.verapdf.apps.GreenfieldCliWrapper", "--flavour", "ua1", "--format", "xml"]
    run = subprocess.run([*command, *made], capture_output=True, check=False, text=True)
    report = ET.fromstring(run.stdout)  # noqa: S314 -- of a program that the user trusts
    reports = list(report.iter("validationReport"))
    failed = {
        f"{rule.get('clause')}-{rule.get('testNumber')} {rule.findtext('description')}" for rule in report.iter("rule")
    }
    assert len(reports) == len(made), run.stderr
    assert failed == set()
    assert {each.get("isCompliant") for each in reports} == {"true"}
