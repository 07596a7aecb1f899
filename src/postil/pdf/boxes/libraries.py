"""WeasyPrint loaded without asking a compiler where its libraries are.

For each library it first tries names that only other systems have. cffi then looks for those with
`ctypes.util.find_library`, which on Linux runs ldconfig, gcc and ld, some seventy programs in all, whichever the user's
path has. The names that Linux has come later, and need no search. So this module is imported before any other that
imports WeasyPrint.
"""

from __future__ import annotations

import ctypes.util
import sys


def _nowhere(name: str) -> str | None:
    """Find no library."""
    del name
    return None


def _load() -> None:
    search = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = _nowhere
    try:
        import weasyprint  # noqa: F401, PLC0415
    finally:
        ctypes.util.find_library = search


_load()
