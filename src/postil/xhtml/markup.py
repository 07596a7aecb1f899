"""Resolved nodes as well-formed XHTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape

from postil.document import (
    BLOCKS,
    Attributes,
    Book,
    Call,
    Element,
    Heading,
    Matter,
    Node,
    Opening,
    PageNumber,
    Part,
    Section,
    Text,
)
from postil.source import Position

VOID = frozenset({"br", "col", "hr", "img", "wbr"})

# Where an address may break is Chicago 18, 7.46: after its double slash, before other punctuation, round = and &.
URL = re.compile(r"\w+://[^\s<>]*[\w/#=&-]")
BREAKS = re.compile(r"(?<=//)(?=\w)|(?<=[^/:])(?=/.)|(?<=\w)(?=[~.,_?#%-])|(?=[=&])|(?<=[=&])(?=.)")

# More letters and signs than any word has, of the scripts that part words by spaces.
LONG = re.compile("((?<![!-~\u00c0-\u052f])[!-~\u00c0-\u052f]{101,})")
MOST_PIECES = 4000

Show = Callable[[Call | PageNumber], str]


def markup(nodes: Iterable[Node], show: Show) -> str:
    """The nodes as markup. `show` makes that of note calls and page numbers, which each output has its own way of."""
    return "".join(_markup(node, show) for node in nodes)


def _markup(node: Node, show: Show) -> str:
    match node:
        case Text() if "://" in node.value:
            return _with_addresses(node.value)
        case Text():
            return _escaped(node.value)
        case Element() if node.tag in VOID:
            return f"<{node.tag}{attributes(node.attributes)}/>"
        case Element():
            inside = markup(node.children, show)
            end = "\n" if node.tag in BLOCKS else ""
            return f"<{node.tag}{attributes(node.attributes)}>{inside}</{node.tag}>{end}"
        case Call() | PageNumber():
            return show(node)
    message = f"{type(node).__name__} is not resolved"
    raise TypeError(message)


def _escaped(text: str) -> str:
    """Text as markup, in which what is too long to be a word may be broken anywhere.

    It would run off the page, and typesetters take the square of its length to look for syllables in it.
    """
    if not LONG.search(text):
        return escape(text, quote=False)
    return "".join(
        "<wbr/>".join(escape(piece, quote=False) for piece in _pieces(part))
        if LONG.fullmatch(part)
        else escape(part, quote=False)
        for part in LONG.split(text)
    )


def _pieces(word: str) -> list[str]:
    """What a word is cut into: ten letters each, or more where those were too many; an accent stays with its letter."""
    size = max(10, len(word) // MOST_PIECES)
    return re.findall(rf"(?s:.{{1,{size}}})[\u0300-\u036f]*", word)


def _with_addresses(text: str) -> str:
    """Text as markup, in which addresses may be broken without a hyphen of ours."""
    shown = ""
    end = 0
    for address in URL.finditer(text):
        parts = "<wbr/>".join(_escaped(part) for part in BREAKS.split(address[0]))
        shown += f'{_escaped(text[end : address.start()])}<span class="url">{parts}</span>'
        end = address.end()
    return shown + _escaped(text[end:])


def attributes(pairs: Attributes) -> str:
    """Attributes as markup, each with a space before it; a language is given twice, as XML wants it too."""
    named = dict(pairs)
    if "lang" in named:
        named["xml:lang"] = named["lang"]
    return "".join(f' {name}="{escape(value)}"' for name, value in named.items())


def part(section: Section, inside: str, extra: Attributes = ()) -> Part:
    """A section with its markup: what an output writes."""
    pairs = (("id", section.id), ("class", f"part {section.role}"), *extra)
    whole = f"<section{attributes(pairs)}>\n{inside}</section>\n"
    places = tuple(_places(section))
    return Part(section.id, section.role, section.matter, section.opening, section.headings, whole, places)


def _places(section: Section) -> Iterator[Position]:
    """Where each block of a section's own stands in its source; one without a place of its own has that before it."""
    if section.source is not None:
        at = section.source.position(0)
        for node in section.body:
            if isinstance(node, Element):
                at = section.source.position(node.span.start) if node.span else at
                yield at


def link(href: str, text: str, **more: str) -> str:
    """A link to a place in the title; `more` are its other attributes (`class_` for class)."""
    pairs = tuple((name.rstrip("_").replace("_", "-"), value) for name, value in more.items())
    return f"<a{attributes((*pairs, ('href', '#' + href)))}>{text}</a>"


def contributors(book: Book) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names that stand on the title page: the authors', and those of others with what they did."""
    credit = {"edt": "edited_by", "trl": "translated_by", "ctb": "with"}
    return (
        tuple(person.name for person in book.title.authors),
        tuple(f"{book.words[credit[p.role]]} {p.name}" for p in book.title.contributors if p.role in credit),
    )


def title_page(book: Book, heading: Heading) -> str:
    """The inside of a title page."""
    authors, others = contributors(book)
    lines = [f"<h1{attributes((('class', 'title'), ('id', heading.id)))}>{display(book.title.title)}</h1>"]
    if book.title.subtitle:
        lines.append(f'<p class="subtitle">{escape(book.title.subtitle, quote=False)}</p>')
    lines += [f'<p class="author">{escape(name, quote=False)}</p>' for name in authors]
    lines += [f'<p class="contributor">{escape(name, quote=False)}</p>' for name in others]
    if book.title.publisher and book.title.publisher not in authors:
        lines.append(f'<p class="publisher">{escape(book.title.publisher, quote=False)}</p>')
    return "\n".join(lines) + "\n"


def display(words: str) -> str:
    """The words of a title page: at that size a compound is not broken at its dash."""
    return escape(re.sub("(?<=[–-])", "\N{WORD JOINER}", words), quote=False)


def copyright_page(book: Book, output: str) -> str:
    """The inside of a copyright page, for a title that has none of its own."""
    title, words = book.title, book.words
    owner = ", ".join(contributors(book)[0]) or title.publisher
    lines = [title.rights or f"© {title.date.year} {owner}".rstrip()]
    if title.publisher:
        lines.append(words["published_by"].format(publisher=title.publisher))
    # an ISBN is that of one edition in one format
    if book.edition.main and (isbn := title.isbn.get(output)):
        lines.append(f"{words['isbn']} {isbn}")
    lines.append(f"{title.date.isoformat()}")
    return "".join(f"<p>{escape(line, quote=False)}</p>\n" for line in lines)


def generated(book: Book, role: str, word: str, matter: Matter = "front", opening: Opening = "page") -> Section:
    """A section that the book has without a chapter for it; `word` is the key of its heading in the generated words."""
    heading = Heading(1, role, (Text(book.words[word]),), book.words[word])
    return Section(f"part-{role}", role, matter, opening, (heading,), ())


def subheading(section: Section) -> str:
    """The heading of what a part at the back gathers from a section; nothing for one that has none itself."""
    words = markup(section.headings[0].text, no_signs)
    return f"<h2>{words}</h2>\n" if words else ""


def no_signs(_: Call | PageNumber) -> str:
    """No markup for calls and page numbers: words that are repeated elsewhere."""
    return ""
