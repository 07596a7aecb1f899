"""What all tests have in common: how often a law is tried, and what is made once for all of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache

import pytest
from hypothesis import settings

from postil.fonts import instance
from postil.writing import Folder

QUICK, THOROUGH = settings(max_examples=100, deadline=None), settings(max_examples=400, deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    """Try a law with fewer texts where the slow tests are left out."""
    settings.register_profile("quick", QUICK)
    settings.register_profile("thorough", THOROUGH)
    settings.load_profile("quick" if config.option.markexpr == "not slow" else "thorough")


@pytest.fixture(autouse=True, scope="session")
def _faces_are_cut_once() -> Iterator[None]:
    """A book has its faces cut anew, which takes half of the time of a small one; the same faces serve all tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("postil.pdf.resources.instance", lru_cache(64)(instance))
        yield


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A folder for `Order.out` in which the answers of programs are kept for all tests, whichever process runs them.

    So pandoc is asked once about a fixture title. The files in it are written whole or not at all, by Postil itself.
    """
    own = tmp_path_factory.getbasetemp()
    return Folder((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "answers")
