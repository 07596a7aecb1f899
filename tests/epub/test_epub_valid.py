"""What the standard's own checkers say of the whole vocabulary."""

from __future__ import annotations

import pytest

from postil import check


def test_our_own_checks_find_nothing(sample: bytes) -> None:
    assert check.check_epub(sample, "sample.epub") == ()


@pytest.mark.slow
@pytest.mark.skipif(not check.EPUBCHECK.installed, reason="EPUBCheck or Java is not installed")
def test_epubcheck_finds_nothing(sample: bytes) -> None:
    assert check.EPUBCHECK.ask("sample.epub", sample) == ()
