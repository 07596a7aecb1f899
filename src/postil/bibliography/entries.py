"""What an editor would query in the entries of a bibliography: each by itself, and beside the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from postil.bibliography.facts import facts
from postil.document import Reference
from postil.source import Diagnostic

Finding = Iterator[Diagnostic]

DOI = re.compile(r"10\.\d{4,9}/\S+")
RESOLVER = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
ISBN = re.compile(r"(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx]")
PUBLISHERS_SINCE = 1900
LATEST = 2999
MONTHS, DAYS = 12, 31
SEASONS = (21, 24)
ALIKE = 0.92


def entry_diagnostics(references: Sequence[Reference]) -> Iterator[Diagnostic]:
    """Everything questionable in the entries, in their order, then what is questionable of two together."""
    for reference in references:
        for check in CHECKS:
            yield from check(reference)
    yield from _keys_alike(references)
    yield from _same_identifier(references)
    yield from _same_work(references)


def place(reference: Reference, variable: str) -> int:
    """Where an entry has a variable, in whatever way its file writes it; the entry's start where it has not."""
    if _ending(reference) == "ris":
        pattern = rf"^(?:{'|'.join(facts()['ris-names'].get(variable, ['(?!)']))})  -"
    else:
        names = [variable, *facts()["bibtex-names"].get(variable, ())]
        sign = "=" if _ending(reference) == "bib" else ":"
        pattern = rf"(?<=[\s,{{(\"'])(?:{'|'.join(map(re.escape, names))})[\"']?\s*{sign}"
    matcher = re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    found = matcher.search(reference.source.text, reference.span.start, reference.span.end)
    return found.start() if found else reference.span.start


def _ending(reference: Reference) -> str:
    return reference.source.path.rpartition(".")[2].lower()


def called(reference: Reference, variable: str) -> str:
    """A variable by the name that the entry's file has for it."""
    tables = {"bib": "bibtex-names", "ris": "ris-names"}
    names = facts()[tables[ending]].get(variable) if (ending := _ending(reference)) in tables else None
    return str(names[0]) if names else variable


def _at(reference: Reference, variable: str, code: str, message: str, hint: str | None = None) -> Diagnostic:
    return reference.source.diagnostic(code, place(reference, variable), message, hint)


# --- one entry --------------------------------------------------------------------------------------------------


def _required(reference: Reference) -> Finding:
    kind = str(reference.item.get("type", ""))
    for choice in facts()["required"].get(kind, ()):
        variables = choice.split("|")
        # old books are known without their publisher
        if variables == ["publisher"] and _year(reference).isdigit() and int(_year(reference)) < PUBLISHERS_SINCE:
            continue
        if not any(reference.item.get(variable) for variable in variables):
            wanted = " or ".join(f"'{called(reference, variable)}'" for variable in variables)
            message = f"the entry '{reference.key}' has no {wanted}"
            hint = f"works of the type '{kind}' are known by it"
            yield reference.source.diagnostic("P210", reference.span, message, hint)


def _dates(reference: Reference) -> Finding:
    for variable in sorted(facts()["dates"]):
        value = reference.item.get(variable)
        if not isinstance(value, Mapping):
            continue
        if "literal" in value:
            message = f"'{value['literal']}' is no date"
            hint = "write 2004, 2004-05, 2004-05-23, 2004/2006, or 2004~ for about 2004"
            yield _at(reference, variable, "P212", message, hint)
        parts = value.get("date-parts")
        days = [[int(part) for part in day] for day in parts] if isinstance(parts, list) else []
        for day in days:
            year, month, number, *_ = (*day, 1, 1)
            if year > LATEST:
                yield _at(reference, variable, "P212", f"'{year}' is no year", "a year has four digits")
            elif not (1 <= month <= MONTHS or SEASONS[0] <= month <= SEASONS[1]):
                yield _at(reference, variable, "P212", f"'{month}' is no month", "months are 1 to 12")
            elif not 1 <= number <= DAYS:
                yield _at(reference, variable, "P212", f"'{number}' is no day of a month")
        if len(days) > 1 and days[1] < days[0][: len(days[1])]:
            yield _at(reference, variable, "P212", "the range of dates ends before it begins")


def _doi(reference: Reference) -> Finding:
    doi = str(reference.item.get("DOI", ""))
    bare = RESOLVER.sub("", doi, count=1)
    if doi and not DOI.fullmatch(bare):
        yield _at(reference, "DOI", "P214", f"'{doi}' is no DOI", "a DOI reads 10.1234/abc")
    elif doi != bare:
        yield _at(reference, "DOI", "P214", f"'{doi}' is a DOI with its address", f"write only '{bare}'")


def _isbn(reference: Reference) -> Finding:
    for number in re.split(r"[,;]|\s(?=97[89])", str(reference.item.get("ISBN", ""))):
        digits = re.sub(r"[^\dXx]", "", number).upper()
        if not number.strip():
            continue
        if not ISBN.fullmatch(number.strip()):
            yield _at(reference, "ISBN", "P215", f"'{number.strip()}' is no ISBN", "an ISBN has 10 or 13 digits")
        elif digits[-1] != (wanted := isbn_check_digit(digits)):
            message = f"the check digit of the ISBN '{number.strip()}' is wrong: a digit is mistyped"
            yield _at(reference, "ISBN", "P215", message, f"if the others are right, it ends in {wanted}")


