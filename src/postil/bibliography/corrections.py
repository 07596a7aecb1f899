"""Where the style guides want more than the styles that carry their names, and the processor, give."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, groupby

from postil.bibliography import tree
from postil.bibliography.engine import Answer, Bibliography
from postil.bibliography.style import Style
from postil.document import Element, Node, Text, plain, rewrite

Corrections = Iterator[tuple[str, object]]
"""Variables of a reference with the values that they should have; an empty one goes."""

ENDING_IN_A_MARK = ("title", "title-short", "container-title", "volume-title")
ARTICLE = re.compile(r"^(?:A|An|The) (?=\S)")
# at the beginning of an entry and of each of its sentences
ARTICLES = re.compile(r"(?:^|(?<=\. ))(?:A|An|The) (?=\S)")
MARKS = re.compile(r"(?:^|(?<=\. ))[“‘«\"'\[(]+")
# what parts a main title from its subtitle
SUBTITLE = re.compile(r": |(?<=[?!]) (?=(?:<[^>]*>)?[A-Z])")
# behind the title of a work, that title in the reader's language
TRANSLATION = re.compile(r"\s+(\[[^\[\]]+\])$")
LAWS = ("bill", "legislation", "regulation")
MLA = "modern-language-association"
AMERICAN = ("chicago", "turabian", MLA)
INVERTED = re.compile(r"^([^,]+, [^,]+) et al\b")
APA_GENRES = {"dataset": "Data set", "motion_picture": "Film", "podcast": "Audio podcast episode"}
NLM_GENRES = {"map": "map", "motion_picture": "motion picture"}
HEADLINES = ("title", "title-short", "container-title", "volume-title", "collection-title")
# words that processors leave small in a headline, though they are no prepositions; and the other way round
GREAT = re.compile(r"(?<= )(so|yet)(?= )")
SMALL = re.compile(r"(?<=[^:?!] )(amid|upon)(?= )")
PREPOSITION = 4
"""The most letters that a preposition has which Chicago leaves small in a headline, since its 18th edition."""
# the symbol that the United Nations give a resolution: S/RES/1172 (1998), A/RES/67/18, A/HRC/RES/16/18
RESOLUTION = re.compile(r"([A-Z]+(?:/[A-Z]+)*/RES/(\S+?(?: [A-Z])?(?: ?\([A-Z]+\))?))(?: ?\(\d{4}\))?")
MARKUP = re.compile(r"<[^>]*>")
ITALICS = re.compile(r"</?i>")
# what a doctoral thesis is called in BibTeX
DOCTORATES = ("phd thesis", "doctoral thesis")
THESES = {"de": "Dissertation", "fr": "Thèse de doctorat"}
DISSERTATIONS = {
    "chicago": "PhD diss.",
    "turabian": "PhD diss.",
    MLA: "PhD dissertation",
    "apa": "Doctoral dissertation",
    "nlm": "dissertation",
}
# what is published within something else, or not at all
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
DIGITS = r"(?:\d+|[ivxlc]+|[IVXLC]+)"
RANGE = re.compile(rf"\b({DIGITS})\s*(?:--?|–)\s*({DIGITS})\b")


def presented(item: Mapping[str, object], style: Style, locale: str) -> dict[str, object]:
    """A reference as the style guides want it set, where the processor would not do so by itself.

    A title that has no short form of its own is shortened to its main title, in notes without its article; ranges get
    their en dash; a URL that only repeats the DOI goes.
    """
    shown = dict(item)
    title = str(shown.get("title", ""))
    main = short = _main_title(TRANSLATION.sub("", title))
    if _is_english(shown, locale) and (style.note or style.name.startswith(MLA)):
        short = ARTICLE.sub("", main)
    if shown.get("title-short", main) == main != "" and short != title:
        shown["title-short"] = short
    if str(shown.get("genre")).lower() in DOCTORATES:
        shown["genre"] = _doctorate(shown, style, locale)
    for guide, corrections in GUIDES:
        if style.name.startswith(guide):
            shown |= dict(corrections(shown, style, locale))
    for name in ENDING_IN_A_MARK:
        if str(shown.get(name, "")).endswith(("?", "!")):
            shown[name] = f"{shown[name]}{tree.JOINER}"
    shown |= dict(_numbers(shown))
    url, doi = str(shown.get("URL", "")), str(shown.get("DOI", ""))
    if doi and re.fullmatch(rf"https?://(dx\.)?doi\.org/{re.escape(doi)}", url, re.IGNORECASE):
        del shown["URL"]
    return {name: value for name, value in shown.items() if value not in ("", [])}


def _is_english(shown: Mapping[str, object], locale: str) -> bool:
    return str(shown.get("language", locale)).lower().startswith("en")


def _numbers(shown: Mapping[str, object]) -> Corrections:
    """Numbers with the dashes and hyphens that they should have."""
    for name in ("page", "volume", "issue"):
        if isinstance(value := shown.get(name), str):
            yield name, with_dashes(value)
    number = shown.get("number")
    if isinstance(number, str) and (shown.get("type") in LAWS or re.search("[A-Za-z]", number)):
        # the number of one law or report, not a range of several
        yield "number", number.replace("-", "\N{NON-BREAKING HYPHEN}")


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
        owners = [str(name["literal"]) for name in authors]
        yield from (("author", []), ("publisher", shown.get("publisher", " and ".join(owners))))
    # a date of access stands for the date that is not known, as for any page of the web
    if kind == "dataset" and "accessed" in shown and "issued" not in shown:
        yield "type", "webpage"


def _resolution(shown: Mapping[str, object], style: Style, locale: str) -> Corrections:
    """A resolution of the United Nations, known by its symbol: its number in roman, its own title, symbol and day."""
    found = RESOLUTION.fullmatch(MARKUP.sub("", str(shown.get("number", ""))))
    if found is None:
        return
    symbol, number = found.groups()
    title = str(shown.get("title", ""))
    named = re.match(rf"(?:[\w ]* )?r[eé]solution {re.escape(number)}(?: \(\d{{4}}\))?[ :,.]*", title, re.IGNORECASE)
    own = title[named.end() :] if named else title
    name = f"Resolution {number}"
    yield "number", symbol
    # the name says it
    yield "genre", ""
    if not style.note:
        # whose titles are in roman, with the full date behind them
        yield "type", "collection"
        yield "title", f"{name}, <i>{own}</i>" if own else name
        return
    # whose date stands in brackets; but its titles are in italics, and of the date there is the year
    yield "type", "report"
    yield "title", f"<i>{name}, </i>{own}" if own else f"<i>{name}</i>"
    yield "title-short", f"<i>{name}</i>"
    issued = shown.get("issued")
    match issued.get("date-parts") if isinstance(issued, Mapping) else None:
        case [[int(year), int(month), int(day)]] if locale.startswith("en") and 0 < month <= len(MONTHS):
            yield "issued", {"literal": f"{MONTHS[month - 1]} {day}, {year}"}


def _headlines(shown: Mapping[str, object], _style: Style, locale: str) -> Corrections:
    """Titles with the words marked that processors get wrong in a headline: "Not So Fast", "Once upon a Time"."""
    for name in HEADLINES if _is_english(shown, locale) else ():
        if isinstance(title := shown.get(name), str):
            yield name, SMALL.sub(r'<span class="nocase">\1</span>', GREAT.sub(lambda word: word[1].title(), title))


def longest_small_word(style: Style) -> int:
    """How long a preposition can be that stays small in a headline; 0 where the style does not say."""
    return PREPOSITION if style.name.startswith("chicago") and "17th" not in style.name else 0


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
    """What Citing Medicine has otherwise: no italics, a word for what is not known, and for works that are no text."""
    yield from ((name, ITALICS.sub("", value)) for name, value in shown.items() if isinstance(value, str))
    kind = str(shown.get("type"))
    if kind not in PARTS and "publisher-place" not in shown:
        yield "publisher-place", "[place unknown]" if "publisher" in shown else "[place unknown: publisher unknown]"
    match shown.get("issued"):
        case None:
            yield "issued", {"literal": "[date unknown]"}
        case {"circa": _, "date-parts": [[year, *_]]}:
            yield "issued", {"literal": f"[{year}?]"}
    if kind in NLM_GENRES:
        yield "genre", shown.get("genre", NLM_GENRES[kind])


GUIDES: Sequence[tuple[str, Callable[[Mapping[str, object], Style, str], Corrections]]] = (
    ("chicago", _in_chicago),
    ("chicago", _resolution),
    ("chicago", _headlines),
    (MLA, _in_mla),
    ("apa", _in_apa),
    ("nlm", _in_nlm),
)


def _doctorate(shown: Mapping[str, object], style: Style, locale: str) -> str:
    """What a doctoral thesis is called."""
    for guide, name in DISSERTATIONS.items():
        if style.name.startswith(guide):
            return f"Unpublished {name.lower()}" if guide == "apa" and not shown.keys() & PUBLISHED else name
    return THESES.get(locale.partition("-")[0], str(shown["genre"]))


def _main_title(title: str) -> str:
    """The title before its subtitle, unless markup goes on across the two."""
    main = SUBTITLE.split(title, maxsplit=1)[0]
    return main if main.count("<") == 2 * main.count("</") else title


def with_dashes(text: str) -> str:
    """Ranges of arabic and roman numbers with an en dash between them."""
    return RANGE.sub("\\1\N{EN DASH}\\2", text)


def alphabetized(bibliography: Bibliography) -> Bibliography:
    """A bibliography in English with names and titles that begin with an article in the place of their next word."""
    words = {key: MARKS.sub("", plain(entry)) for key, entry in bibliography}
    places = {key: _collated(ARTICLES.sub("", text)) for key, text in words.items()}
    order: list[str] = []
    for _, group in groupby((key for key in words if not ARTICLE.match(words[key])), lambda key: _author(words[key])):
        works = list(group)
        # else they are in order of something else, such as years
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
    """Words as they are sorted: without capitals and diacritics, what ends before what goes on."""
    decomposed = unicodedata.normalize("NFKD", words.casefold().replace(". ", "\0"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def without_stop(shown: tuple[Node, ...]) -> tuple[Node, ...]:
    """An answer without its full stop."""
    match shown:
        case (*rest, Text() as last):
            kept = last.value.removesuffix(".")
            return (*rest, Text(kept)) if kept else tuple(rest)
    return shown


def stop_inside(shown: tuple[Node, ...]) -> tuple[Node, ...]:
    """A note's full stop within the quotation marks before it, where America has it."""
    bare = without_stop(shown)
    return _before_quotes(bare) if bare != shown and plain(bare).endswith("”") else shown


