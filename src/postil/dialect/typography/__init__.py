"""Typographic signs for those of a typewriter: quotation marks, apostrophes, primes, dashes, ellipses, and spaces.

Python-Markdown's `smarty` does the same for some of them, but on text that is already cut at every mark and emphasis,
so that it cannot tell which way a quotation mark beside one of them turns; and it keeps no positions. Here a stretch of
prose is seen as it will be read, whatever markup stands in it. What one would have to guess is a `Doubt`.

rules       what is usual in which language
signs       text, rules  ->  what to set, what is in doubt  (ranges: numbers that a hyphen joins)
"""

from postil.dialect.typography.rules import ENGLISH, Quotes, Typography, typography
from postil.dialect.typography.signs import Doubt, Substitution, typeset

__all__ = ["ENGLISH", "Doubt", "Quotes", "Substitution", "Typography", "typeset", "typography"]
