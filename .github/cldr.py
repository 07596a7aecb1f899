"""Make `src/postil/data/cldr.json` anew: quotation marks and dates of languages, from the Unicode CLDR.

    npm install --prefix DIR cldr-core@48 cldr-misc-full@48 cldr-dates-full@48
    python .github/cldr.py DIR/node_modules

Of each language that CLDR covers well it has the outer and the inner pair of quotation marks, how a date is written
out, and the names of the months as they stand in a date. A regional locale is there only where it differs from what
one finds by leaving out its last subtag.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "src" / "postil" / "data" / "cldr.json"
LICENCE = "© 2004–2026 Unicode, Inc., under the Unicode License v3, https://www.unicode.org/license.txt"
COVERED = frozenset({"modern", "moderate"})
MARKS = ("quotationStart", "quotationEnd", "alternateQuotationStart", "alternateQuotationEnd")
FIELD = re.compile(r"'(?P<quoted>[^']*)'|(?P<field>([a-zA-Z])\3*)|(?P<literal>[^a-zA-Z']+)")
FIELDS = {"d": "{day}", "dd": "{day:02}", "M": "{number}", "MM": "{number:02}", "y": "{year}"} | dict.fromkeys(
    ("MMM", "MMMM"), "{month}"
)
SOURCES = {"en": "en-001", "en-US": "en"}
"""Where CLDR has what is here said of a locale. To it "en" is American; who names no country means no country."""


class Cldr:
    """The JSON packages of CLDR in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._core = folder / "cldr-core"

    def read(self, path: str) -> Any:  # noqa: ANN401 -- JSON
        """One of its files."""
        return json.loads((self._folder / path).read_text("utf-8"))

    def locales(self) -> Iterator[str]:
        """The languages that it covers well, and their regional locales."""
        levels = self.read("cldr-core/coverageLevels.json")["coverageLevels"]
        covered = {locale.split("-")[0] for locale, level in levels.items() if level in COVERED}
        for folder in sorted((self._folder / "cldr-misc-full" / "main").iterdir()):
            if folder.name.split("-")[0] in covered and (self._folder / "cldr-dates-full/main" / folder.name).is_dir():
                yield folder.name
        yield "en-US"

    def row(self, locale: str) -> dict[str, Any]:
        """The quotation marks of a locale, and how it writes a date."""
        locale = SOURCES.get(locale, locale)
        marks = self.read(f"cldr-misc-full/main/{locale}/delimiters.json")["main"][locale]["delimiters"]
        dates = self.read(f"cldr-dates-full/main/{locale}/ca-gregorian.json")["main"][locale]["dates"]
        calendar = dates["calendars"]["gregorian"]
        long = calendar["dateFormats"]["long"]
        written = long if isinstance(long, str) else long["_value"]
        months = calendar["months"]["format"]["wide" if "MMMM" in written else "abbreviated"]
        return {
            "quotes": [marks[name] for name in MARKS],
            "date": pattern(written, calendar["eras"]["eraAbbr"]["1"]),
            "months": [months[str(number)] for number in range(1, 13)],
        }

    def aliases(self, languages: set[str]) -> Iterator[tuple[str, str]]:
        """Tags that stand for another: old ones, "iw" for "he", and regions with a script of their own."""
        yield "nb", "no"  # of the two that CLDR has for Bokmål, the one that it says more of
        for old, row in self.read("cldr-core/supplemental/aliases.json")["supplemental"]["metadata"]["alias"][
            "languageAlias"
        ].items():
            new = row["_replacement"]
            if row["_reason"] != "overlong" and "-" not in old and new.split("-")[0] in languages:
                yield old, new
        likely = self.read("cldr-core/supplemental/likelySubtags.json")["supplemental"]["likelySubtags"]
        for tag, full in likely.items():
            language, script, _ = full.split("-")
            regional = re.fullmatch(r"[a-z]+-[A-Z]{2}", tag) and language in languages
            if regional and language != "und" and likely[language].split("-")[1] != script:
                yield tag, f"{language}-{script}"


def pattern(written: str, era: str) -> str:
    """A pattern of CLDR, such as `d. MMMM y`, as a format string: `{day}. {month} {year}`."""
    made: list[str] = []
    for found in FIELD.finditer(written):
        field = found["field"]
        made.append(era if field == "G" else FIELDS[field] if field else found["quoted"] or found["literal"])
    return "".join(made)


def main(folder: Path) -> None:
    """Write the file."""
    cldr = Cldr(folder)
    rows: dict[str, dict[str, Any]] = {}
    for locale in sorted(cldr.locales(), key=lambda locale: (locale.count("-"), locale)):
        row = cldr.row(locale)
        above: dict[str, Any] = {}
        for length in range(1, locale.count("-") + 1):
            above |= rows.get("-".join(locale.split("-")[:length]), {})
        own = {key: value for key, value in row.items() if above.get(key) != value}
        named = not any(month.startswith("M0") for month in row["months"])
        if own and named:
            rows[locale] = own
    languages = {locale.split("-")[0] for locale in rows}
    version = cldr.read("cldr-core/package.json")["version"]
    lines = [f"  {json.dumps(locale)}: {json.dumps(row, ensure_ascii=False)}" for locale, row in sorted(rows.items())]
    aliases = json.dumps(dict(sorted(cldr.aliases(languages))), ensure_ascii=False)
    about = json.dumps(f"CLDR {version}, {LICENCE}; made by .github/cldr.py", ensure_ascii=False)
    text = f'{{"about": {about},\n"aliases": {aliases},\n"locales": {{\n' + ",\n".join(lines) + "\n}}\n"
    json.loads(text)
    DATA.write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
