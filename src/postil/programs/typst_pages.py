"""Run by itself: the pages that Typst makes of the document on standard input, as SVG, and what it says of them.

It is a process of its own because Typst has threads, takes memory as it likes and may end whoever calls it.
"""

from __future__ import annotations

import json
import sys

import typst


def main() -> None:
    """Write pages, and the values that the document labels `<measures>`, as JSON; where Typst fails, why."""
    text = sys.stdin.buffer.read()
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[])
    try:
        said = typst.Compiler(input=text, font_paths=fonts).query("<measures>", field="value")
        made = typst.Compiler(input=text, font_paths=fonts).compile(format="svg")
    except RuntimeError as error:
        sys.exit(str(error))
    pages = [made] if isinstance(made, bytes) else made or []
    json.dump({"pages": [page.decode() for page in pages], "measures": json.loads(said)}, sys.stdout)


if __name__ == "__main__":
    main()
