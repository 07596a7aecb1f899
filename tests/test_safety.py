"""Titles that nobody vouches for: each is refused with its place named, or comes out with nothing active in it.

A shelf of small titles is built by one run of the command, in a process that notes every attempt to connect.
"""

from __future__ import annotations

import io
import json
import os
import re
import resource
import signal
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from textwrap import dedent
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner, Result
from lxml import etree
from PIL import Image
from processes import await_that, listed, session

from postil.cli import main

Write = Callable[[Path], object]
Files = Mapping[str, str | bytes | Write]
Row = dict[str, Any]

BOOK = 'title = "T"\nlanguage = "en"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n'
LAUNCH = """
    import socket, sys
    from pathlib import Path

    def refuse(*arguments, **_):
        Path("connected").write_text(repr(arguments))
        raise OSError("no network")

    socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
    from postil.cli import main
    main()
"""


def link(target: str) -> Write:
    return lambda path: path.symlink_to(target)


def write(folder: Path, files: Files) -> Path:
    for name, content in {"book.toml": BOOK, "01.md": "# One\n\nWords.\n", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(content):
            content(path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def shown(text: str) -> Files:
    """A title whose chapter has this text from its third line on."""
    return {"01.md": f"# One\n\n{text}\n"}


def set_in(book: str, **more: str) -> Files:
    """A title whose `book.toml` goes on with this from its fifth line on."""
    return {"book.toml": BOOK + book, **more}


def picture(data: str | bytes, name: str = "p.svg") -> Files:
    return {**shown(f"![Alt]({name})"), name: data}


def svg(inside: str, before: str = "") -> Files:
    head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
    return picture(f"{before}{head}\n{inside}</svg>")


def png(width: int, height: int, pixels: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


SMALL = png(2, 2, b"\0" + b"\1" * 6 + b"\0" + b"\2" * 6)


def jpeg() -> bytes:
    data = io.BytesIO()
    Image.effect_noise((300, 300), 50).save(data, "JPEG")
    return data.getvalue()


ENTRY = "@book{a, author = {A B}, title = {T}, publisher = {P}, year = 2000}\n"


def cited(data: str | bytes, name: str = "r.bib", style: str = "", csl: str = "") -> Files:
    named = f'style = "{style}"\n' if style else ""
    book = BOOK + f'[bibliography]\nsources = ["{name}"]\n{named}'
    return {"book.toml": book, **shown("See [@a]."), name: data, **({style: csl} if csl else {})}


def styled(inside: str = "", text: str = '<text variable="title"/>', before: str = "", info: str = "") -> Files:
    style = f"""{before}<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="note">
        <info>{info}<title>x</title><id>x</id><updated>2020-01-01T00:00:00Z</updated></info>
        {inside}<citation><layout>{text}</layout></citation></style>"""
    return cited(ENTRY, style="s.csl", csl=style)


def css(text: str | Write, name: str = "print.css") -> Files:
    return {f"styles/{name}": text}


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + level)} "{f"&{chr(97 + level)};" * 10}">' for level in range(10)
)
MACROS = "".join(f'<macro name="m{n}">{f"""<text macro="m{n + 1}"/>""" * 10}</macro>' for n in range(12))
LOOP = '<macro name="a"><text macro="b"/></macro><macro name="b"><text macro="a"/></macro>'

