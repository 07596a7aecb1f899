"""CSL-JSON read, and the same in YAML: each kind of file finds the items, and `items` looks them over."""
