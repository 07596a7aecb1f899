"""The order of a list of works in English, in which an article at the beginning of a name or title does not count."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from postil.bibliography.citing.question import Bibliography
from postil.document import plain

# an article, but not the letter in "A Is for Alibi", nor the Latin word in "A Priori Knowledge"
ARTICLE = re.compile(r"^(?:A(?! (?:[Ii]s|to|[Pp]riori|[Pp]osteriori|la)\b)|An|The) (?=\S)")
# the same at the beginning of an entry and of each of its sentences, of which the first is the author and one the title
ARTICLES = re.compile(rf"(?:^|(?<=\. )){ARTICLE.pattern[1:]}")
MARKS = re.compile(r"(?:^|(?<=\. ))[“‘«\"'\[(]+")


def alphabetized(bibliography: Bibliography) -> Bibliography:
    """A list of works with what begins with an article in the place of the next word: "The Economist" under E.

    Engines sort by the article. Of what they list under an author only the titles move, and only where they are in the
    order of titles; entries that begin with an article themselves are taken out, and put in where they belong.
    """
    words = {key: MARKS.sub("", plain(entry)) for key, entry in bibliography}
    places = {key: _collated(ARTICLES.sub("", text)) for key, text in words.items()}
    order: list[str] = []
    for _, group in groupby((key for key in words if not ARTICLE.match(words[key])), lambda key: _author(words[key])):
        works = list(group)
        # where they are not, they are in the order of something else, such as years
        by_title = works == sorted(works, key=lambda key: _collated(words[key]))
        order += sorted(works, key=places.__getitem__) if by_title else works
    for key, text in words.items():
        if ARTICLE.match(text):
            later = (i for i, other in enumerate(order) if places[other] > places[key] and not _is_dash(words[other]))
            order.insert(next(later, len(order)), key)
    entries = dict(bibliography)
    return tuple((key, entries[key]) for key in order)


def _author(words: str) -> str:
    return words.partition(". ")[0]


def _is_dash(words: str) -> bool:
    """Whether an entry has a dash for the author named above."""
    return words.startswith(("---", "–––", "———"))


def _collated(words: str) -> str:
    """Words as they are sorted: without capitals and diacritics, and "Coll. Wars" before "Coll and Smith. Aid"."""
    folded = words.casefold().replace(". ", "\0")
    decomposed = unicodedata.normalize("NFKD", folded)
    if decomposed == folded:
        return folded
    return "".join(c for c in decomposed if not unicodedata.combining(c))
