"""The fonts that a title can be set in: its own, from `fonts/`, and those that come as packages called fontpkg-….

A style sheet names a font by an address: `font:FAMILY/normal` or `font:FAMILY/italic`, where FAMILY is the name of the
family as a slug (`source-serif-4`). Behind a question mark stand places on the axes of a variable font, of which `wght`
also chooses among files of several weights, and with `script` the only script (ISO 15924) that is wanted of it:
`font:frank-ruhl-libre/normal?wght=400&script=Hebr`. A family of the title's own comes before a package of its name.
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import fontpkg
import uharfbuzz as harfbuzz
from fontTools import unicodedata as scripts  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from postil.css import address, tokens
from postil.document import Font, FontSettings
from postil.guesses import Guesses
from postil.manuscript import Manuscript
from postil.manuscript.files import read_bytes
from postil.source import Diagnostic, Position

FOLDER: Final = "fonts"
ENDINGS: Final = frozenset({".ttf", ".otf", ".ttc", ".otc"})
LIMIT: Final = 64 << 20
"""The most bytes that a font may have: all of Chinese in one weight has about 25 MB."""
MOST: Final = 64
"""The most font files that a title may have."""
WEIGHTS: Final = (400, 600)
"""The weights that pages are set in: of the text, and of strong words."""
FAMILIES: Final[Mapping[str, str]] = {
    "Arab": "Amiri", "Deva": "Noto Sans Devanagari", "Hebr": "Frank Ruhl Libre", "Khmr": "Noto Sans Khmer",
    "Taml": "Noto Sans Tamil", "Telu": "Noto Sans Telugu", "Thai": "Sarabun",
}  # fmt: skip
"""A family for each script that packages have one for (ISO 15924)."""
_ELSEWHERE: Final = {
    "Hani": "Noto Serif CJK", "Hira": "Noto Serif CJK", "Kana": "Noto Serif CJK", "Bopo": "Noto Serif CJK",
    "Hang": "Noto Serif CJK",
}  # fmt: skip
"""A family for each script whose fonts nobody has made packages of."""
_TOGETHER: Final = {
    "Hans": frozenset({"Hani"}), "Hant": frozenset({"Hani"}), "Kore": frozenset({"Hang", "Hani"}),
    "Jpan": frozenset({"Hani", "Hira", "Kana"}), "Hrkt": frozenset({"Hira", "Kana"}),
    "Zsym": frozenset({"Zyyy", "Zinh"}), "Zsye": frozenset({"Zyyy", "Zinh"}),
}  # fmt: skip
"""The scripts of Unicode that a code of ISO 15924 stands for, where that is another one, or several."""
SIGNS: Final = frozenset({"Zsym", "Zsye"})
"""The codes of ISO 15924 for symbols and emoji: their families set what is of no script and in no other font."""
_FULL_WIDTH = frozenset({"Hani", "Hira", "Kana", "Bopo", "Hang"} | _TOGETHER.keys() - SIGNS)
"""The scripts to which signs as wide as a letter of theirs belong, such as `，`, of no script in Unicode."""
_ADDRESS = re.compile(r"font:(?P<family>[^/?]+)/(?P<style>normal|italic)(?:\?(?P<query>[\w=&.-]+))?")
# OS/2.fsType of the OpenType specification: what a licence allows
_RESTRICTED, _NO_SUBSETTING, _BITMAPS_ONLY = 0x0002, 0x0100, 0x0200
_ALLOWING = 0x000C  # preview and print, editable: the least restrictive bit counts
_SLANTED = (("fonts", "text"), ("fonts", "notes"))
"""The settings whose families set stressed words."""
_SINGLE = frozenset({"headings", "code"})
"""The settings whose families need no bold or italic face."""
_UPRIGHT = frozenset({"ar", "ckb", "fa", "he", "ja", "ko", "ps", "sd", "ug", "ur", "yi", "zh"})
"""Languages whose scripts have no italics."""
_COLLECTION = b"ttcf"
_FAMILY_NAMES = (16, 1)  # name IDs: the typographic family, and the family as old programs group it
_ITALIC, _OBLIQUE = 1 << 0, 1 << 9  # OS/2.fsSelection


@dataclass(frozen=True, slots=True)
class Address:
    """What a style sheet asks for: a family, a style, places on axes, and the one script that is wanted, if any."""

    family: str
    style: str
    axes: tuple[tuple[str, float], ...] = ()
    script: str = ""

    @property
    def weight(self) -> float:
        """The weight that is wanted."""
        return dict(self.axes).get("wght", float(WEIGHTS[0]))

    @property
    def written(self) -> str:
        """As a style sheet has it."""
        query = [f"{axis}={place:g}" for axis, place in self.axes] + ([f"script={self.script}"] if self.script else [])
        return f"font:{self.family}/{self.style}" + (f"?{'&'.join(query)}" if query else "")


def parsed(target: str) -> Address | None:
    """The address that a `url()` has, if that is one of a font."""
    found = _ADDRESS.fullmatch(unquote(target))
    if found is None:
        return None
    query = dict(parse_qsl(found["query"] or ""))
    script = query.pop("script", "")
    try:
        axes = tuple((axis, float(place)) for axis, place in query.items() if len(axis) == 4)  # noqa: PLR2004 -- OpenType
    except ValueError:
        return None
    return Address(found["family"], found["style"], axes, script)


def slug(family: str) -> str:
    """The name of a family as it stands in an address."""
    return re.sub(r"[\W_]+", "-", family.lower()).strip("-")


class Shelf:
    """The fonts that there are for a title."""

    def __init__(self, own: Iterable[Font] = ()) -> None:
        self._own: dict[str, list[Font]] = {}
        for font in own:
            self._own.setdefault(slug(font.family), []).append(font)

    def find(self, wanted: Address) -> Font | None:
        """The font that is nearest to what is asked for; None without such a family, or without this style of it."""
        own = self._own.get(slug(wanted.family))
        fonts = _packaged(slug(wanted.family), wanted.style) if own is None else own
        of_style = [font for font in fonts if font.style == wanted.style]
        return min(of_style, key=lambda font: (abs(font.weight - wanted.weight), font.path), default=None)

    def knows(self, family: str) -> bool:
        """Whether there is a family of this name."""
        return slug(family) in self._own or _package(slug(family)) is not None

    def faces(self, family: str, script: str = "", **axes: float) -> Iterator[tuple[Address, int]]:
        """The different faces of a family, upright and italic, regular and strong, with the weight each stands for."""
        for style in ("normal", "italic"):
            seen: set[tuple[str, float]] = set()
            for weight in WEIGHTS:
                wanted = Address(slug(family), style, (("wght", float(weight)), *sorted(axes.items())), script)
                font = self.find(wanted)
                if font is None:
                    break
                has_weights = any(axis.tag == "wght" for axis in face(font).axis_infos)
                key = (font.path, weight if has_weights else 0)
                if key not in seen:
                    seen.add(key)
                    yield wanted, weight

    def has_sizes(self, family: str) -> bool:
        """Whether a family has an axis of optical sizes."""
        font = self.find(Address(slug(family), "normal"))
        return font is not None and any(axis.tag == "opsz" for axis in face(font).axis_infos)

    def raises_figures(self, family: str) -> bool:
        """Whether a family has raised figures of its own, made for the signs of notes; so is one that is not there."""
        font = self.find(Address(slug(family), "normal"))
        return font is None or _shaped(font, "1") != _shaped(font, "1", sups=True)

    def letters(self, family: str, script: str = "") -> frozenset[str]:
        """The characters of a family, or those of them that belong to a script."""
        font = self.find(Address(slug(family), "normal"))
        return frozenset() if font is None else letters(font, script)

    def named(self, css: Iterable[str]) -> Iterator[tuple[Address, Font]]:
        """Each font that some style sheets name; of one that there is not, layout says so."""
        wanted = {found.written: found for sheet in css for found in _addresses(sheet)}
        for _, each in sorted(wanted.items()):
            if (font := self.find(each)) is not None:
                yield each, font


@lru_cache(16)
def _addresses(css: str) -> tuple[Address, ...]:
    """The fonts that a style sheet names."""
    targets = filter(None, (address(node) for node, _ in tokens(css)))
    return tuple(found for target in targets if (found := parsed(target)))


def face(font: Font) -> harfbuzz.Face:
    """A font as HarfBuzz reads it."""
    return harfbuzz.Face(harfbuzz.Blob(font.data), font.index)


def _shaped(font: Font, words: str, **features: bool) -> list[int]:
    """The glyphs that words are set in."""
    buffer = harfbuzz.Buffer()
    buffer.add_str(words)
    buffer.guess_segment_properties()
    harfbuzz.shape(harfbuzz.Font(face(font)), buffer, features)
    return [glyph.codepoint for glyph in buffer.glyph_infos]


def digest(font: Font) -> str:
    """What tells two fonts apart."""
    return hashlib.sha256(font.data).hexdigest()


def letters(font: Font, script: str = "") -> frozenset[str]:
    """The characters of a font, or those of them that belong to a script."""
    found = frozenset(map(chr, face(font).unicodes))
    return _of_script(found, script) if script else found


@lru_cache(1)
def _of_script(characters: frozenset[str], script: str) -> frozenset[str]:
    return frozenset(character for character in characters if belongs(character, script))


def belongs(character: str, script: str) -> bool:
    """Whether a character is of a script, or a sign that this script shares with few others, such as `。`."""
    if _TOGETHER.get(script, frozenset({script})) & scripts.script_extension(character):
        return True
    return script in _FULL_WIDTH and unicodedata.east_asian_width(character) in "FW"


def instance(font: Font, wanted: Address) -> bytes:
    """The font at an address, as a file of one face: its axes pinned, and without the letters of other scripts."""
    found = face(font)
    axes = dict(wanted.axes)
    places = {axis.tag: axes.get(axis.tag, axis.default_value) for axis in found.axis_infos}
    script = wanted.script if font.subset else ""
    if not script and not (places and axes):
        return _alone(font)
    subset = harfbuzz.SubsetInput()
    subset.keep_everything()
    if script:
        subset.unicode_set.clear()
        subset.unicode_set.update(map(ord, letters(font, script)))
        subset.glyph_set.clear()
    for tag, place in places.items() if axes else ():
        subset.pin_axis_location(found, tag, place)
    return bytes(harfbuzz.subset(found, subset).blob.data)


@lru_cache(1)
def _alone(font: Font) -> bytes:
    """A font as a file of its own, if it is one of several in a file."""
    if font.data[:4] != _COLLECTION:
        return font.data
    out = BytesIO()
    TTFont(BytesIO(font.data), fontNumber=font.index, lazy=True, recalcBBoxes=False, recalcTimestamp=False).save(out)
    return out.getvalue()


def _package(family: str) -> Any | None:  # noqa: ANN401 -- fontpkg has no types
    """The family that comes as a package; None where it is not installed."""
    try:
        return fontpkg.family(family)
    except LookupError:
        return None


@lru_cache(1)
def _packaged(family: str, style: str) -> tuple[Font, ...]:
    """The fonts of a family that comes as a package, in one style.

    Only the last are kept, since fonts are asked for family by family: all that a book is printed in would take
    several MB for as long as it is laid out.
    """
    found = _package(family)
    if found is None:
        return ()
    return tuple(
        Font(found.name, style, file.weight or WEIGHTS[0], Path(file.path).name, Path(file.path).read_bytes())
        for file in found.files
        if file.style == style
    )


def advice(script: str, own: Sequence[Font]) -> str:
    """What to write where no font has the letters of a script (ISO 15924), or some sign that belongs to none.

    `own` are the fonts that the title has.
    """
    mine = max(own, key=lambda font: len(letters(font, script)), default=None) if script else None
    if mine is not None and letters(mine, script):
        return f"'{mine.path}' may have them: write in book.toml, under [fonts.scripts]: {script} = \"{mine.family}\""
    if family := FAMILIES.get(script):
        how = f"install the package fontpkg-{slug(family)}" if _package(slug(family)) is None else "it is installed"
        return (
            f'the family {family} has them: {how}, and write in book.toml, under [fonts.scripts]: {script} = "{family}"'
        )
    family = _ELSEWHERE.get(script, f"a family of Noto for {scripts.script_name(script)}" if script else "")
    if not family:
        return (
            f"put a font that has them into {FOLDER}/, such as Noto Emoji, Noto Sans Symbols 2 or Symbola, and write "
            'the name of its family in book.toml, under [fonts.scripts]: Zsym = "…"'
        )
    return (
        f"{family} has them: put its files into {FOLDER}/, and write the name of its family in book.toml, "
        f'under [fonts.scripts]: {script} = "…"'
    )


# --- those of a title ------------------------------------------------------------------------------------------------


def load(folder: Path, disk: Manuscript) -> tuple[tuple[Font, ...], tuple[Diagnostic, ...]]:
    """The fonts in a title's folder, and what is wrong with them and with the settings that name families."""
    fonts: list[Font] = []
    found: list[Diagnostic] = []
    at = disk.places.position("fonts")
    for path in _files(folder):
        read, wrong = _read(folder, path, at)
        fonts += read
        found += wrong
    shelf = Shelf(fonts)
    settings = disk.title.fonts
    for family, keys in _wanted(settings):
        if not shelf.knows(family):
            found.append(_missing(family, fonts, disk.places.position(*keys)))
    used = {slug(family) for family, _ in _wanted(settings)}
    named = {font.path for font in fonts if slug(font.family) in used}
    for path, family in {font.path: font.family for font in fonts if font.path not in named}.items():
        hint = f'name it in book.toml, under [fonts]: text = "{family}"; or move it out of the folder'
        message = f"no setting names the family '{family}' of '{path}', so that nothing is set in it"
        found.append(Diagnostic("P952", message, at, hint))
    upright = disk.title.language.split("-")[0].lower() in _UPRIGHT
    for family, keys in dict(reversed([*_wanted(settings)])).items():
        if keys[-1] in _SINGLE:
            continue
        if lacks := _lacking_faces(family, shelf, slanted=keys in _SLANTED and not upright):
            message = f"the family '{family}' has no {' and no '.join(lacks)} face: such words look like the others"
            hint = "put the files of these styles beside the one that is there, or name another family"
            found.append(Diagnostic("P953", message, disk.places.position(*keys), hint))
    return tuple(fonts), tuple(found)


