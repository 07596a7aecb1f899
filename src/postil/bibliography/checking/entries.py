"""What an editor would query in the entries of a bibliography: each by itself, and beside the others."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from postil.bibliography.facts import facts
from postil.bibliography.reading.dates import WHOLE_LITERAL, remedy
from postil.bibliography.reading.variables import called, ending, place
from postil.document import Reference
from postil.source import Diagnostic

Finding = Iterator[Diagnostic]

DOI = re.compile(r"10\.\d{4,9}/\S+")
RESOLVER = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
ISBN = re.compile(r"(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx](?![\dXx-])")
ISSN = re.compile(r"\d{4}[- ]?\d{3}[\dXx](?![\dXx-])")
# what stands beside such a number in many files: (Print), ISBN, pbk.
BESIDE = re.compile(
    r"\([^()]*\)|\b(?:e-?|p-?|print|online)?(?:ISBN|ISSN)(?:-1[03])?\b:?|\\textbackslash(?:\{\})?n?", re.IGNORECASE
)
COMMAND = re.compile(r"\\[A-Za-z]+")
NO_TEXT = frozenset({"URL", "DOI", "ISBN", "ISSN", "abstract", "annote", "keyword", "id", "type"})
LONGEST_TITLE = 300
WEB = re.compile(r"https?://[^\s/]+\.[^\s/]", re.IGNORECASE)
HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
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
        if not WHOLE_LITERAL.fullmatch(literal := str(value.get("literal", "2004–"))):
            yield _at(reference, variable, "P212", f"'{literal}' is no date", remedy(literal))
        parts = value.get("date-parts")
        days = [[int(part) for part in day] for day in parts] if isinstance(parts, list) else []
        for day in days:
            year, month, number, *_ = (*day, 1, 1)
            if year > LATEST:
                yield _at(reference, variable, "P212", f"'{year}' is no year", "a year has four digits")
            elif not (1 <= month <= MONTHS or SEASONS[0] <= month <= SEASONS[1]):
                yield _at(reference, variable, "P212", f"'{month}' is no month", "months are 1 to 12")
            elif not 1 <= number <= _days(year, month):
                message = f"'{number}' is no day of that month"
                yield _at(reference, variable, "P212", message, f"its last is {_days(year, month)}")
        if len(days) > 1 and days[1] < days[0][: len(days[1])]:
            message = "the range of dates ends before it begins"
            yield _at(reference, variable, "P212", message, "put the earlier date first")


def _days(year: int, month: int) -> int:
    # seasons have no days, and years before Christ no leap years that anybody would look up
    return monthrange(max(year, 4), month)[1] if month <= MONTHS else DAYS


def _doi(reference: Reference) -> Finding:
    doi = str(reference.item.get("DOI", ""))
    bare = RESOLVER.sub("", doi, count=1)
    if doi and not DOI.fullmatch(bare):
        yield _at(reference, "DOI", "P214", f"'{doi}' is no DOI", "a DOI reads 10.1234/abc")
    elif doi != bare:
        yield _at(reference, "DOI", "P214", f"'{doi}' is a DOI with its address", f"write only '{bare}'")


def _standard_numbers(reference: Reference) -> Finding:
    """ISBN and ISSN: their check digits, and one that stands in the place of the other."""
    for name, other in (("ISBN", "ISSN"), ("ISSN", "ISBN")):
        form, check_digit, reading = STANDARD_NUMBERS[name]
        numbers, rest = _numbers(reference, name, form)
        for number in numbers:
            digits = re.sub(r"[^\dXx]", "", number).upper()
            if digits[-1] != (wanted := check_digit(digits)):
                message = f"the check digit of the {name} '{number}' is wrong: a digit is mistyped"
                yield _at(reference, name, "P215", message, f"if the others are right, it ends in {wanted}")
        if rest:
            is_other = STANDARD_NUMBERS[other][0].fullmatch(rest) and ending(reference.source) != "ris"
            hint = f"it is an {other}: write it as '{called(reference, other)}'" if is_other else reading
            yield _at(reference, name, "P215", f"'{rest}' is no {name}", hint)


def _numbers(reference: Reference, variable: str, form: re.Pattern[str]) -> tuple[list[str], str]:
    """The numbers of this form that a variable has, and what else there is in it."""
    numbers: list[str] = []
    rest: list[str] = []
    for part in re.split(r"[,;/|]", BESIDE.sub(" ", str(reference.item.get(variable, "")))):
        # where several stand behind each other, each ends at a space
        found = [number for number in form.findall(part) if not re.search(r"\s97[89]", number)]
        left = part
        for number in found:
            left = left.replace(number, " ", 1)
        if re.search(r"\d", left):
            rest.append(" ".join(part.split()))
        else:
            numbers += [number.strip() for number in found]
    return numbers, ", ".join(rest)


def isbn_check_digit(digits: str) -> str:
    """The last digit that an ISBN should have, after its first 9 or 12."""
    if len(digits) == 10:  # noqa: PLR2004 -- ISBN-10
        return _modulo_eleven(digits[:9])
    total = sum(int(digit) * (1, 3)[index % 2] for index, digit in enumerate(digits[:12]))
    return str(-total % 10)


def _modulo_eleven(digits: str) -> str:
    remainder = -sum(int(digit) * (len(digits) + 1 - index) for index, digit in enumerate(digits)) % 11
    return "0123456789X"[remainder]


STANDARD_NUMBERS: Mapping[str, tuple[re.Pattern[str], Callable[[str], str], str]] = {
    "ISBN": (ISBN, isbn_check_digit, "an ISBN has 10 or 13 digits"),
    "ISSN": (ISSN, lambda digits: _modulo_eleven(digits[:-1]), "an ISSN reads 1234-5679"),
}
"""The form of each, what its last digit should be, and how it reads."""


def _url(reference: Reference) -> Finding:
    url = str(reference.item.get("URL", ""))
    first = re.split(r"[\s,;]", url, maxsplit=1)[0]
    if url and not WEB.match(url):
        bare = url.removeprefix("//")
        hint = f"write https://{bare}" if HOST.fullmatch(bare) else "it is printed, but not linked"
        yield _at(reference, "URL", "P218", f"'{url}' is no address on the web", hint)
    elif re.search(r"\shttps?:", url):
        yield _at(reference, "URL", "P218", f"'{url}' is more than one address", f"keep one: {first}")
    elif re.search(r"\s\(?(?:viewed|accessed|retrieved|visited|last|seen)\b", url, re.IGNORECASE):
        hint = f"write when it was seen as '{called(reference, 'accessed')}'"
        yield _at(reference, "URL", "P218", f"there is more than an address in '{url}'", hint)
    elif re.search(r"\s", url):
        yield _at(reference, "URL", "P218", f"the address '{url}' has a space in it", "write %20 for a space")


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
    for variable in sorted(facts()["names"]):
        people = reference.item.get(variable)
        for person in people if isinstance(people, list) else ():
            if isinstance(person, Mapping) and "," in f"{person.get('family', '')}{person.get('given', '')}":
                name = ", ".join(str(part) for name in ("family", "given") if (part := person.get(name)))
                yield _at(reference, variable, "P219", f"'{name}' is not one name", hint)


def _latex(reference: Reference) -> Finding:
    """Commands that were left over: they would be printed."""
    if ending(reference.source) != "bib":
        return
    for variable, value in reference.item.items():
        if variable not in NO_TEXT and (left := COMMAND.search(str(value))):
            message = f"the command '{left[0]}' has no plain meaning, and is printed as it stands"
            yield _at(reference, variable, "P232", message, "write what it stands for, or take it out")


CHECKS: Sequence[Callable[[Reference], Finding]] = (_required, _dates, _doi, _standard_numbers, _url, _names, _latex)


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
        for variable, value in _identifiers(reference):
            other = seen.setdefault((variable, value), reference)
            if other is not reference:
                message = f"'{reference.key}' has the same {variable} as '{other.key}'"
                yield _at(reference, variable, "P216", message, "if they are one work, keep one of the entries")
                break


def _identifiers(reference: Reference) -> Iterator[tuple[str, str]]:
    if doi := str(reference.item.get("DOI", "")):
        yield "DOI", RESOLVER.sub("", doi).lower()
    # the chapters of a book share its number
    for number in _numbers(reference, "ISBN", ISBN)[0] if reference.item.get("type") == "book" else ():
        digits = re.sub(r"[^\dXx]", "", number).upper()
        # the shorter form of a number is its last nine digits and a check digit of its own
        yield "ISBN", digits[-10:-1]


def _same_work(references: Sequence[Reference]) -> Finding:
    """Works of one year and one name whose titles are nearly the same, but for numbers in them."""
    groups: dict[tuple[object, ...], list[tuple[str, Reference]]] = {}
    for reference in references:
        title = re.sub(r"<[^>]*>|[^\w\s]", "", str(reference.item.get("title", ""))).casefold()[:LONGEST_TITLE]
        traits = (_year(reference), _first_name(reference), reference.item.get("volume"), *re.findall(r"\d+", title))
        groups.setdefault((traits, reference.item.get("type")), []).append((title, reference))
    for group in groups.values():
        for (title, one), (other_title, other) in pairwise(sorted(group, key=lambda pair: pair[0])):
            if title and _are_alike(title, other_title):
                first, second = sorted((one, other), key=lambda r: (r.source.path, r.span.start))
                message = f"'{second.key}' looks like the same work as '{first.key}'"
                hint = "if it is, keep one of the entries"
                yield second.source.diagnostic("P216", second.span, message, hint)


def _are_alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # the first two are never less than the third, and soon known
    return all(ratio() > ALIKE for ratio in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio))


def _year(reference: Reference) -> str:
    issued = reference.item.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, Mapping) else None
    return str(parts[0][0]) if isinstance(parts, list) and parts else ""


def _first_name(reference: Reference) -> str:
    people = reference.item.get("author") or reference.item.get("editor")
    person = people[0] if isinstance(people, list) and people else {}
    return str(person.get("family", person.get("literal", ""))).casefold()
