"""Which way languages are written, and how markup says so."""

from __future__ import annotations

import pytest

from postil.direction import direction


@pytest.mark.parametrize(
    "language", ["ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv", "ckb", "az-Arab", "pa-Arab-PK", "en-Hebr"]
)
def test_from_right_to_left(language: str) -> None:
    assert direction(language) == "rtl"


@pytest.mark.parametrize("language", ["en", "de-CH", "ja", "ru", "ur-Latn", "ku", "ks-Deva", "sd-Deva-IN", "arn", "hr"])
def test_from_left_to_right(language: str) -> None:
    assert direction(language) == "ltr"
