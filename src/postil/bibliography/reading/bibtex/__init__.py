"""BibTeX and BibLaTeX files read."""