# Each title, with the code of an error and its place: `path:line:column`.
REFUSED: dict[str, tuple[Files, str, str]] = {
    # --- what runs
    "script": (shown("<script>alert(1)</script>"), "P110", "01.md:3:1"),
    "script-inline": (shown("a <SCRIPT src=http://x.y/z.js></SCRIPT> b"), "P110", "01.md:3:3"),
    "iframe": (shown('<iframe src="http://x.y/"></iframe>'), "P110", "01.md:3:1"),
    "object": (shown("<object data=x></object>"), "P110", "01.md:3:1"),
    "form": (shown("<form action=x><input></form>"), "P110", "01.md:3:1"),
    "style-element": (shown('<style>@import "x";</style>'), "P110", "01.md:3:1"),
    "meta": (shown("<meta http-equiv=refresh content=0>"), "P110", "01.md:3:1"),
    "attachment": (shown('<link rel=attachment href="file:///etc/passwd">'), "P110", "01.md:3:1"),
    "attachment-link": (shown('x <a rel=attachment href="file:///etc/passwd">y</a>'), "P310", "01.md:3:21"),
    "img": (shown('x <img src="http://x.y/z.png" onerror=a()>'), "P313", "01.md:3:8"),
    "svg-inline": (shown("<svg><script>1</script></svg>"), "P110", "01.md:3:1"),
    "handler": (shown('<p onclick="a()">x</p>'), "P120", "01.md:3:4"),
    "handler-inline": (shown("x <b onmouseover=a()>y</b>"), "P120", "01.md:3:6"),
    "handler-attribute": (shown('[x]{onclick="a()"}'), "P120", "01.md:3:5"),
    "style-attribute": (shown('<p style="background:url(http://x.y)">x</p>'), "P120", "01.md:3:4"),
    "language-attribute": (shown("[x]{lang='a\"><script>'}"), "P122", "01.md:3:5"),
    "id-attribute": (shown("<p id='a\"onclick=x'>x</p>"), "P122", "01.md:3:4"),
    # --- where links lead
    "link-js": (shown("[a](javascript:alert(1))"), "P310", "01.md:3:5"),
    "link-js-case": (shown("[a](JaVaScRiPt:alert(1))"), "P310", "01.md:3:5"),
    "link-js-space": (shown("[a]( javascript:alert(1))"), "P310", "01.md:3:6"),
    "link-js-tab": (shown("[a](<java\tscript:alert(1)>)"), "P310", "01.md:3:6"),
    "link-js-entity": (shown("[a](&#106;avascript:alert(1))"), "P310", "01.md:3:5"),
    "link-js-named": (shown("[a](javascript&colon;alert(1))"), "P310", "01.md:3:5"),
    "link-js-unseen": (shown("[a](jav\u00ad\u200bascript:x)"), "P310", "01.md:3:5"),
    "link-js-auto": (shown("a <javascript:alert(1)>"), "P310", "01.md:3:4"),
    "link-js-definition": (shown("[a][j]\n\n[j]: javascript:alert(1)"), "P310", "01.md:5:6"),
    "link-data": (shown("[a](data:text/html,x)"), "P310", "01.md:3:5"),
    "link-file": (shown("[a](file:///etc/passwd)"), "P310", "01.md:3:5"),
    "link-relative": (shown("[a](../x)"), "P312", "01.md:3:5"),
    "link-absolute": (shown("[a](/etc/passwd)"), "P312", "01.md:3:5"),
    "link-host": (shown("[a](//x.y/z)"), "P312", "01.md:3:5"),
    # --- where pictures come from
    "image-http": (shown("![a](http://x.y/z.png)"), "P313", "01.md:3:6"),
    "image-data": (shown("![a](data:image/png;base64,AAAA)"), "P313", "01.md:3:6"),
    "image-up": (shown("![a](../../etc/passwd)"), "P313", "01.md:3:6"),
    "image-up-escaped": (shown("![a](%2e%2e/x.png)"), "P313", "01.md:3:6"),
    "image-up-backslash": (shown("![a](..\\\\x.png)"), "P313", "01.md:3:6"),
    "image-absolute": (shown("![a](/etc/passwd)"), "P313", "01.md:3:6"),
    "image-file": (shown("![a](file:///etc/passwd)"), "P313", "01.md:3:6"),
    # --- paths in book.toml
    **{
        f"{where}-{kind}": (set_in(f"{table}\n{key} = {path.join(around)}\n"), "P902", place)
        for where, table, key, around, place in (
            ("chapter", "[chapters]", "body", ('["', '.md"]'), "book.toml:6:9"),
            ("source", "[bibliography]", "sources", ('["', '.bib"]'), "book.toml:6:12"),
            ("style", "[bibliography]", "style", ('"', '.csl"'), "book.toml:6:1"),
        )
        for kind, path in {
            "up": "../x",
            "inside-up": "a/../../x",
            "absolute": "/etc/passwd",
            "backslash": "..\\\\x",
            "drive": "C:/x",
            "address": "http://x.y/z",
            "nul": "a\\u0000b" if where != "style" else "../x",
        }.items()
    },
    "cover-up": ({"book.toml": 'cover = "../x.png"\n' + BOOK}, "P902", "book.toml:1:1"),
    "style-name-up": (set_in('[bibliography]\nstyle = "../../etc/passwd"\n'), "P204", "book.toml:6:1"),
    # --- links on the disk, and what is no file
    "linked-chapter": ({"02.md": link("/etc/hostname")}, "P902", "book.toml:1:1"),
    "linked-figure": ({**shown("![A](p.png)"), "p.png": link("/etc/hostname")}, "P902", "01.md:3:1"),
    "linked-folder": ({**shown("![A](f/p.png)"), "f": link("/etc")}, "P902", "01.md:3:1"),
    "linked-bibliography": ({**cited("x"), "r.bib": link("/etc/hostname")}, "P902", "book.toml:6:12"),
    "linked-style": (
        {**set_in('[bibliography]\nstyle = "s.csl"\n'), "s.csl": link("/etc/hostname")},
        "P902",
        "book.toml:6:1",
    ),
    "linked-css": (css(link("/etc/hostname")), "P902", "styles/print.css:1:1"),
    "linked-styles": ({"styles": link("/etc")}, "P902", "styles:1:1"),
    "linked-book": ({"book.toml": link("/etc/hostname")}, "P902", "book.toml:1:1"),
    "linked-to-itself": ({"01.md": link("01.md")}, "P901", "book.toml:1:1"),
    "endless-file": ({**shown("![A](p.png)"), "p.png": link("/dev/zero")}, "P902", "01.md:3:1"),
    "pipe-chapter": ({"01.md": os.mkfifo}, "P903", "book.toml:1:1"),
    "pipe-css": ({"styles/print.css": os.mkfifo}, "P903", "styles/print.css:1:1"),
    "folder-chapter": ({"01.md": Path.mkdir}, "P903", "book.toml:1:1"),
    # --- pictures
    "png-many-pixels": (picture(png(12000, 12000, b""), "p.png"), "P511", "01.md:3:1"),
    "png-most-pixels": (picture(png(2**31 - 1, 2**31 - 1, b""), "p.png"), "P511", "01.md:3:1"),
    "png-not": (picture("hello", "p.png"), "P510", "01.md:3:1"),
    "png-empty": (picture("", "p.png"), "P510", "01.md:3:1"),
    "png-html": (picture("<html><script>x</script></html>", "p.png"), "P513", "p.png:1:1"),
    "png-large": (picture(SMALL + bytes(40_000_000), "p.png"), "P904", "01.md:3:1"),
    "jpeg-broken": (picture(jpeg()[:2000], "p.jpg"), "P512", "01.md:3:1"),
    "svg-script": (svg("<script>alert(1)</script>"), "P514", "p.svg:2:1"),
    "svg-handler": (svg('<rect onclick="x"/>'), "P514", "p.svg:2:1"),
    "svg-link": (svg('<a xlink:href="javascript:x"><rect/></a>'), "P514", "p.svg:2:1"),
    "svg-other": (
        svg('<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>'),
        "P514",
        "p.svg:2:1",
    ),
    "svg-encoded": (picture(svg("<script/>")["p.svg"].encode("utf-16")), "P514", "p.svg:2:1"),  # type: ignore[union-attr] # text
    "svg-http": (svg('<image href="http://127.0.0.1:9/x.png"/>'), "P515", "p.svg:2:1"),
    "svg-file": (svg('<image href="file:///etc/passwd"/>'), "P515", "p.svg:2:1"),
    "svg-data-svg": (svg('<image href="data:image/svg+xml;base64,PHN2Zz4="/>'), "P515", "p.svg:2:1"),
    "svg-import": (svg("<style>@import url(http://x.y/z.css);</style>"), "P515", "p.svg:2:1"),
    "svg-escape": (svg('<rect style="fill:u\\72l(http://x.y/)"/>'), "P515", "p.svg:2:1"),
    "svg-bomb": (svg("<text>&k;</text>", BOMB + "]>"), "P513", "p.svg:1:4"),
    "svg-entity": (
        svg("<text>&x;</text>", '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "P513",
        "p.svg:1:1",
    ),
    "svg-parameter": (svg("", '<!DOCTYPE svg [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>'), "P513", "p.svg:1:1"),
    "svg-many": (svg("<rect/>" * 200_000), "P517", "p.svg:1:1"),
    "svg-deep": (svg("<g>" * 5000 + "</g>" * 5000), "P513", "p.svg:2:768"),
    "svg-use-circle": (svg('<g id="a"><use href="#a"/></g>'), "P517", "p.svg:1:1"),
    "svg-marker-circle": (
        svg('<marker id="m"><path d="M0 0L9 9" marker-end="url(#m)"/></marker>'),
        "P517",
        "p.svg:1:1",
    ),
    "svg-clip-circle": (svg('<clipPath id="m"><rect clip-path="url(#m)"/></clipPath>'), "P517", "p.svg:1:1"),
    "svg-use-bomb": (
        svg("".join(f'<g id="a{n}">{f"""<use href="#a{n + 1}"/>""" * 10}</g>' for n in range(12)) + '<g id="a12"/>'),
        "P517",
        "p.svg:1:1",
    ),
    # --- style sheets
    "css-import": (css("p { color: red }\n@import url(http://127.0.0.1:9/x.css);"), "P805", "styles/print.css:2:1"),
    "css-import-file": (css('@import "file:///etc/passwd";'), "P805", "styles/print.css:1:1"),
    "css-file": (css("body{background:url(file:///etc/passwd)}"), "P805", "styles/print.css:1:17"),
    "css-page": (css("@page{background:url('file:///etc/passwd')}"), "P805", "styles/print.css:1:18"),
    "css-up": (css("body{background:url(../../book.toml)}"), "P805", "styles/print.css:1:17"),
    "css-font": (css("@font-face{font-family:x;src:url(http://x.y/z.ttf)}"), "P805", "styles/print.css:1:30"),
    "css-js": (css('p{-weasy-link:url("javascript:alert(1)")}'), "P805", "styles/print.css:1:15"),
    "css-epub": (css("p{background:url(http://x.y/z)}", "epub.css"), "P805", "styles/epub.css:1:14"),
    "css-expression": (css("p{width:expression(alert(1))}", "book.css"), "P805", "styles/book.css:1:9"),
    "css-deep": (css("p{width:" + "calc(" * 20_000), "P932", "styles/print.css:1:159"),
    "css-nested": (css("a{" * 100_000), "P932", "styles/print.css:1:63"),
    # --- bibliographies
    "bib-braces": (cited("@book{a,title=" + "{" * 1_000_000), "P202", "r.bib:1:15"),
    "bib-circle": (cited("@book{a,crossref={b}}\n@book{b,crossref={a}}\n"), "P202", "r.bib:1:18"),
    "bib-strings": (
        cited(
            '@string{s0 = "xxxxx"}\n'
            + "".join(f"@string{{s{n + 1} = {' # '.join([f's{n}'] * 3)}}}\n" for n in range(20))
        ),
        "P202",
        "r.bib:13:30",
    ),
    "bib-control": (cited(b"@book{a,author={A\0B}}\n"), "P906", "r.bib:1:18"),
    "yaml-bomb": (cited("a: &a [x,x]\nb: &b [*a,*a]\nreferences: [*b]\n", "r.yaml"), "P202", "r.yaml:2:8"),
    "yaml-object": (
        cited('references: [!!python/object/apply:os.system ["touch ran"]]', "r.yaml"),
        "P202",
        "r.yaml:1:14",
    ),
    "yaml-deep": (cited("references: " + "[" * 20_000, "r.yaml"), "P202", "r.yaml:1:1"),
    "yaml-number": (cited(f"- id: a\n  issued: {{year: {'9' * 5000}}}\n", "r.yaml"), "P202", "r.yaml:2:3"),
    "yaml-control": (cited('- id: a\n  title: "x\\0y\\ud800"\n', "r.yaml"), "P906", "r.yaml:2:3"),
    "json-deep": (cited("[" * 100_000, "r.json"), "P202", "r.json:1:2"),
    "json-number": (cited('[{"id": "a", "volume": ' + "9" * 10_000 + "}]", "r.json"), "P202", "r.json:1:2"),
    "json-infinity": (cited('[{"id": "a", "volume": Infinity}]', "r.json"), "P202", "r.json:1:14"),
    "json-control": (cited('[{"id": "a", "title": "x\\u0000\\ud800"}]', "r.json"), "P906", "r.json:1:14"),
    "json-broken": (cited("[" + '{"id":,},' * 100_000, "r.json"), "P202", "r.json:1:8"),
    "ris-broken": (cited("TY  - " * 100_000, "r.ris"), "P201", "01.md:3:6"),
    # --- citation styles
    "csl-doctype": (styled(before="<!DOCTYPE x>"), "P205", "book.toml:7:1"),
    "csl-bomb": (styled(before=BOMB + "]>"), "P205", "book.toml:7:1"),
    "csl-parent": (
        styled(info='<link rel="independent-parent" href="http://127.0.0.1:9/x"/>'),
        "P205",
        "book.toml:7:1",
    ),
    "csl-circle": (styled(LOOP, '<text macro="a"/>'), "P206", "book.toml:7:1"),
    "csl-empty": ({**styled(), "s.csl": ""}, "P205", "book.toml:7:1"),
    # --- book.toml
    "toml-language": ({"book.toml": BOOK.replace('"en"', "'x\"><script>'")}, "P915", "book.toml:2:1"),
    "toml-control": ({"book.toml": BOOK.replace('"T"', '"T\\u0000"')}, "P914", "book.toml:1:1"),
    "toml-nested": (set_in("a = " + "[" * 20_000), "P910", "book.toml:5:21"),
    "toml-dotted": (set_in(".".join("a" * 50_000) + " = 1"), "P910", "book.toml:5:33"),
    "toml-large": (set_in("#" * 3_000_000), "P904", "book.toml:1:1"),
    "toml-number": (set_in("x = " + "9" * 200_000), "P910", "book.toml:1:1"),
    # --- text
    "nul": (shown("a\0b"), "P906", "01.md:3:2"),
    "control": (shown("a\x1b[31m"), "P906", "01.md:3:2"),
    "not-utf-8": ({"01.md": b"# One\n\n\xed\xa0\x80\n"}, "P905", "01.md:3:1"),
    "large": (shown("word and more words.\n\n" * 1_000_000), "P904", "book.toml:1:1"),
    "deep-quotes": (shown(">" * 300 + " x"), "P151", "01.md:3:33"),
    "deep-lists": (shown("\n".join("    " * level + "- x" for level in range(300))), "P151", "01.md:35:129"),
    "deep-lists-in-a-line": (shown("- " * 300 + "x"), "P151", "01.md:3:65"),
    "deep-containers": (shown("::: {.note}\n\n" * 300 + "x\n\n" + ":::\n\n" * 300), "P151", "01.md:67:1"),
    "deep-elements": (shown("<div>" * 300 + "x" + "</div>" * 300), "P110", "01.md:3:161"),
    "deep-spans": (shown("<span>" * 300 + "x" + "</span>" * 300), "P151", "01.md:3:571"),
    "deep-marks": (shown("{++a " * 300 + "x" + " b++}" * 300), "P151", "01.md:3:476"),
    "open-marks": (shown("{++ " * 50_000), "P101", "01.md:3:1"),
    "closed-marks": (shown("++} " * 5000), "P102", "01.md:3:1"),
    "open-fence": (shown("`" * 20_000), "P152", "01.md:3:1"),
    "open-comments": (shown("<!-- " * 5000), "P113", "01.md:3:1"),
    "attributes": (shown("[x]{" + "a=b " * 100_000 + "}"), "P120", "01.md:3:5"),
    "pipes": (shown("|" * 100_000 + "\n" + "|-" * 50_000), "P132", "01.md:4:1"),
    "anchors": (shown("[^" * 20_000), "P101", "01.md:3:2"),
    "unknown-keys": (shown("@a " * 5000), "P201", "01.md:3:1"),
}


# Titles that are built. What is odd in them is text, or does no harm.
BUILT: dict[str, Files] = {
    "words": {
        "book.toml": r"""
            title = "T <script>alert(1)</script> & \"q\" ]]>"
            subtitle = "<b onclick=x>\u202e"
            language = "en"
            date = 2026-11-23
            identifier = "javascript:alert(1)\"><script>"
            publisher = "<i>P</i>"
            rights = "</p><script>1</script>"
            description = "<script>1</script>"
            subjects = ["<a href='javascript:x'>"]
            contributor = [{ name = "<script>x</script>", role = "aut" }]
            [annotations.kinds.x]
            label = "<script>1</script>"
        """,
        **shown('{==w==}[^1] \\<script>x\n\n[^1]: {.x by="<script>" status=open} `<script>` y'),
    },
    "links": shown("[a](doi:10.1000/x) [b](urn:isbn:9) [c](mailto:a@b.c) <https://x.y/z?a=1&b=2> [d](https://x.y/%22)"),
    "bibtex": cited(
        "@book{a, author = {<script>1</script> B}, title = {T \\href{javascript:alert(1)}{x} <img src=x onerror=y>"
        " \\input{/etc/passwd}}, publisher = {P}, year = 2000, url = {JavaScript:alert(1)//http://x.y},"
        " doi = {javascript:alert(1)}}\n"
    ),
    "csl-json": {
        **cited(
            json.dumps(
                [
                    {
                        "id": 'a"><script>',
                        "type": "book",
                        "title": 'T <a href="javascript:x">y</a> <script>1</script>',
                        "URL": " javascript:alert(1)",
                        "custom": {"x": [float("inf")]},
                    }
                ]
            ),
            "r.json",
        ),
        **shown('See [@{a"><script>}].'),
    },
    "csl": styled(text='<text variable="title" prefix="&lt;script&gt;1&lt;/script&gt;"/>'),
    "csl-locale": {
        **(files := styled()),
        "s.csl": str(files["s.csl"]).replace('class="note"', 'class="note" default-locale="../../../etc/passwd"'),
    },
    "svg-doctype": svg('<rect width="3" height="3"/>', '<!DOCTYPE svg SYSTEM "http://127.0.0.1:9/x.dtd">'),
    "svg-tiny-pattern": svg(
        '<pattern id="p" width=".00001" height=".00001"><rect/></pattern><rect width="9" height="9" fill="url(#p)"/>'
    ),
    "names": {
        **shown("![Alt](<a b ü & 'q\" #1.png>)\n\n![Alt](fig%20ures/100%25.png)"),
        "a b ü & 'q\" #1.png": SMALL,
        "fig ures/100%.png": SMALL,
    },
    "no-fonts": css("p { width: 0 }"),
    "css-end": css("p { width: 0 } </style><script>1</script>", "book.css"),
    "brackets": shown("[" * 20_000),
    "images": shown("![" * 5000),
    "stars": shown("*" * 20_000),
    "stars-apart": shown("*a " * 5000),
    "less-than": shown("<a " * 5000),
    "ampersands": shown("&" * 20_000 + "&#" * 5000),
    "parentheses": shown("[a](" + "(" * 20_000),
    "backslashes": shown("\\" * 100_000),
    "long-word": shown("a" * 1_000_000),
    "classes": {"01.md": "# One {" + ".a " * 10_000 + "}\n\nText.\n"},
}

# Titles that take longer than the two seconds that they set themselves, or might.
LONG: dict[str, Files] = {
    "notes": shown("".join(f"w[^{n}] " for n in range(5000)) + "\n" + "".join(f"\n[^{n}]: n" for n in range(5000))),
    "table": shown("|a|b|c|d|\n|-|-|-|-|\n" + "|1|2|3|4|\n" * 5000),
    "paragraph": shown("word and some more words, " * 80_000),
    "bibliography": {
        **cited("".join(ENTRY.replace("a,", f"k{n},", 1).replace("{A", f"{{A{n}") for n in range(10_000))),
        **shown(" ".join(f"[@k{n}]" for n in range(10_000))),
    },
    "macros": styled(MACROS + '<macro name="m12"><text value="x"/></macro>', '<text macro="m0"/>'),
    "variables": css(
        f":root{{{''.join(f'--a{n}:var(--a{n + 1}) var(--a{n + 1});' for n in range(40))}--a40:x}} p{{color:var(--a0)}}"
    ),
}


@dataclass(frozen=True)
class Run:
    """One run of the command: its exit status, its messages by title, what it wrote, in which folder."""

    status: int
    rows: Mapping[str, list[Row]]
    errors: str
    folder: Path
    seconds: float

    def outputs(self, title: str) -> list[str]:
        return sorted(path.name for path in (self.folder / "build" / title).glob("*") if path.name != ".cache")


def run(folder: Path, titles: Mapping[str, Files], *more: str) -> Run:
    for name, files in titles.items():
        write(folder / "manuscript" / name, files)
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", dedent(LAUNCH), "build", "--diagnostics", "json", *more],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    rows: dict[str, list[Row]] = {name: [] for name in titles}
    for row in json.loads(done.stdout or "[]"):
        _, title, row["path"] = f"{row['path']}/".split("/", 2)
        rows[title].append(row)
    return Run(done.returncode, rows, done.stderr, folder, time.monotonic() - start)


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tmp_path_factory.mktemp("refused"), {name: files for name, (files, _, _) in REFUSED.items()})


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_title_is_refused_at_its_place(refused: Run, name: str) -> None:
    _, code, place = REFUSED[name]
    errors = [row for row in refused.rows[name] if row["severity"] == "error"]
    assert (code, place) in [(e["code"], f"{e['path'].rstrip('/')}:{e['line']}:{e['column']}") for e in errors]
    assert refused.outputs(name) == []