def _before_quotes(shown: tuple[Node, ...]) -> tuple[Node, ...]:
    match shown:
        case (*rest, Element(children=children) as last):
            return (*rest, replace(last, children=_before_quotes(children)))
        case (*rest, Text() as last):
            inside = last.value.rstrip("”’")
            stop = "" if inside.endswith((".", "?", "!")) else "."
            return (*rest, Text(inside + stop + last.value[len(inside) :]))
    return shown


def finished(answer: Answer, items: Sequence[Mapping[str, object]], style: Style) -> Answer:
    """An answer with the last touches that hold for the words of any engine."""
    answer = _rewritten(_rewritten(_listed(answer, items), _upright), _translations_outside(items))
    if not style.name.startswith(AMERICAN):
        return answer
    answer = replace(answer, bibliography=tuple((key, _with_comma(entry)) for key, entry in answer.bibliography))
    return _rewritten(answer, _years_abridged(items))


def _listed(answer: Answer, items: Sequence[Mapping[str, object]]) -> Answer:
    """An answer without the empty entries and the links of works that a style does not list, such as letters."""
    bibliography = tuple((key, entry) for key, entry in answer.bibliography if plain(entry))
    unlisted = {str(item["id"]) for item in items} - dict(bibliography).keys()
    targets = {f"#{tree.reference_id(key)}" for key in unlisted}

    def change(node: Node) -> tuple[Node, ...] | None:
        return node.children if isinstance(node, Element) and node.get("href") in targets else None

    return _rewritten(replace(answer, bibliography=bibliography), change if targets else None)


