"""The other programs that Postil asks about citations and formulas.

`cache` keeps their answers, and `pandoc` asks the one program that comes along.
"""
