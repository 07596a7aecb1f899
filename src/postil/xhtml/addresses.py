"""Addresses of links in the form in which every program takes them."""

from __future__ import annotations

import re
from urllib.parse import quote

# What the URL Standard (4.1, "URL code points") has only as %20 and the like; in a fragment "#" itself is one of these.
_UNSOUND = re.compile(r"""["<>\\^`{|}\x00-\x20\x7f]|%(?![0-9A-Fa-f]{2})""")
_BRACKETS = re.compile(r"[\[\]]")
_HOST = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#]*", re.IGNORECASE)
_DOI = "doi:"


def sound(address: str) -> str:
    """The same address, with %5B for a bracket and the like, and a DOI as the address at which it is looked up.

    Markdown lets many signs stand in an address that the standards of addresses, and checkers of EPUB, do not.
    """
    if address[: len(_DOI)].lower() == _DOI:
        address = f"https://doi.org/{address[len(_DOI) :]}"
    if address.startswith("#"):
        return address
    host = _HOST.match(address)
    at = host.end() if host else 0
    path, mark, fragment = address[at:].partition("#")
    rest = _BRACKETS.sub(_quoted, f"{path}{mark}{fragment.replace('#', '%23')}")
    return _UNSOUND.sub(_quoted, address[:at] + rest)


def _quoted(sign: re.Match[str]) -> str:
    return quote(sign[0], safe="")
