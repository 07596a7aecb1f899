"""The citation engines, which put a style's words in the place of citations."""