def _files(folder: Path) -> list[str]:
    top = folder / FOLDER
    if top.is_symlink() or not top.is_dir():
        return []
    return sorted(path.relative_to(folder).as_posix() for path in top.rglob("*") if path.suffix.lower() in ENDINGS)[
        :MOST
    ]


def _wanted(settings: FontSettings) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each family that settings name, with the keys that name it."""
    for use in ("text", "notes", "headings", "code"):
        if family := getattr(settings, use):
            yield family, ("fonts", use)
    for script, family in settings.scripts:
        yield family, ("fonts", "scripts", script)


def _lacking_faces(family: str, shelf: Shelf, *, slanted: bool) -> list[str]:
    """The faces of a family that strong and stressed words want, and that it does not have."""
    faces = [(wanted.style, weight) for wanted, weight in shelf.faces(family)]
    if not faces:
        return []
    bold = [] if any(weight > WEIGHTS[0] for _, weight in faces) else ["bold"]
    return bold + (["italic"] if slanted and ("italic", WEIGHTS[0]) not in faces else [])


def _missing(family: str, own: Sequence[Font], at: Position) -> Diagnostic:
    names = sorted({font.family for font in own})
    if meant := Guesses(names).of(family):
        hint = f"did you mean '{meant}'?"
    elif names:
        hint = f"the folder {FOLDER}/ has {', '.join(names)}; or install the package fontpkg-{slug(family)}"
    else:
        hint = f"put its files (.ttf, .otf) into {FOLDER}/, or install the package fontpkg-{slug(family)}"
    return Diagnostic("P951", f"there is no font of the family '{family}'", at, hint)


def _read(folder: Path, path: str, at: Position) -> tuple[list[Font], list[Diagnostic]]:
    """The fonts in a file, and why it cannot be used."""
    data = read_bytes(folder, path, at, LIMIT)
    if isinstance(data, Diagnostic):
        return [], [data]
    fonts: list[Font] = []
    for index in range(_count(data)):
        font = Font("", "normal", WEIGHTS[0], path, data, index)
        found = face(font)
        family = next(filter(None, (found.get_name(name) for name in _FAMILY_NAMES)), "")
        table = bytes(found.reference_table("OS/2").data or b"")
        if not family or not found.glyph_count or len(table) < 64:  # noqa: PLR2004 -- up to fsSelection
            hint = "save the font as TrueType or OpenType (.ttf, .otf)"
            return [], [Diagnostic("P950", f"'{path}' is no font that can be read", at, hint)]
        weight, rights, selection = (*struct.unpack_from(">H2xH", table, 4), *struct.unpack_from(">H", table, 62))
        if refused := _refused(rights):
            hint = "use another font, or ask its maker for a licence, and for a file that says so"
            return [], [Diagnostic("P950", f"the licence of '{family}', in '{path}', {refused}", at, hint)]
        style = "italic" if selection & (_ITALIC | _OBLIQUE) else "normal"
        fonts.append(replace(font, family=family, style=style, weight=weight, subset=not rights & _NO_SUBSETTING))
    return fonts, []


def _count(data: bytes) -> int:
    """How many fonts a file has: a collection (`ttcf`) says so in its header."""
    return min(int.from_bytes(data[8:12], "big"), MOST) if data[:4] == _COLLECTION else 1


def _refused(rights: int) -> str:
    """What the licence bits of a font forbid that a book would do."""
    if rights & _RESTRICTED and not rights & _ALLOWING:
        return "forbids to embed it"
    if rights & _BITMAPS_ONLY:
        return "allows only pictures of its letters to be embedded"
    return ""


# --- in style sheets -------------------------------------------------------------------------------------------------

_USES: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("text", "small", "heading", "display", "footnote"),
    "notes": ("footnote", "annotation"),
    "headings": ("heading", "display"),
    "code": ("code",),
}
"""The custom properties of the printed page's style sheet that each setting decides, later ones over earlier ones."""
_HOUSE: Final = {
    "text": '"Source Serif 4 Text"', "small": '"Source Serif 4 Caption"', "heading": "var(--text-face)",
    "display": '"Source Serif 4 Display"', "footnote": "var(--small-face)", "annotation": '"Source Sans 3 Notes"',
    "code": '"Source Code Pro Text"',
}  # fmt: skip
_SIGNS: Final = {"text": ".call, .key", "notes": ":is(.footnote, .annotation) :is(.call, .key)"}
"""The signs that call notes, by the setting that decides the family they are in."""
_RAISED: Final = "font-variant-position: normal; vertical-align: super; font-size: 0.65em; line-height: 0"
_SIZES: Final = {"small": 8.0, "footnote": 8.0, "annotation": 8.0, "display": 24.0}
_TEXT_SIZE: Final = 10.0


