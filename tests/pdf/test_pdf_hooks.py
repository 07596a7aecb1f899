"""What is used of WeasyPrint beyond what it promises is listed, is there, and takes what it is given."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import weasyprint

import postil
from postil.pdf.boxes.hooks import ATTRIBUTES, HOOKS, WEASYPRINT, Hook

BOXES = Path(postil.__file__).parent / "pdf" / "boxes"
PUBLIC = {"weasyprint", "weasyprint.urls.URLFetcher", "weasyprint.urls.URLFetcherResponse"}
"""What WeasyPrint documents."""


def found(name: str) -> object:
    """What has a name in WeasyPrint."""
    module, _, attribute = name.rpartition(".")
    try:
        return import_module(name)
    except ImportError:
        return getattr(found(module), attribute)


def used() -> Iterator[str]:
    """The names that the modules import from WeasyPrint."""
    for file in sorted(BOXES.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names if alias.name.startswith("weasyprint"))
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("weasyprint"):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_version_is_the_one_this_was_written_for() -> None:
    assert weasyprint.VERSION == WEASYPRINT


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.name)
def test_a_hook_is_there_and_takes_what_it_took(hook: Hook) -> None:
    thing = found(hook.name)
    if hook.parameters:
        taken = inspect.signature(thing)  # type: ignore[arg-type] # it can be called
        assert str(taken) == f"({hook.parameters})"
    assert hook.reason


def test_every_hook_is_listed() -> None:
    listed = {hook.name for hook in HOOKS}
    modules = {name.rpartition(".")[0] for name in listed}
    assert {name for name in used() if name not in PUBLIC and name not in modules} <= listed


def test_nobody_else_reaches_for_them() -> None:
    others = [file for file in BOXES.parents[1].rglob("*.py") if BOXES not in file.parents]
    names = {
        f"{node.module}.{alias.name}"
        for file in others
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("weasyprint")
        for alias in node.names
    }
    assert names <= PUBLIC


@pytest.mark.parametrize("name", ATTRIBUTES["context"])
def test_a_context_has_what_is_read_of_it(name: str) -> None:
    from weasyprint.layout import LayoutContext

    written = inspect.getsource(LayoutContext) + inspect.getsource(import_module("weasyprint.layout"))
    assert re.search(rf"\b(?:self|context)\.{name} = |def {name}\(", written)
