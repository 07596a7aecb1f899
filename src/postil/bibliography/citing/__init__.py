"""Citations and the list of works set in a style, by a citation engine.

A `stream` is what is cited. `arrangement` makes it a `question` to an engine, whose answer it reads back, and `format`
does all of it, with `corrections` before and after. `locators` are what an engine can label, and `punctuation` is for
citations within sentences.
"""
