"""Citations and the list of works set in a style, by a citation engine."""
