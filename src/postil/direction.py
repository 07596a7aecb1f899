"""Which way a language is written: from left to right, or from right to left."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Direction: TypeAlias = Literal["ltr", "rtl"]

# CLDR 46, layout/orientation and likelySubtags: the languages that are written from right to left unless their tag
# names another script, and the scripts (ISO 15924) that are
_LANGUAGES: Final = frozenset(
    {
        "ae", "aii", "ar", "arc", "arz", "azb", "bal", "bgn", "bqi", "ckb", "dv", "fa", "glk", "he", "iw",
        "ji", "khw", "ks", "lrc", "luz", "mzn", "nqo", "pnb", "prs", "ps", "rhg", "sd", "sdh", "skr", "syr", "ug",
        "ur", "yi",
    }
)  # fmt: skip
_SCRIPTS: Final = frozenset(
    {"adlm", "arab", "aran", "armi", "hebr", "mand", "mend", "nkoo", "phnx", "rohg", "samr", "syrc", "thaa", "yezi"}
)
_SCRIPT_LENGTH: Final = 4


def direction(language: str) -> Direction:
    """The direction in which the text of a language tag (BCP 47) runs: `ar` from the right, `ar-Latn` from the left."""
    name, *subtags = language.lower().split("-")
    script = next((each for each in subtags[:2] if len(each) == _SCRIPT_LENGTH and each.isalpha()), None)
    if script is not None:
        return "rtl" if script in _SCRIPTS else "ltr"
    return "rtl" if name in _LANGUAGES else "ltr"
