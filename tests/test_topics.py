"""What `postil help` says: all that the program understands, and nothing that it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

import pytest
from click.testing import CliRunner, Result

from postil.cli import main
from postil.dialect import links, outline, parse, segment
from postil.dialect.attributes import CLASSES, GLOBAL, OWN, VALUES
from postil.dialect.constructs import CONSTRUCTS, Construct
from postil.dialect.html import AROUND, BLOCK, INLINE, LINKS
from postil.dialect.notes import KEYS, REPLY_KEYS
from postil.document import CHANGE_STATUSES, EDITIONS, ROLES, STATUSES, Element, Kind, walk
from postil.document.tree import ParsedOf
from postil.manuscript import settings
from postil.manuscript.reference import Setting, Table
from postil.manuscript.relators import RELATORS
from postil.source import Source
from postil.topics import TOPICS, WIDTH, Group, markdown, plain

DIALECT, SETTINGS = (tuple(TOPICS[name].groups()) for name in ("dialect", "settings"))
ALL = [construct for group in CONSTRUCTS.values() for construct in group]
KINDS = {name: Kind(name, name, row.audience) for name, row in settings.KINDS.items()}
TABLES = settings.tables()


def terms(groups: tuple[Group, ...], heading: str) -> Mapping[str, str]:
    """The terms and their meanings under the headings that begin so."""
    return {t: m for group in groups if group.heading.startswith(heading) for t, m in group.meanings}


# --- the dialect -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("construct", ALL, ids=lambda construct: construct.written.split("\n")[0])
def test_a_construct_is_understood_as_it_is_shown(construct: Construct) -> None:
    title = "" if construct.written.startswith(("# ", "---")) else "# T\n\n"
    chapter, found = parse(Source("a.md", title + construct.written), KINDS)
    nodes = [node for text in chapter.texts for node in walk(text)]
    assert [each for each in found if each.severity != "note"] == []
    assert construct.makes in {node.tag if isinstance(node, Element) else type(node).__name__ for node in nodes}


def test_every_kind_of_node_has_a_construct() -> None:
    kinds = {(get_origin(each) or each).__name__ for each in get_args(ParsedOf)}
    assert {construct.makes for construct in ALL} >= kinds - {"Element"}


NO_CONSTRUCT = {"words", "space", "other", "misnamed"}
"""What the scanner finds in prose that is but words, or a mistake."""
ENDS = {"end", "pipe", "hashes"}
"""What belongs to a construct that begins with something else."""


@pytest.mark.parametrize("name", sorted(segment.TOKEN.groupindex.keys() - NO_CONSTRUCT - ENDS))
def test_every_sign_that_the_scanner_knows_begins_a_construct(name: str) -> None:
    assert any(found.lastgroup == name for each in ALL for found in segment.TOKEN.finditer(each.written))


@pytest.mark.parametrize(
    "pattern",
    [
        outline.FENCE,
        outline.CONTAINER,
        outline.NOTE,
        outline.ABBREVIATION,
        outline.CAPTION,
        outline.COMMENT,
        outline.TAG,
        outline.HEADING,
        links.DEFINITION,
    ],
    ids=lambda pattern: pattern.pattern[:20],
)
def test_every_line_that_the_outline_knows_begins_a_construct(pattern: re.Pattern[str]) -> None:
    assert any(pattern.match(line) for each in ALL for line in each.written.split("\n"))


def test_a_reply_has_a_construct() -> None:
    assert any(outline.REPLY.match(line.strip()) for each in ALL for line in each.written.split("\n"))


@pytest.mark.parametrize(
    ("heading", "table"),
    [
        ("HTML in a sentence", {**INLINE, **LINKS}),
        ("HTML around Markdown", AROUND),
        ("HTML on lines", BLOCK),
        ("Attributes of everything", GLOBAL),
        *((f"Attributes of {tag}", table) for tag, table in OWN.items() if tag not in {"index", "figures"}),
        ("Attributes of words for an index", OWN["index"]),
        ("Attributes of containers of figures", OWN["figures"]),
        ("What is said of an annotation", KEYS),
        ("What an annotation can be", STATUSES),
        ("What a change can be", CHANGE_STATUSES),
        ("Kinds of annotation", settings.KINDS),
    ],
)
def test_every_row_of_a_table_of_the_dialect_is_a_term(heading: str, table: Mapping[str, object]) -> None:
    assert terms(DIALECT, heading).keys() == table.keys()


@pytest.mark.parametrize(("tag", "name"), [(tag, name) for tag, names in CLASSES.items() for name in names])
def test_every_class_is_a_term_under_the_elements_that_may_have_it(tag: str, name: str) -> None:
    on = "headings" if re.fullmatch("h[1-6]", tag) else tag
    groups = [group for group in DIALECT if group.heading.startswith("Classes on")]
    (own,) = (group for group in groups if on in re.findall(r"\w+", group.heading.partition(":")[0]))
    assert name in dict(own.meanings)


def test_every_role_of_a_chapter_is_a_class() -> None:
    roles = {name for name, role in ROLES.items() if role.for_chapters}
    assert terms(DIALECT, "Classes on headings").keys() >= roles


def test_what_can_be_said_of_a_reply_is_said() -> None:
    (group,) = (group for group in DIALECT if group.heading == "What is said of an annotation")
    assert all(name in re.findall(r"\w+", group.remark) for name in REPLY_KEYS)


@pytest.mark.parametrize("name", VALUES)
def test_the_form_of_a_value_is_said_with_its_attribute(name: str) -> None:
    assert terms(DIALECT, "Attributes of")[name].endswith(VALUES[name].words)


# --- the settings ------------------------------------------------------------------------------------------------


def keys(schema: Mapping[str, Any], defs: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The keys that a JSON schema of the settings has, with the tables that they are in."""
    for name, each in schema["properties"].items():
        inner = re.search(r"#/\$defs/(\w+)", str(each))
        if inner is None:
            yield f"{path}{name}"
        else:
            named = ".NAME" if "Properties'" in str(each) else ""
            yield from keys(defs[inner[1]], defs, f"{path}{name}{named}.")


