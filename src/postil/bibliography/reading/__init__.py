"""Files of references read: BibTeX, CSL-JSON, the same in YAML, and RIS.

`files` reads all of them into one set. Each entry is an item of CSL-JSON with its place; `variables` says where in the
entry a variable stands, and what it is called there.
"""
