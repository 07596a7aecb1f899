"""What is known of bibliographies in general: the kinds of variables, and what each type of work needs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def facts() -> Mapping[str, Any]:
    """The tables of the package's `data/references.toml`."""
    return tomllib.loads(files("postil").joinpath("data/references.toml").read_text("utf-8"))


NAMES = frozenset(facts()["names"])
"""The variables of CSL that are lists of names."""
DATES = frozenset(facts()["dates"])
"""The variables of CSL that are dates."""