@pytest.mark.slow
def test_refusing_is_quiet_and_asks_nobody(refused: Run) -> None:
    assert refused.status == 1
    assert "Traceback" not in refused.errors
    assert not (refused.folder / "connected").exists()
    assert not list(refused.folder.rglob("*.part"))
    assert not [row for rows in refused.rows.values() for row in rows if row["code"] in {"P933", "P934"}]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tmp_path_factory.mktemp("built"), BUILT)


@pytest.mark.slow
@pytest.mark.parametrize("name", BUILT)
def test_what_is_built_holds_nothing_active(built: Run, name: str) -> None:
    assert [row for row in built.rows[name] if row["severity"] == "error"] == []
    assert built.outputs(name) == [f"{name}-annotated.epub", f"{name}-annotated.pdf"]
    folder = built.folder / "build" / name
    assert list(active_in_epub(folder / f"{name}-annotated.epub")) == []
    assert list(active_in_pdf(folder / f"{name}-annotated.pdf")) == []


@pytest.mark.slow
def test_building_is_quiet_and_asks_nobody(built: Run) -> None:
    assert built.status == 0
    assert "Traceback" not in built.errors
    assert not (built.folder / "connected").exists()


SCHEMES = ("http:", "https:", "mailto:", "doi:", "urn:")
# an address with such a scheme, a picture in itself, or a path
AT_REST = re.compile(rf"(?:{'|'.join(SCHEMES)}|data:image/)|(?!\s*[A-Za-z][\w+.-]*:|\s*//)")


