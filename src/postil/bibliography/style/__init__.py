"""Citation styles: found by their names, read, and asked what they print."""
