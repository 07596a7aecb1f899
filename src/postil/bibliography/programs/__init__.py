"""The other programs that Postil asks about citations.

`cache` keeps their answers, and `pandoc` asks the one program that comes along.
"""