def active_in_epub(path: Path) -> Iterator[str]:
    """Whatever in the files of an EPUB runs, or leads where a book should not lead."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if name.endswith(".css"):
                text = re.sub(rb"url\(\"?\.\./fonts/[\w-]+\.\w+\"?\)", b"", data)
                yield from (f"{name}: {found}" for found in re.findall(rb"url\(.*|@import.*", text))
            elif name.endswith((".xhtml", ".svg", ".opf", ".ncx", ".xml")):
                assert b"<!ENTITY" not in data
                assert b'SYSTEM "' not in data.replace(b"ncx-2005-1.dtd", b"") or name.endswith(".ncx")
                for element in etree.fromstring(data).iter(etree.Element):
                    yield from (f"{name}: {found}" for found in active_in_element(element))


def active_in_element(element: etree._Element) -> Iterator[str]:
    if etree.QName(element).localname.lower() in {"script", "iframe", "object", "embed", "form", "foreignobject"}:
        yield str(element.tag)
    for key, value in element.attrib.items():
        name = etree.QName(str(key)).localname.lower()
        if name.startswith("on"):
            yield name
        elif name in {"href", "src"} and not AT_REST.match(str(value)):
            yield f"{name}={value!r}"


def active_in_pdf(path: Path) -> Iterator[str]:
    """Whatever in a PDF runs, opens or sends something, and links with a scheme that is not at rest."""
    with pikepdf.open(path) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                for key in thing.keys() & {"/JS", "/JavaScript", "/AA", "/OpenAction", "/EmbeddedFiles", "/EF", "/XFA"}:
                    yield str(key)
                yield from active_in_action(thing.get("/A"))


def active_in_action(action: Any) -> Iterator[str]:
    if isinstance(action, pikepdf.Dictionary) and "/S" in action:
        if action["/S"] not in {"/GoTo", "/URI"}:
            yield str(action["/S"])
        elif "/URI" in action and not str(action["/URI"]).startswith(SCHEMES):
            yield str(action["/URI"])


# --- limits ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Run:
    limits = "[limits]\nseconds = 2\n"
    return run(
        tmp_path_factory.mktemp("long"),
        {name: {**files, "book.toml": str(files.get("book.toml", BOOK)) + limits} for name, files in LONG.items()},
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG)
def test_what_takes_too_long_is_ended_with_a_message(long: Run, name: str) -> None:
    [row] = [row for row in long.rows[name] if row["severity"] == "error"]
    assert row["code"] == "P930"
    assert re.match(r"the work took longer than 2 s, and was ended in the stage '[a-z]+", row["message"])
    assert "[limits]" in row["hint"]
    assert long.outputs(name) == []


@pytest.mark.slow
def test_the_limit_holds(long: Run) -> None:
    assert long.seconds < 30
    assert "Traceback" not in long.errors


@pytest.mark.slow
def test_what_takes_too_much_memory_is_ended_with_a_message(tmp_path: Path) -> None:
    book = BOOK + "[limits]\nmemory = 512\n"
    found = run(tmp_path / "parsing", {"t": {**svg("<rect/>" * 4_000_000), "book.toml": book}})
    assert [row["code"] for row in found.rows["t"]] == ["P931"]
    # three bytes a pixel, of which there are several copies on the way to the page: 450 MB at the least
    large = picture(png(7000, 7000, bytes(21001) * 7000), "p.png")
    found = run(tmp_path / "rendering", {"t": large}, "--max-memory", "320")
    assert [row["code"] for row in found.rows["t"]] == ["P931"]


# --- where nothing can be written --------------------------------------------------------------------------------


def small(folder: Path, *more: str, command: str = "build") -> Result:
    """Run a command on a title of a few words."""
    write(folder / "manuscript" / "t", {})
    with chdir(folder):
        return CliRunner().invoke(main, [command, "t", "--diagnostics", "short", *more])


def small_apart(folder: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Build such a title in a process of its own."""
    write(folder / "manuscript" / "t", {})
    line = [sys.executable, "-m", "postil", "build", "t", "--diagnostics", "short"]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=60, check=False, **options)


