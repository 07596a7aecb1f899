"""BibTeX and BibLaTeX files read.

`grammar` finds the entries and fields, `inheritance` what entries take over from one another, `queries` what is
questionable in them, and `conversion` turns them into items of CSL-JSON; `files` does all of it.
"""