def print_sheet(settings: FontSettings, shelf: Shelf) -> str:
    """The style sheet that puts a title's fonts into the place of those of the house style on the printed page."""
    rules: dict[str, None] = {}
    by_script: list[str] = []
    signs: list[str] = []
    for script, family in settings.scripts:
        alias = f"{family} {script}"
        (signs if script in SIGNS else by_script).append(f'"{alias}"')
        rules |= dict.fromkeys(_rules(alias, family, shelf, script=script))
    faces: dict[str, str] = {}
    for use, places in _USES.items():
        if not (family := getattr(settings, use)):
            continue
        for place in places:
            size = _SIZES.get(place, _TEXT_SIZE)
            alias = f"{family} {size:g}" if shelf.has_sizes(family) else family
            rules |= dict.fromkeys(_rules(alias, family, shelf, opsz=size))
            faces[place] = f'"{alias}"' + (f", {house}" if (house := _HOUSE[place])[0] == '"' else "")
    wanted = {place: ", ".join((*by_script, faces.get(place, name), *signs)) for place, name in _HOUSE.items()}
    changed = {place: names for place, names in wanted.items() if by_script or signs or place in faces}
    if not changed:
        return ""
    properties = "; ".join(f"--{place}-face: {names}" for place, names in changed.items())
    plain = [selector for use, selector in _SIGNS.items() if not shelf.raises_figures(getattr(settings, use))]
    raised = (f"{selector} {{ {_RAISED} }}" for selector in plain)
    return "\n".join((*rules, f"html {{ {properties} }}", *raised, ""))


def _rules(alias: str, family: str, shelf: Shelf, script: str = "", **axes: float) -> Iterator[str]:
    for wanted, weight in shelf.faces(family, script, **axes):
        yield (
            f'@font-face {{ font-family: "{alias}"; font-style: {wanted.style}; font-weight: {weight}; '
            f'src: url("{wanted.written}") }}'
        )