def _with_comma(entry: tuple[Node, ...]) -> tuple[Node, ...]:
    """An entry with a comma between a name that is inverted and "et al."."""
    match entry:
        case (Text(value=value), *rest):
            return (Text(INVERTED.sub(r"\1, et al", value)), *rest)
    return entry


Change = Callable[[Node], tuple[Node, ...] | None]


def _rewritten(answer: Answer, change: Change | None) -> Answer:
    if change is None:
        return answer
    return Answer(
        {name: (rewrite(text, change), rewrite(note, change)) for name, (text, note) in answer.shown.items()},
        tuple((key, rewrite(entry, change)) for key, entry in answer.bibliography),
    )


def _upright(node: Node) -> tuple[Node, ...] | None:
    """Italics within italics as what they are, upright."""
    match node:
        case Element(tag="em", children=children) if any(map(_is_italic, children)):
            runs = ((upright, tuple(run)) for upright, run in groupby(children, _is_italic))
            parts = (_inside(run) if upright else _between_spaces(node, run) for upright, run in runs)
            return tuple(chain.from_iterable(parts))
    return None


def _is_italic(node: Node) -> bool:
    return isinstance(node, Element) and node.tag == "em"


def _inside(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield from node.children if isinstance(node, Element) else (node,)


def _between_spaces(italics: Element, content: tuple[Node, ...]) -> Iterator[Node]:
    """Content in italics, but for the spaces at its ends."""
    match content:
        case (Text(value=value),) if words := value.strip():
            yield from (Text(" "),) * value.startswith(" ")
            yield replace(italics, children=(Text(words),))
            yield from (Text(" "),) * value.endswith(" ")
        case (Text(),):
            yield from content
        case _:
            yield replace(italics, children=content)


def _translations_outside(items: Sequence[Mapping[str, object]]) -> Change | None:
    """Translations of titles, in square brackets, go behind the quotation marks or italics."""
    translated = {found[1] for item in items if (found := TRANSLATION.search(str(item.get("title", ""))))}
    if not translated:
        return None
    words = "|".join(re.escape(words) for words in sorted(translated))
    # a full stop or comma of the sentence stands within American quotation marks, and behind all others
    quoted = re.compile(rf"\s*({words})([.,]?)([”»’]|\s»)", re.IGNORECASE)
    emphasized = re.compile(rf"\s*({words})$", re.IGNORECASE)

    def change(node: Node) -> tuple[Node, ...] | None:
        match node:
            case Text(value=value) if "]" in value:
                return (Text(quoted.sub(r"\3 \1\2", value)),)
            case Element(tag="em", children=(*before, Text(value=value))) if found := emphasized.search(value):
                kept = replace(node, children=(*before, Text(value[: found.start()])))
                return (kept, Text(f" {found[1]}"))
        return None

    return change


def _years_abridged(items: Sequence[Mapping[str, object]]) -> Change | None:
    """Ranges of years of publication, within a century, as in America: 1951–54, but 1898–1903, 1900–1904."""
    titles = " ".join(str(item.get(name, "")) for item in items for name in ("title", "container-title"))
    ranges: dict[str, str] = {}
    for item in items:
        issued = item.get("issued")
        match issued.get("date-parts") if isinstance(issued, Mapping) else None:
            case [[int() as first], [int() as last]] if first // 100 == last // 100 and first > 0 < first % 100:
                ranges[f"{first}\N{EN DASH}{last}"] = f"{first}\N{EN DASH}{last % 100:02}"
    mine = [whole for whole in sorted(ranges) if whole not in titles]
    if not mine:
        return None
    years = re.compile(rf"\b(?:{'|'.join(mine)})\b")

    def change(node: Node) -> tuple[Node, ...] | None:
        return (replace(node, value=years.sub(lambda m: ranges[m[0]], node.value)),) if isinstance(node, Text) else None

    return change
