"""The other programs that Postil asks about citations and formulas.

`cache` keeps their answers, and `pandoc` and `typst` ask the two that come along.
"""