def _issn(reference: Reference) -> Finding:
    for number in re.split(r"[,;\s]+", str(reference.item.get("ISSN", "")).strip()):
        digits = number.replace("-", "").upper()
        if not number:
            continue
        if not re.fullmatch(r"\d{7}[\dX]", digits):
            yield _at(reference, "ISSN", "P215", f"'{number}' is no ISSN", "an ISSN reads 1234-5679")
        elif digits[-1] != _modulo_eleven(digits[:-1]):
            yield _at(reference, "ISSN", "P215", f"the check digit of the ISSN '{number}' is wrong")


def isbn_check_digit(digits: str) -> str:
    """The last digit that an ISBN should have, after its first 9 or 12."""
    if len(digits) == 10:  # noqa: PLR2004 -- ISBN-10
        return _modulo_eleven(digits[:9])
    total = sum(int(digit) * (1, 3)[index % 2] for index, digit in enumerate(digits[:12]))
    return str(-total % 10)


def _modulo_eleven(digits: str) -> str:
    remainder = -sum(int(digit) * (len(digits) + 1 - index) for index, digit in enumerate(digits)) % 11
    return "0123456789X"[remainder]


def _url(reference: Reference) -> Finding:
    url = str(reference.item.get("URL", ""))
    if url and not re.match(r"https?://[^\s/]+\.[^\s/]", url, re.IGNORECASE):
        yield _at(reference, "URL", "P218", f"'{url}' is no address on the web", "it is printed, but not linked")
    elif re.search(r"\s", url):
        yield _at(reference, "URL", "P218", f"the address '{url}' has a space in it", "write %20 for a space")


def _names(reference: Reference) -> Finding:
    """Names that were strung together with commas, which nobody reads as several."""
    for variable in sorted(facts()["names"]):
        people = reference.item.get(variable)
        for person in people if isinstance(people, list) else ():
            if isinstance(person, Mapping) and "," in f"{person.get('family', '')}{person.get('given', '')}":
                name = f"{person.get('family', '')}, {person.get('given', '')}"
                yield _at(reference, variable, "P219", f"'{name}' is not one name", "put 'and' between names")


CHECKS: Sequence[Callable[[Reference], Finding]] = (_required, _dates, _doi, _isbn, _issn, _url, _names)


# --- one beside the others ----------------------------------------------------------------------------------------


def _keys_alike(references: Sequence[Reference]) -> Finding:
    seen: dict[str, Reference] = {}
    for reference in references:
        other = seen.setdefault(reference.key.casefold(), reference)
        if other.key != reference.key:
            message = f"the keys '{other.key}' and '{reference.key}' differ in capitals only"
            yield reference.source.diagnostic("P209", reference.span, message, "they are easily taken for each other")


def _same_identifier(references: Sequence[Reference]) -> Finding:
    seen: dict[tuple[str, str], Reference] = {}
    for reference in references:
        for variable in ("DOI", "ISBN"):
            value = RESOLVER.sub("", str(reference.item.get(variable, ""))).lower().replace("-", "").replace(" ", "")
            # the chapters of a book share its number
            if not value or (variable == "ISBN" and reference.item.get("type") != "book"):
                continue
            other = seen.setdefault((variable, value), reference)
            if other is not reference:
                message = f"'{reference.key}' has the same {variable} as '{other.key}'"
                yield _at(reference, variable, "P216", message, "if they are one work, keep one of the entries")


def _same_work(references: Sequence[Reference]) -> Finding:
    """Works of one year and one name whose titles are nearly the same, but for numbers in them."""
    groups: dict[tuple[object, ...], list[tuple[str, Reference]]] = {}
    for reference in references:
        title = re.sub(r"<[^>]*>|[^\w\s]", "", str(reference.item.get("title", ""))).casefold()
        traits = (_year(reference), _first_name(reference), reference.item.get("volume"), *re.findall(r"\d+", title))
        groups.setdefault((traits, reference.item.get("type")), []).append((title, reference))
    for group in groups.values():
        for (title, one), (other_title, other) in pairwise(sorted(group, key=lambda pair: pair[0])):
            if title and SequenceMatcher(None, title, other_title, autojunk=False).ratio() > ALIKE:
                first, second = sorted((one, other), key=lambda r: (r.source.path, r.span.start))
                message = f"'{second.key}' looks like the same work as '{first.key}'"
                hint = "if it is, keep one of the entries"
                yield second.source.diagnostic("P216", second.span, message, hint)


def _year(reference: Reference) -> str:
    issued = reference.item.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, Mapping) else None
    return str(parts[0][0]) if isinstance(parts, list) and parts else ""


def _first_name(reference: Reference) -> str:
    people = reference.item.get("author") or reference.item.get("editor")
    person = people[0] if isinstance(people, list) and people else {}
    return str(person.get("family", person.get("literal", ""))).casefold()
