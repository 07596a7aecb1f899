"""The numbers by which a work is known, DOI, ISBN and ISSN, as people write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

DOI = re.compile(r"10\.\d{4,9}/\S+")
RESOLVER = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
# what stands beside an ISBN or ISSN in many files: (Print), ISBN, pbk.
BESIDE = re.compile(
    r"\([^()]*\)|\b(?:e-?|p-?|print|online)?(?:ISBN|ISSN)(?:-1[03])?\b:?|\\textbackslash(?:\{\})?n?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class StandardNumber:
    """A kind of number with a check digit: the form that it has, and what its last digit should be.

    `reading` says to people how it reads.
    """

    form: re.Pattern[str]
    check_digit: Callable[[str], str]
    reading: str

    def found(self, text: str) -> tuple[list[str], str]:
        """The numbers of this kind in a text such as "0198612990 (cloth), 0198612991", and what else it says."""
        numbers: list[str] = []
        rest: list[str] = []
        for part in re.split(r"[,;/|]", BESIDE.sub(" ", text)):
            # what has " 978" in the middle is no number, but the end of one and the beginning of the next
            found = [number for number in self.form.findall(part) if not re.search(r"\s97[89]", number)]
            left = part
            for number in found:
                left = left.replace(number, " ", 1)
            if re.search(r"\d", left):
                rest.append(" ".join(part.split()))
            else:
                numbers += [number.strip() for number in found]
        return numbers, ", ".join(rest)


def digits(number: str) -> str:
    """An ISBN or ISSN without its hyphens and spaces."""
    return re.sub(r"[^\dXx]", "", number).upper()


def isbn_check_digit(digits: str) -> str:
    """The last digit that an ISBN should have, after its first 9 or 12."""
    if len(digits) == 10:  # noqa: PLR2004 -- ISBN-10
        return _modulo_eleven(digits[:9])
    total = sum(int(digit) * (1, 3)[index % 2] for index, digit in enumerate(digits[:12]))
    return str(-total % 10)


def _modulo_eleven(digits: str) -> str:
    """The check digit behind these digits: the last counts twice, the one before it three times, and so on."""
    remainder = -sum(int(digit) * (len(digits) + 1 - index) for index, digit in enumerate(digits)) % 11
    return "0123456789X"[remainder]


ISBN = StandardNumber(
    re.compile(r"(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx](?![\dXx-])"), isbn_check_digit, "an ISBN has 10 or 13 digits"
)
ISSN = StandardNumber(
    re.compile(r"\d{4}[- ]?\d{3}[\dXx](?![\dXx-])"),
    lambda digits: _modulo_eleven(digits[:-1]),
    "an ISSN reads 1234-5679",
)
