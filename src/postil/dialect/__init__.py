"""Postil's Markdown: from the text of one chapter to its tree, and everything that is wrong with it.

    outline      lines            ->  blocks with their lines, definitions
    scanner      a block's lines  ->  a skeleton of tokens (segment: the constructs of one stretch of it)
    skeleton     a skeleton       ->  emphasis, by Python-Markdown
    builder      those            ->  the document's nodes, every word with its place
    notes, headings, strays       ->  what holds for the chapter as a whole
    examples                      ->  what holds for the chapters of a title together

Parsing is pure and never fails: what cannot be understood stays in the tree as the text that it is, with a diagnostic.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from postil.dialect.chapter import Reader
from postil.dialect.examples import referred
from postil.dialect.headings import openings
from postil.dialect.title import set_title
from postil.dialect.typography import ENGLISH, Quotes, Typography, typography
from postil.document import Chapter, Kind, Parsed
from postil.source import Diagnostic, Source, in_order

__all__ = ["ENGLISH", "Quotes", "Typography", "openings", "parse", "referred", "set_title", "typography"]


def parse(
    source: Source, kinds: Mapping[str, Kind], rules: Typography = ENGLISH, named: Collection[str] = ()
) -> tuple[Chapter[Parsed], tuple[Diagnostic, ...]]:
    """A chapter's tree, and all that is wrong with its text.

    `kinds` are the kinds of annotations by name, `rules` those of the language for what is typed. The style sheets of
    the title have rules for the classes and `data-` attributes that are `named`.
    """
    chapter, found = Reader(source, kinds, rules, named).chapter()
    return chapter, in_order(found)
