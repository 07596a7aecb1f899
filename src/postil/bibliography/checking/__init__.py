"""What an editor would query in a bibliography, once its files are read.

`entry` looks at one entry, `duplicates` at two together, `entries` at all; `citations` at what the chapters cite, and
`style` at what the style makes of an entry. `folding` keeps one habit from filling the screen.
"""
