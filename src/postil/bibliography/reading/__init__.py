"""Files of references read: BibTeX, CSL-JSON, the same in YAML, and RIS, with the place of everything in them."""
