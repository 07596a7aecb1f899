"""Annotated editions: Markdown with editorial annotations becomes a print PDF and an EPUB."""

__version__ = "0.1.0"
