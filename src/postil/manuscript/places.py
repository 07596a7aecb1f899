"""Where each key of a TOML file stands, which the parser of the standard library does not say."""

from __future__ import annotations

import contextlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from postil.source import Position, Source

Key = tuple[str | int, ...]
"""The way to a value: names of keys, and indices from 0 within arrays."""

DEEPEST = 16
"""How many levels of keys or brackets are read: the time that parsers take grows with the square of the levels."""

# A string that is not closed takes in the rest of its line or of the file, which keeps the scan linear.
_TOKEN = re.compile(
    r"""
    (?P<skip> [ \t\r]++ | \#[^\n]*+ )
  | (?P<word>
        \"{3} (?: [^"\\] | \\.? | "(?!"") )*+ (?: "{3,5} | \Z )
      | '{3} (?: [^'] | '(?!'') )*+ (?: '{3,5} | \Z )
      | " (?: [^"\\\n] | \\[^\n]? )*+ "?
      | ' [^'\n]*+ '?
      | [^\s\[\]{}=,."'\#]++
    )
  | (?P<sign> . )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a file's keys and of the items of its arrays, as offsets into `source`.

    `too_deep` is the first place where the file goes deeper than `DEEPEST` levels: nothing behind it was read.
    """

    source: Source
    offsets: Mapping[Key, int]
    too_deep: int | None = None

    def offset(self, *key: str | int) -> int:
        """Where a key or an item of an array stands; if there is none, where the table or array around it begins."""
        while key and key not in self.offsets:
            key = key[:-1]
        return self.offsets.get(key, 0)

    def position(self, *key: str | int) -> Position:
        """The same as line and column."""
        return self.source.position(self.offset(*key))


def places(source: Source) -> Places:
    """Find every key of a TOML file in one pass. What is not TOML has places too, if not always useful ones."""
    scan = _Scan()
    for match in _TOKEN.finditer(source.text):
        if match.lastgroup == "word":
            scan.word(match[0], match.start())
        elif match.lastgroup == "sign":
            scan.sign(match[0], match.start())
        if scan.depth > DEEPEST:
            return Places(source, scan.offsets, match.start())
    return Places(source, scan.offsets)


@dataclass(slots=True)
class _Around:
    """An array or an inline table that is open: its own key, and for an array the index of the item being read."""

    key: Key
    item: int | None = None


@dataclass(slots=True)
class _Scan:
    """What the pass knows at a token: the table it is in, the name that is being read, the value it is for."""

    offsets: dict[Key, int] = field(default_factory=dict)
    table: Key = ()
    latest: dict[Key, int] = field(default_factory=dict)
    name: list[str] = field(default_factory=list)
    name_at: int = 0
    brackets: int = 0
    value: Key | None = None
    around: list[_Around] = field(default_factory=list)

    @property
    def depth(self) -> int:
        return max(len(self.name), len(self.around))

    def word(self, text: str, at: int) -> None:
        if self.value is not None:
            self.offsets.setdefault(self.value, at)
            return
        if not self.name:
            self.name_at = at
        self.name.append(_name(text))

    def sign(self, sign: str, at: int) -> None:
        if self.value is None:
            self._in_name(sign)
        else:
            self._in_value(self.value, sign, at)

    def _in_name(self, sign: str) -> None:
        match sign:
            case "[" if not self.around:
                self.brackets += 1
            case "]" if self.brackets and self.name:
                self._header()
            case "=":
                self.value = self._record((*(self.around[-1].key if self.around else self.table), *self.name))
                self.name = []
            case "}" if self.around:
                self.value = self.around.pop().key
            case "\n" if not self.around:
                self.name, self.brackets = [], 0

    def _in_value(self, value: Key, sign: str, at: int) -> None:
        match sign:
            case "[":
                self.offsets.setdefault(value, at)
                self.around.append(_Around(value, 0))
                self.value = (*value, 0)
            case "{":
                self.offsets.setdefault(value, at)
                self.around.append(_Around(value))
                self.value = None
            case "]" | "}" if self.around:
                self.value = self.around.pop().key
            case "," if self.around:
                here = self.around[-1]
                if here.item is None:
                    self.value = None
                else:
                    here.item += 1
                    self.value = (*here.key, here.item)
            case "\n" if not self.around:
                self.value = None

    def _header(self) -> None:
        key: Key = ()
        for part in self.name:
            key = (*key, part)
            if key in self.latest:
                key = (*key, self.latest[key])
        if self.brackets > 1:
            array = key[:-1] if isinstance(key[-1], int) else key
            self.latest[array] = self.latest.get(array, -1) + 1
            key = (*array, self.latest[array])
        self.table = self._record(key)
        self.name, self.brackets = [], 0

    def _record(self, key: Key) -> Key:
        for length in range(1, len(key) + 1):
            self.offsets.setdefault(key[:length], self.name_at)
        return key


def _name(key: str) -> str:
    r"""What a key is called: without quotation marks, and `"tit\u006ce"`, with an escape, is `title`."""
    quote = key[0]
    if quote not in "\"'":
        return key
    if quote == '"' and "\\" in key:
        with contextlib.suppress(ValueError):
            return next(iter(tomllib.loads(f"{key} = 0")))
    return key[1:].removesuffix(quote)
