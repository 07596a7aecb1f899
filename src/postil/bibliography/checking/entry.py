"""What an editor would query in one entry of a bibliography, whatever stands beside it."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence

from postil.bibliography.checking.identifiers import DOI, ISBN, ISSN, RESOLVER, digits
from postil.bibliography.facts import DATES, NAMES, facts
from postil.bibliography.reading.dates import WHOLE_LITERAL, remedy
from postil.bibliography.reading.variables import called, ending, place
from postil.document import Reference
from postil.source import Diagnostic

Finding = Iterator[Diagnostic]

COMMAND = re.compile(r"\\[A-Za-z]+")
NO_TEXT = frozenset({"URL", "DOI", "ISBN", "ISSN", "abstract", "annote", "keyword", "id", "type"})
WEB = re.compile(r"https?://[^\s/]+\.[^\s/]", re.IGNORECASE)
HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
PUBLISHERS_SINCE = 1900
LATEST = 2999
MONTHS, DAYS = 12, 31
SEASONS = (21, 24)


def check_entry(reference: Reference) -> Finding:
    """Everything questionable in an entry."""
    for check in CHECKS:
        yield from check(reference)


def query(reference: Reference, variable: str, code: str, message: str, hint: str | None = None) -> Diagnostic:
    """A message about a variable of an entry, at its place."""
    return reference.source.diagnostic(code, place(reference, variable), message, hint)


def year_of(reference: Reference) -> str:
    """The year in which a work appeared; nothing where its entry has none."""
    issued = reference.item.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, Mapping) else None
    return str(parts[0][0]) if isinstance(parts, list) and parts else ""


def _required(reference: Reference) -> Finding:
    kind = str(reference.item.get("type", ""))
    for choice in facts()["required"].get(kind, ()):
        variables = choice.split("|")
        # nobody misses the publisher of an old book
        if variables == ["publisher"] and year_of(reference).isdigit() and int(year_of(reference)) < PUBLISHERS_SINCE:
            continue
        if not any(reference.item.get(variable) for variable in variables):
            wanted = " or ".join(f"'{called(reference, variable)}'" for variable in variables)
            message = f"the entry '{reference.key}' has no {wanted}"
            hint = f"works of the type '{kind}' are known by it"
            yield reference.source.diagnostic("P210", reference.span, message, hint)


def _dates(reference: Reference) -> Finding:
    for variable in sorted(DATES):
        value = reference.item.get(variable)
        if not isinstance(value, Mapping):
            continue
        if not WHOLE_LITERAL.fullmatch(literal := str(value.get("literal", "2004–"))):
            yield query(reference, variable, "P212", f"'{literal}' is no date", remedy(literal))
        parts = value.get("date-parts")
        days = [[int(part) for part in day] for day in parts] if isinstance(parts, list) else []
        for day in days:
            year, month, number, *_ = (*day, 1, 1)
            if year > LATEST:
                yield query(reference, variable, "P212", f"'{year}' is no year", "a year has four digits")
            elif not (1 <= month <= MONTHS or SEASONS[0] <= month <= SEASONS[1]):
                yield query(reference, variable, "P212", f"'{month}' is no month", "months are 1 to 12")
            elif not 1 <= number <= _days(year, month):
                message = f"'{number}' is no day of that month"
                yield query(reference, variable, "P212", message, f"its last is {_days(year, month)}")
        if len(days) > 1 and days[1] < days[0][: len(days[1])]:
            message = "the range of dates ends before it begins"
            yield query(reference, variable, "P212", message, "put the earlier date first")


def _days(year: int, month: int) -> int:
    # seasons have no days, and years before Christ no leap years that anybody would look up
    return monthrange(max(year, 4), month)[1] if month <= MONTHS else DAYS


def _doi(reference: Reference) -> Finding:
    doi = str(reference.item.get("DOI", ""))
    bare = RESOLVER.sub("", doi, count=1)
    if doi and not DOI.fullmatch(bare):
        yield query(reference, "DOI", "P214", f"'{doi}' is no DOI", "a DOI reads 10.1234/abc")
    elif doi != bare:
        yield query(reference, "DOI", "P214", f"'{doi}' is a DOI with its address", f"write only '{bare}'")


def _standard_numbers(reference: Reference) -> Finding:
    """ISBN and ISSN: their check digits, and one that stands in the place of the other."""
    for name, kind, other, other_kind in (("ISBN", ISBN, "ISSN", ISSN), ("ISSN", ISSN, "ISBN", ISBN)):
        numbers, rest = kind.found(str(reference.item.get(name, "")))
        for number in numbers:
            written = digits(number)
            if written[-1] != (wanted := kind.check_digit(written)):
                message = f"the check digit of the {name} '{number}' is wrong: a digit is mistyped"
                yield query(reference, name, "P215", message, f"if the others are right, it ends in {wanted}")
        if rest:
            # RIS has one tag for both
            is_other = other_kind.form.fullmatch(rest) and ending(reference.source) != "ris"
            hint = f"it is an {other}: write it as '{called(reference, other)}'" if is_other else kind.reading
            yield query(reference, name, "P215", f"'{rest}' is no {name}", hint)


def _url(reference: Reference) -> Finding:
    url = str(reference.item.get("URL", ""))
    first = re.split(r"[\s,;]", url, maxsplit=1)[0]
    if url and not WEB.match(url):
        bare = url.removeprefix("//")
        hint = f"write https://{bare}" if HOST.fullmatch(bare) else "it is printed, but not linked"
        yield query(reference, "URL", "P218", f"'{url}' is no address on the web", hint)
    elif re.search(r"\shttps?:", url):
        yield query(reference, "URL", "P218", f"'{url}' is more than one address", f"keep one: {first}")
    elif re.search(r"\s\(?(?:viewed|accessed|retrieved|visited|last|seen)\b", url, re.IGNORECASE):
        hint = f"write when it was seen as '{called(reference, 'accessed')}'"
        yield query(reference, "URL", "P218", f"there is more than an address in '{url}'", hint)
    elif re.search(r"\s", url):
        yield query(reference, "URL", "P218", f"the address '{url}' has a space in it", "write %20 for a space")


def _names(reference: Reference) -> Finding:
    """Names that were strung together with commas, which nobody reads as several."""
    # in BibTeX they are looked at as they are written
    if (kind := ending(reference.source)) == "bib":
        return
    hint = (
        "a name has a line of its own"
        if kind == "ris"
        else "every name is an item of its own, with 'family' and 'given'"
    )
    for variable in sorted(NAMES):
        people = reference.item.get(variable)
        for person in people if isinstance(people, list) else ():
            if isinstance(person, Mapping) and "," in f"{person.get('family', '')}{person.get('given', '')}":
                name = ", ".join(str(part) for name in ("family", "given") if (part := person.get(name)))
                yield query(reference, variable, "P219", f"'{name}' is not one name", hint)


def _latex(reference: Reference) -> Finding:
    """Commands that were left over: they would be printed."""
    if ending(reference.source) != "bib":
        return
    for variable, value in reference.item.items():
        if variable not in NO_TEXT and (left := COMMAND.search(str(value))):
            message = f"the command '{left[0]}' has no plain meaning, and is printed as it stands"
            yield query(reference, variable, "P232", message, "write what it stands for, or take it out")


CHECKS: Sequence[Callable[[Reference], Finding]] = (_required, _dates, _doi, _standard_numbers, _url, _names, _latex)
