"""What style guides have otherwise than the styles that are named after them, as corrections of a work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from postil.bibliography.style.file import Style

Corrections = Iterator[tuple[str, object]]
"""Variables of a work with the values that they should have; where the value is empty, the variable goes."""

LAWS = ("bill", "legislation", "regulation")
MLA = "modern-language-association"
APA_GENRES = {"dataset": "Data set", "motion_picture": "Film", "podcast": "Audio podcast episode"}
NLM_GENRES = {"map": "map", "motion_picture": "motion picture"}
# the symbol that the United Nations give a resolution: S/RES/1172 (1998), A/RES/67/18, A/HRC/RES/16/18
RESOLUTION = re.compile(r"([A-Z]+(?:/[A-Z]+)*/RES/(\S+?(?: [A-Z])?(?: ?\([A-Z]+\))?))(?: ?\(\d{4}\))?")
MARKUP = re.compile(r"<[^>]*>")
ITALICS = re.compile(r"</?i>")
# the genre of a doctoral thesis, as it is read from BibTeX
DOCTORATES = ("phd thesis", "doctoral thesis")
THESES = {"de": "Dissertation", "fr": "Thèse de doctorat"}
DISSERTATIONS = {
    "chicago": "PhD diss.",
    "turabian": "PhD diss.",
    MLA: "PhD dissertation",
    "apa": "Doctoral dissertation",
    "nlm": "dissertation",
}
# works that are published within something else, or not at all: nobody asks for their place of publication
PARTS = (
    "article",
    "article-journal",
    "article-magazine",
    "article-newspaper",
    "manuscript",
    "personal_communication",
    *LAWS,
    "legal_case",
    "treaty",
)
PUBLISHED = frozenset(("archive", "DOI", "URL"))
MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def _in_chicago(shown: Mapping[str, object], _style: Style, _locale: str) -> Corrections:
    """What The Chicago Manual of Style has otherwise than the style that carries its name."""
    kind, authors = str(shown.get("type")), shown.get("author")
    if kind.startswith("article-"):
        match shown.get("container-title"), authors:
            # the style itself puts a newspaper in the place of an author who is not known
            case (str() as periodical, [{"literal": str() as name}]) if name == periodical:
                yield from (("container-title", periodical.removeprefix("The ")), ("author", []))
            case (None, [{"literal": str() as name}]) if kind == "article-newspaper":
                yield from (("container-title", name.removeprefix("The ")), ("author", []))
            case (str() as periodical, _):
                yield "container-title", periodical.removeprefix("The ")
    # an article that is signed is cited as a chapter is, not as an entry under its heading
    if kind.startswith("entry-") and authors:
        yield "type", "chapter"
    # an organization that speaks of itself on the web is the owner of the page, whom a note names behind the title
    if kind == "webpage" and isinstance(authors, list) and all(name.keys() == {"literal"} for name in authors):
        owners = " and ".join(str(name["literal"]) for name in authors)
        # one whose words stand on somebody else's page is their author
        if shown.get("publisher", owners) == owners:
            yield from (("author", []), ("publisher", owners))
    # where the date is not known, the date of access stands for it, which the style only does for a page of the web
    if kind == "dataset" and "accessed" in shown and "issued" not in shown:
        yield "type", "webpage"


def _resolution(shown: Mapping[str, object], style: Style, locale: str) -> Corrections:
    """A resolution of the United Nations, known by its symbol: its number in roman, its own title, symbol and day.

    Of the types that a style knows, none is set so. The one that comes nearest is taken, and its title marked up.
    """
    found = RESOLUTION.fullmatch(MARKUP.sub("", str(shown.get("number", ""))))
    if found is None:
        return
    symbol, number = found.groups()
    title = str(shown.get("title", ""))
    named = re.match(rf"(?:[\w ]* )?r[eé]solution {re.escape(number)}(?: \(\d{{4}}\))?[ :,.]*", title, re.IGNORECASE)
    own = title[named.end() :] if named else title
    name = f"Resolution {number}"
    yield "number", symbol
    # the name already says that it is a resolution
    yield "genre", ""
    if not style.note:
        # the titles of collections are in roman, with the full date behind them
        yield "type", "collection"
        yield "title", f"{name}, <i>{own}</i>" if own else name
        return
    # the date of a report stands in brackets; but its title is in italics, and of its date there is only the year
    yield "type", "report"
    yield "title", f"<i>{name}, </i>{own}" if own else f"<i>{name}</i>"
    yield "title-short", f"<i>{name}</i>"
    issued = shown.get("issued")
    match issued.get("date-parts") if isinstance(issued, Mapping) else None:
        case [[int(year), int(month), int(day)]] if locale.startswith("en") and 0 < month <= len(MONTHS):
            yield "issued", {"literal": f"{MONTHS[month - 1]} {day}, {year}"}


def _in_mla(shown: Mapping[str, object], _style: Style, _locale: str) -> Corrections:
    """What the MLA Handbook has otherwise: the names of academic presses shortened, no word for what is plain."""
    publisher = str(shown.get("publisher", ""))
    if re.search(r"\bUniversity\b", publisher):
        short = publisher.removeprefix("The ").replace("University Press", "UP").replace("University", "U")
        yield "publisher", re.sub(r"\bPress\b", "P", short)
    if shown.get("type") == "broadcast":
        yield "genre", ""


def _in_apa(shown: Mapping[str, object], _style: Style, _locale: str) -> Corrections:
    """What the Publication Manual of the APA has otherwise: the kind of a work in its words, no first publisher."""
    genre = shown.get("genre", shown.get("type"))
    yield "genre", APA_GENRES.get(str(genre).lower(), shown.get("genre", ""))
    yield "original-publisher", ""


def _in_nlm(shown: Mapping[str, object], _style: Style, _locale: str) -> Corrections:
    """What Citing Medicine has otherwise: no italics, "[date unknown]" and the like, and a word for maps and films."""
    yield from ((n, ITALICS.sub("", value)) for n, value in shown.items() if isinstance(value, str) and "<" in value)
    kind = str(shown.get("type"))
    if kind == "thesis":
        # the style puts brackets around the place of a thesis by itself
        yield "publisher-place", shown.get("publisher-place", "place unknown")
    elif kind not in PARTS and "publisher-place" not in shown:
        yield "publisher-place", "[place unknown]" if "publisher" in shown else "[place unknown: publisher unknown]"
    match shown.get("issued"):
        case None:
            yield "issued", {"literal": "[date unknown]"}
        case {"circa": _, "date-parts": [[year, *_]]} | {"uncertain": _, "date-parts": [[year, *_]]}:
            yield "issued", {"literal": f"[{year}?]"}
    if kind in NLM_GENRES:
        yield "genre", shown.get("genre", NLM_GENRES[kind])


GUIDES: Sequence[tuple[str, Callable[[Mapping[str, object], Style, str], Corrections]]] = (
    ("chicago", _in_chicago),
    ("chicago", _resolution),
    (MLA, _in_mla),
    ("apa", _in_apa),
    ("nlm", _in_nlm),
)


def doctorate(shown: Mapping[str, object], style: Style, locale: str) -> str:
    """What a doctoral thesis is called."""
    if own := THESES.get(locale.partition("-")[0]):
        return own
    for guide, name in DISSERTATIONS.items():
        if style.name.startswith(guide):
            return f"Unpublished {name.lower()}" if guide == "apa" and not shown.keys() & PUBLISHED else name
    return str(shown["genre"])
