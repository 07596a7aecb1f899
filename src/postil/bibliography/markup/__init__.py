"""Words with their emphasis, in the forms in which pandoc, CSL and a book have them, and from one into another."""
