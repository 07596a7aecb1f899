"""What was built, checked before it is published.

`publication` has rules of our own for an EPUB; `checkers` asks the programs that others go by.
"""

from __future__ import annotations

from postil.check.checkers import ACE, CHECKERS, EPUBCHECK, QPDF, VERAPDF, Program, examine
from postil.check.publication import EPUB_CHECKS, check_epub

__all__ = ["ACE", "CHECKERS", "EPUBCHECK", "EPUB_CHECKS", "QPDF", "VERAPDF", "Program", "check_epub", "examine"]
