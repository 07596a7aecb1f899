"""Words with their emphasis, on their way between a bibliography, an engine and a book.

They meet in the inline content of pandoc's JSON: `inlines` reads that as nodes of a book, and `csl` turns it into the
markup of CSL and back.
"""
