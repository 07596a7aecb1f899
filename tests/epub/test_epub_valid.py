"""What the standard's own checkers say of the whole vocabulary."""

from __future__ import annotations

from pathlib import Path

import pytest

from postil import check


def test_our_own_checks_find_nothing(sample: bytes) -> None:
    assert check.check_epub(sample, "sample.epub") == ()


@pytest.mark.slow
@pytest.mark.skipif(check.epubcheck_missing() is not None, reason=str(check.epubcheck_missing()))
def test_epubcheck_finds_nothing(sample: bytes, tmp_path: Path) -> None:
    file = tmp_path / "sample.epub"
    file.write_bytes(sample)
    assert check.epubcheck(file) == ()
