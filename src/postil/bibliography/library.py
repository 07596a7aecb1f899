"""The works that a title can cite, with everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from postil.bibliography.checking.entries import check_entries
from postil.bibliography.checking.folding import folded
from postil.bibliography.reading.files import read_files
from postil.document import Reference
from postil.source import Diagnostic, Source
from postil.writing import Folder


def load(
    sources: Sequence[Source], cache: Folder | None, language: str = "en"
) -> tuple[Mapping[str, Reference], tuple[Diagnostic, ...]]:
    """The references of a bibliography's files by key, and everything wrong with the files and their entries.

    `language` is the title's, in which the BibTeX entries are that name no other.
    """
    references, found = read_files(sources, cache, language)
    return references, tuple(folded([*found, *check_entries(references, found)]))