def test_a_file_stands_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "build").write_text("mine")
    done = small(tmp_path)
    assert done.exit_code == 1
    assert "manuscript/t: error[P935]" in done.stderr
    assert (tmp_path / "build").read_text() == "mine"


def test_a_folder_stands_where_the_file_should_be(tmp_path: Path) -> None:
    (tmp_path / "build" / "t" / "t-annotated.pdf").mkdir(parents=True)
    done = small(tmp_path)
    assert done.exit_code == 1
    assert "manuscript/t: error[P935]" in done.stderr
    assert not list(tmp_path.rglob("*.part"))


def test_the_folder_cannot_be_made(tmp_path: Path) -> None:
    done = small(tmp_path, "--out", "/proc/postil")
    assert done.exit_code == 1
    assert "manuscript/t: error[P935]" in done.stderr


@pytest.mark.parametrize("linked", ["build", "build/t", "build/t/t-annotated.pdf"])
def test_nothing_is_written_through_a_link(tmp_path: Path, linked: str) -> None:
    (tmp_path / "home").mkdir()
    path = tmp_path / linked
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(tmp_path / "home" if linked != "build/t/t-annotated.pdf" else tmp_path / "home" / "file")
    done = small(tmp_path)
    assert done.exit_code == 1
    assert f"manuscript/t: error[P936]: '{path}' is a link" in done.stderr
    assert path.is_symlink()
    assert list((tmp_path / "home").iterdir()) == []
    checked = small(tmp_path, command="check")
    assert (checked.exit_code, checked.stderr.splitlines()[-1]) == (0, "no errors")
    assert list((tmp_path / "home").iterdir()) == []


