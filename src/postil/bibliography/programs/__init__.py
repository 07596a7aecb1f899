"""The other programs that Postil asks: run apart, and their answers kept."""
