"""CSL-JSON read, and the same in YAML."""