def test_the_folder_that_the_command_line_names_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "books").symlink_to(tmp_path / "home")
    assert small(tmp_path, "--out", "books").exit_code == 0
    assert (tmp_path / "home" / "t" / "t-annotated.pdf").is_file()


def test_the_disk_is_full(tmp_path: Path) -> None:
    """What stops a file from growing stops it in the middle."""
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (4096, 4096))
    done = small_apart(tmp_path, preexec_fn=limit)
    assert done.returncode == 1
    assert "error[P935]" in done.stderr
    assert "Traceback" not in done.stderr
    assert not [path for path in (tmp_path / "build").rglob("*") if path.is_file()]


# --- programs ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_program_on_the_path_is_run(tmp_path: Path) -> None:
    """Whatever lies there: a compiler, which libraries are fond of asking, or another pandoc."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("gcc", "cc", "c99", "ld", "ldconfig", "objdump", "uname", "pandoc", "node", "npm", "fc-list", "sh"):
        (programs / name).write_text(f"#!/bin/sh\necho {name} >>'{tmp_path}/run'\nexec /usr/bin/{name} \"$@\"\n")
        (programs / name).chmod(0o755)
    write(tmp_path / "manuscript" / "t", cited(ENTRY))
    done = small_apart(tmp_path, env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"})
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "run").exists(), (tmp_path / "run").read_text()


# --- interrupts --------------------------------------------------------------------------------------------------


@pytest.mark.slow
@listed
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
@pytest.mark.parametrize("stage", ["pdf", "citations"])
def test_an_interrupt_leaves_no_process_and_no_half_file(
    tmp_path: Path, stage: str, number: signal.Signals, status: int
) -> None:
    write(tmp_path / "manuscript" / "t", LONG["paragraph" if stage == "pdf" else "macros"])
    (tmp_path / "scratch").mkdir()
    command = [sys.executable, "-m", "postil", "build", "t"]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "scratch")}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr
        while f": {stage}" not in process.stderr.readline():
            assert process.poll() is None
        if stage == "citations":
            await_that(lambda: any("pandoc" in name for name in session(process.pid).values()))
        assert len(session(process.pid)) > 1
        process.send_signal(number)
        messages = process.stderr.read()
        assert process.wait(20) == status
    assert "Traceback" not in messages
    await_that(lambda: not session(process.pid))
    assert not list(tmp_path.rglob("*.part"))
    assert not [path for path in (tmp_path / "build").rglob("*") if path.is_file() and ".cache" not in path.parts]
    assert list((tmp_path / "scratch").iterdir()) == []
