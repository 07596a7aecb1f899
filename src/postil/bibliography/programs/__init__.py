"""The other programs that Postil asks.

`process` runs a program apart from everything else, `cache` keeps the answers, and `pandoc` asks the one program that
comes along.
"""
