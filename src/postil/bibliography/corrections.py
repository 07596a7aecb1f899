"""Where the style guides want more than the styles that carry their names, and the processor, give."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from postil.bibliography import tree
from postil.bibliography.engine import Answer, Bibliography
from postil.bibliography.style import Style
from postil.document import Element, Node, Text, plain, rewrite

ENDING_IN_A_MARK = ("title", "title-short", "container-title", "volume-title")
ARTICLE = re.compile(r"(?:A|An|The) (?=\S)")
# behind the title of a work, that title in the reader's language
TRANSLATION = re.compile(r"\s+(\[[^\[\]]+\])$")
LAWS = ("bill", "legislation", "regulation")
APA_GENRES = {"dataset": "Data set", "motion_picture": "Film"}
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
    if style.note and str(shown.get("language", locale)).lower().startswith("en"):
        short = ARTICLE.sub("", main)
    if shown.get("title-short", main) == main != "" and short != title:
        shown["title-short"] = short
    if style.name.startswith("chicago"):
        shown |= dict(_in_chicago(shown))
    if style.name.startswith("apa"):
        shown = {"genre": APA_GENRES[kind]} | shown if (kind := str(shown.get("type"))) in APA_GENRES else shown
    for name in ENDING_IN_A_MARK:
        if str(shown.get(name, "")).endswith(("?", "!")):
            shown[name] = f"{shown[name]}{tree.JOINER}"
    shown |= dict(_numbers(shown))
    url, doi = str(shown.get("URL", "")), str(shown.get("DOI", ""))
    if doi and re.fullmatch(rf"https?://(dx\.)?doi\.org/{re.escape(doi)}", url, re.IGNORECASE):
        del shown["URL"]
    return shown


def _numbers(shown: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Numbers with the dashes and hyphens that they should have."""
    for name in ("page", "volume", "issue"):
        if isinstance(value := shown.get(name), str):
            yield name, with_dashes(value)
    number = shown.get("number")
    if isinstance(number, str) and (shown.get("type") in LAWS or re.search("[A-Za-z]", number)):
        # the number of one law or report, not a range of several
        yield "number", number.replace("-", "\N{NON-BREAKING HYPHEN}")


def _in_chicago(shown: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """What The Chicago Manual of Style has otherwise than the style that carries its name."""
    if str(shown.get("type")).startswith("article-") and (periodical := str(shown.get("container-title", ""))):
        yield "container-title", periodical.removeprefix("The ")
    if shown.get("genre") == "PhD thesis":
        yield "genre", "PhD diss."
    # an article that is signed is cited as a chapter is, not as an entry under its heading
    if str(shown.get("type")).startswith("entry-") and shown.get("author"):
        yield "type", "chapter"
    # a date of access stands for the date that is not known, as for any page of the web
    if shown.get("type") == "dataset" and "accessed" in shown and "issued" not in shown:
        yield "type", "webpage"


def _main_title(title: str) -> str:
    """The title before its colon, unless markup goes on across it."""
    main, _, _ = title.partition(": ")
    return main if main.count("<") == 2 * main.count("</") else title


def with_dashes(text: str) -> str:
    """Ranges of arabic and roman numbers with an en dash between them."""
    return RANGE.sub("\\1\N{EN DASH}\\2", text)


def alphabetized(bibliography: Bibliography) -> Bibliography:
    """A bibliography in English with works that begin with an article in the place of their next word."""
    result = [entry for entry in bibliography if not ARTICLE.match(_opening(entry[1]))]
    for entry in bibliography:
        opening = _opening(entry[1])
        if ARTICLE.match(opening):
            bare = _collated(ARTICLE.sub("", opening))
            later = (i for i, (_, other) in enumerate(result) if _collated(_opening(other)) > bare)
            result.insert(next(later, len(result)), entry)
    return tuple(result)


def _collated(words: str) -> str:
    """Words as they are sorted: without capitals and diacritics."""
    return "".join(c for c in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(c))


def _opening(shown: tuple[Node, ...]) -> str:
    return plain(shown).lstrip("“‘«\"'[(")


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
    answer = _rewritten(answer, _translations_outside(items))
    return _rewritten(answer, _years_abridged(items)) if style.name.startswith("chicago") else answer


Change = Callable[[Node], tuple[Node, ...] | None]


def _rewritten(answer: Answer, change: Change | None) -> Answer:
    if change is None:
        return answer
    return Answer(
        {name: (rewrite(text, change), rewrite(note, change)) for name, (text, note) in answer.shown.items()},
        tuple((key, rewrite(entry, change)) for key, entry in answer.bibliography),
    )


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
    """Ranges of years of publication, within a century, as Chicago abridges them: 1951–54, but 1898–1903, 1900–1904."""
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