def test_every_setting_is_in_the_tables() -> None:
    schema = settings._Book.model_json_schema()
    shown = [f"{table.header.strip('[]')}.{each.name}".strip(".") for table in TABLES for each in table.settings]
    assert sorted(shown) == sorted(keys(schema, schema["$defs"]))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.header)
def test_every_setting_of_a_table_is_a_term_with_its_type_and_meaning(table: Table) -> None:
    shown = terms(SETTINGS, table.header or "Above all tables")
    for each in table.settings:
        assert each.meaning.endswith((".", "…", "}"))
        assert shown[each.name].startswith(each.meaning)
        assert each.type.lower() in shown[each.name].lower()
        assert (each.default if each.default != "required" else "must be there") in shown[each.name]


BOOK = 'title = "T"\nlanguage = "en"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n'
DEFAULTS = [
    (table, each)
    for table in TABLES
    for each in table.settings
    if each.default not in {"", "required"} and not table.header.startswith(("[[", "[annotations"))
]


@pytest.mark.parametrize(("table", "setting"), DEFAULTS, ids=lambda each: getattr(each, "name", ""))
def test_a_default_is_what_holds_without_the_setting(table: Table, setting: Setting) -> None:
    header = table.header.replace("NAME", "clean")
    written, _, _ = settings.read_settings("t", Source("book.toml", BOOK), ["a.md"])
    text = f"{BOOK}{header}\n{setting.name} = {setting.default}\n"
    explicit, _, found = settings.read_settings("t", Source("book.toml", text), ["a.md"])
    assert found == ()
    assert explicit == written


def test_the_settings_without_which_there_is_no_book_are_the_ones_that_must_be_there() -> None:
    (top,) = (table for table in TABLES if not table.header)
    _, _, found = settings.read_settings("t", Source("book.toml", "\n"), ["a.md"])
    missing = {name for d in found if d.code == "P912" for name in re.findall(r"'(\w+)'", d.message)}
    assert {each.name for each in top.settings if each.default == "required"} == missing


def test_every_relator_is_a_term() -> None:
    assert terms(SETTINGS, "Roles of contributors") == RELATORS


def test_every_edition_is_a_term() -> None:
    assert terms(SETTINGS, "Editions").keys() == EDITIONS.keys()


# --- how it is said ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS)
def test_a_topic_has_every_term_and_meaning_in_the_columns_of_a_terminal(topic: Any) -> None:
    text = plain(topic)
    assert max(map(len, text.split("\n"))) <= WIDTH
    flat = " ".join(text.split())
    for group in topic.groups():
        for term, meaning in group.meanings:
            assert meaning
            assert f"{' '.join(term.split())} {' '.join(meaning.split())}" in flat


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS)
def test_a_topic_as_markdown_has_every_term(topic: Any) -> None:
    flat = " ".join(markdown(topic).replace("`", "").split())
    for group in topic.groups():
        assert f"## {group.heading}" in markdown(topic)
        for term, _ in group.meanings:
            assert " ".join(term.replace("`", "").split()) in flat


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["help", *arguments])


def test_help_lists_topics_and_commands() -> None:
    lines = invoke().stdout.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("  ")] == [*TOPICS, *main.commands]


@pytest.mark.parametrize("name", TOPICS)
def test_help_on_a_topic(name: str) -> None:
    assert invoke(name).stdout == plain(TOPICS[name])
    assert invoke(name, "--markdown").stdout == markdown(TOPICS[name])


@pytest.mark.parametrize("name", main.commands)
def test_help_on_a_command_is_the_same_as_its_own(name: str) -> None:
    assert invoke(name).stdout == CliRunner().invoke(main, [name, "--help"]).stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["setings"], "there is no help on 'setings'; did you mean 'settings'?"),
        (["xyz"], "there is no help on 'xyz'; there is help on dialect, settings, build,"),
        (["build", "--markdown"], "--markdown is for topics: dialect, settings"),
    ],
)
def test_where_there_is_no_help_it_says_on_what_there_is(arguments: list[str], words: str) -> None:
    result = invoke(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
