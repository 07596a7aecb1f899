"""The notations of other tools, and of Markdown itself where something lacks its end: each with what to write instead.

Nothing is guessed from them. Whoever reads other tools' files into Postil's Markdown can go by this table.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Notation(NamedTuple):
    r"""A notation: what it looks like, what it is called, the code of its message, and what to write instead.

    One that is `escaped` begins with what is an escape in Markdown, `\(` for a bracket that is text. One of those on
    lines may be none but in the `first` line of a block.
    """

    name: str
    pattern: str
    called: str
    code: str
    hint: str
    escaped: bool = False
    first: bool = False


NOTATIONS: Final = (
    Notation(
        "comment",
        r"%%(?!\s*$)(?:[^%]|%(?!%))*%%|(?<![^\s>])%%[ \t]*$",
        "a private comment",
        "P160",
        "write '<!-- … -->', which no output has",
    ),
    Notation(
        "embed", r"!\[\[[^\[\]\n]+\]\]", "an embedded file", "P160", "for a picture write '![what it shows](file.png)'"
    ),
    Notation(
        "picture",
        r"!\[(?![\^\[])",
        "the beginning of a picture",
        "P161",
        "end it with '](file.png)', without a blank line or a remark in between",
    ),
    Notation(
        "contents",
        r"@?\[\[?_?(?:TOC|toc)_?\]?\]|\{:toc\}",
        "a table of contents",
        "P160",
        "leave it out: a book has its contents",
    ),
    Notation("wiki", r"\[\[[^\[\]\n]+\]\](?!\()", "a wiki link", "P160", "write '[words](#id)', or '[words](file.md)'"),
    Notation(
        "template",
        r"\{\{[^{}\n]*\}\}|\{%[^{}\n]*%\}|\$\{[^{}\n]*\}|<%[^\n]{0,200}?%>",
        "a template's tag",
        "P160",
        "write what it stands for",
    ),
    Notation(
        "role",
        r"\{[a-z][\w:.+-]*\}(?=`)|(?<![\w:]):[a-z][\w:.+-]*:(?=`)",
        "a role of MyST or reStructuredText",
        "P160",
        "write what it makes: '[](#id)' for a reference, '[@key]' for a citation, '$x$' for maths",
    ),
    Notation(
        "tex_brackets",
        r"\\\\\([^\n]{0,200}?\\\\\)|\\\\\[(?:[^\n]{0,200}?\\\\\]|(?=\s*$))"
        r"|(?<!\\)\\\([^()\n]{0,200}(?:(?<!\\)[\^_=+<>]|\\[A-Za-z])[^\n]{0,200}?\\\)|(?<=[\w,] )\\\([^\W\d]\\\)"
        r"|(?<!\\)\\\[(?:[^\[\]\n]{0,200}(?<!\\)[\^_=][^\n]{0,200}?\\\]|(?=\s*$))",
        "a formula, or the beginning of one",
        "P161",
        "write '$x$' for one in the sentence, and '$$' on a line before and behind one that is set off",
        escaped=True,
    ),
    Notation("dollar", r"\$(?=`[^`\n]+`)", "a formula", "P161", "write '$x$', without the backticks"),
    Notation(
        "forced",
        r"\{_(?=\S)[^{}\n]*_\}|\{\*(?=\S)[^{}\n]*\*\}|\{~(?=[^\s~])[^{}\n]*(?<!~)~\}|\{\^(?=\S)[^{}\n]*\^\}",
        "emphasis in Djot",
        "P161",
        "leave the braces out, as in '_x_'",
    ),
    Notation(
        "djot_highlight",
        r"\{=(?=\S)[^{}\n]*=\}",
        "a highlight",
        "P161",
        "write '{==words==}' with an annotation behind it",
    ),
    Notation(
        "djot_change",
        r"\{\+(?=[^\s+])[^{}+\n]*\+\}|\{-(?=[^\s-])[^{}\n]*(?<!-)-\}",
        "a change",
        "P161",
        "write '{++new++}' or '{--old--}'",
    ),
    Notation(
        "macro",
        r"(?:(?<=image)|(?<=include)|(?<=video)|(?<=audio)|(?<=xref)|(?<=link)|(?<=kbd)|(?<=btn)|(?<=menu)|(?<=footnote)"
        r"|(?<=stem)|(?<=icon)|(?<=anchor)|(?<=pass)|(?<=toc)|(?<=ifdef)|(?<=ifndef)|(?<=endif)|(?<=indexterm))"
        r"::?[^\s\[\]:]*\[[^\[\]\n]*\]",
        "a macro of AsciiDoc",
        "P160",
        "write it in Markdown: '![caption](file.png)', '[words](#id)', '^[note]'",
    ),
    Notation(
        "asciidoc_role", r"\[\.[\w.-]+\]\#[^#\n]+\#", "words with a role in AsciiDoc", "P161", "write '[words]{.role}'"
    ),
    Notation(
        "org",
        r"\[fn:[^\[\]\n]*\]",
        "a notation of Org",
        "P160",
        "write it in Markdown: '```python' before code, '[^1]' for a note",
    ),
    Notation(
        "address_words",
        r"(?:(?<=http)|(?<=https))://[^\s\[\]<>]{1,2000}\[(?![\^@\d])[^\[\]\n]+\](?![(\[])",
        "an address with its words, as AsciiDoc has a link",
        "P161",
        "write '[words](https://example.org)'",
    ),
    Notation(
        "mmd_citation",
        r"(?:\[[^\[\]\n]*\])?\[\#[\w:.-]+;?\](?!\()",
        "a citation of MultiMarkdown's",
        "P160",
        "write '[@key]', or '[@key, 23]'",
    ),
    Notation(
        "mmd_abbreviation",
        r"\[>[^\[\]\n]+\]",
        "an abbreviation of MultiMarkdown's",
        "P161",
        "write the word itself, and '*[word]: what it stands for' on a line of its own",
    ),
    Notation(
        "field",
        r"[\[(][A-Za-z][\w -]{0,40}::[ \t][^\[\]()\n]*[\])]|(?<=\w)::(?=[ \t]+\S)",
        "a field of Dataview",
        "P161",
        "write what a reader is to see of it, or leave it out",
    ),
    Notation(
        "label",
        r"(?<!\\)\(\\?\#(?:fig|tab|eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|hyp):[\w:-]+\)",
        "a label of bookdown",
        "P161",
        "write '{#fig:name}' behind the figure, table or formula",
        escaped=True,
    ),
    Notation(
        "callout",
        r"\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION|note|tip|important|warning|caution)\]",
        "the beginning of a box",
        "P161",
        "write it in the first line of a quotation, '> [!NOTE]', with a blank line before that",
    ),
    Notation(
        "spoiler",
        r">!(?=[^\s!])[^\n]{0,200}?[^\s!]!<",
        "hidden words",
        "P161",
        "write the words alone: a book hides nothing",
    ),
    Notation(
        "bookdown_part",
        r"(?<![^ \t\n#])\((?:PART|APPENDIX)(?:\\?\*)?\)",
        "the beginning of a part in bookdown",
        "P161",
        "leave it out: book.toml says which chapters are appendices",
    ),
    Notation(
        "tie",
        r"(?<=[A-Za-z.])~(?=[A-Za-z0-9\\])(?![^\s~]*~)",
        "a space of LaTeX at which no line ends",
        "P161",
        "write '\\ ' or the space itself, U+00A0",
    ),
    Notation(
        "power",
        r"(?<=[A-Za-z0-9)])\^(?:[0-9]+|[A-Za-z])(?![\w^])",
        "the beginning of words above the line",
        "P161",
        "write 'x^2^', or '$x^2$' for maths",
    ),
    Notation(
        "inserted",
        r"\^\^(?=[^\s^])[^\n^]*\^\^",
        "an insertion",
        "P161",
        "write '{++words++}', or 'x^2^' for what stands above the line",
    ),
    Notation(
        "quotes",
        r"(?<![\w'’])'{2,3}(?=[^\s'])(?=[^\n]{0,200}?[^\s']'{2,3}(?!['\w]))",
        "italics of a wiki",
        "P161",
        "write '*words*'",
    ),
    Notation("raw", r"\{=[a-z][\w-]*\}", "the mark of code for one output", "P160", "write that code in Markdown"),
    Notation(
        "text_reference",
        r"\(ref:[\w-]+\)",
        "a text reference of bookdown",
        "P160",
        "write the words themselves where they belong, such as in a caption",
    ),
    Notation(
        "index",
        r"\\index\{[^{}\n]*\}",
        "an entry of an index in LaTeX",
        "P160",
        "leave it out, or write '[words]{.index}' around words in the text: no index is set yet",
    ),
    Notation(
        "reference",
        r"\\(?:ref|eqref|pageref|nameref|autoref|[cC]ref)\{[^{}\n]*\}",
        "a reference of LaTeX's",
        "P160",
        "write '[](#id)', and {#id} behind the heading, figure or formula that it leads to",
    ),
    Notation(
        "citation",
        r"\\(?:no|paren|text|auto|foot)?cite[a-z]*\*?(?:\[[^\[\]\n]*\]){0,2}\{[^{}\n]*\}",
        "a citation of LaTeX's",
        "P160",
        "write '[@key]', or '[@key, 23]'",
    ),
    Notation(
        "inclusion",
        r"\{![^{}\n]*!\}",
        "a file that is put in",
        "P160",
        "put its text here, or make a chapter of it",
    ),
    Notation(
        "extension",
        r"\{:(?:[:/][^{}\n]*|[a-z][\w-]*(?::[^{}\n]*)?)\}",
        "an extension of kramdown",
        "P160",
        "leave it out; a class stands in braces: '{.name}'",
    ),
    Notation(
        "latex",
        r"\\(?:begin|end)\{[A-Za-z*]+\}|\\[A-Za-z]{2,}\*?(?:\[[^\[\]\n]*\])?(?:\{[^{}\n]*\})+",
        "LaTeX",
        "P160",
        "write it in Markdown: '*emphasis*', '**weight**', '^[a note]', '[@key]', '[](#id)'",
    ),
    Notation(
        "command",
        r"\\(?:noindent|tableofcontents|listof\w+|(?:double|single|onehalf)spacing|(?:big|med|small)skip|[vh]fill|centering"
        r"|maketitle|(?:front|main|back)matter|appendix|(?:new|clear|cleardouble)page|(?:page|line)break|print\w+|ragged\w+"
        r"|(?:begin|end)group|normalsize|footnotesize|scriptsize|small|[lL]arge|LARGE|huge)(?![A-Za-z\\])",
        "a command of LaTeX",
        "P160",
        "delete it, for style sheets and book.toml say such things; '\\newpage' on a line of its own ends a page",
    ),
    Notation(
        "name",
        r"(?<![\w\\:/.])\\[A-Za-z]{2,}(?![\w\\])",
        "a command of LaTeX",
        "P161",
        "write what it stands for, or a second backslash if it is meant as text",
    ),
    Notation(
        "highlight",
        r"(?<![=\w{])==(?=[^\s=])[^\n=]*?[^\s=]==(?![=\w}])",
        "a highlight",
        "P161",
        "write '{==words==}' with an annotation behind it, or '<u>words</u>'",
    ),
    Notation(
        "insertion",
        r"(?<![+\w{])\+\+(?=[^\s+])[^\n+]*?[^\s+]\+\+(?![+\w}])",
        "an insertion",
        "P161",
        "write '{++words++}'",
    ),
    Notation(
        "heading",
        r"(?<!\S)(?:#{2,6}(?=[^\W\d_])|#(?=[^\s#][^\n]{0,200}[^\s#]#+[ \t]*$))",
        "the beginning of a heading",
        "P161",
        "write a space behind it",
    ),
    Notation(
        "emoji", r"(?<![\w:]):[a-z][a-z0-9_+-]*[a-z0-9]:(?![\w:])", "an emoji's name", "P161", "type the sign itself"
    ),
    Notation(
        "block",
        r"(?<=[ \t])\^[A-Za-z0-9][A-Za-z0-9-]*[ \t]*$",
        "the name of a paragraph",
        "P161",
        "leave it out; where a link leads here, write '{#name}' instead",
    ),
)
"""Those of other tools that stand in a line. Of two that begin at one place, the first counts."""

SLIPS: Final = (
    Notation(
        "unclosed_link",
        r"\[[^\[\]\n]*\]\((?:https?:|\#|[\w./-]+\.(?:md|html?)\b)[^()\s]*(?=\s|\Z)",
        "a link that is never closed",
        "P166",
        "end it with ')'",
    ),
    Notation(
        "spaced_link",
        r"\[[^\[\]\n]+\][ ]+\((?:https?:|www\.|\#)[^()\s]*\)",
        "no link, for a space stands in it",
        "P166",
        "leave the space out: '[words](address)'",
    ),
    Notation(
        "turned_link",
        r"\([^()\n]+\)\[(?:https?:|www\.|\#)[^\[\]\s]*\]",
        "no link, for its brackets are the other way round",
        "P166",
        "write '[words](address)'",
    ),
    Notation(
        "undefined_link",
        r"\[(?!\d+\]\[\d)[^\[\]\n]+\]\[(?![\^@])[^\[\]\n]*\](?!\()",
        "a link, or a picture, whose address stands nowhere",
        "P166",
        "write '[words](address)', or '[name]: address' on a line of its own",
    ),
    Notation(
        "unclosed_citation",
        r"\[(?=-?@[\w{])(?![^\[\]]{0,400}\])",
        "a bracket that is never closed",
        "P166",
        "end the citation with ']'",
    ),
    Notation(
        "unclosed_note",
        r"\[\^(?=\w)(?![^\[\]]{0,100}\])",
        "the call of a note that is never closed",
        "P166",
        "end it with ']'",
    ),
    Notation(
        "unclosed_address", r"<(?=https?://)", "a bracket that is never closed", "P166", "end the address with '>'"
    ),
    Notation(
        "unclosed_struck",
        r"(?<![~\w\\])~~(?=[^\s~])|(?<=[^\s~\\])~~(?![~\w])",
        "one end of words that are struck through, without the other",
        "P166",
        "write '~~' at both, without a space inside; or a backslash before each '~'",
    ),
    Notation(
        "unclosed_code",
        r"(?<![\w`\\])`{1,2}(?=[^\s`])",
        "the beginning of code without an end",
        "P166",
        "end it with '`'; a quotation mark is typed straight, and a letter such as ʿ as itself",
    ),
)
"""What lacks something of Markdown's own."""

LINES: Final = (
    Notation(
        "target",
        r"\([\w:.-]+\)=[ \t]*$",
        "a label of MyST",
        "P160",
        "write '{#label}' behind the heading, figure or table below it",
    ),
    Notation(
        "tab",
        r"={3}[+!]?[ \t]+\"[^\n]*",
        "a tab of a page",
        "P160",
        "write its name as a heading, and do not indent what is below",
    ),
    Notation(
        "asciidoc_heading",
        r"={1,6}[ \t]+(?=[^\s=])[^\n]*",
        "a heading of AsciiDoc",
        "P161",
        "write '#' for each '='",
    ),
    Notation(
        "asciidoc_line",
        r"(?:={4,}[ \t]*$|\|={3,}[ \t]*$|<{3}[ \t]*$|'{3}[ \t]*$|//[ \t][^\n]*|\.[A-Z][a-z][^\n]*$"
        r"|\[(?:source|listing|verse|quote|NOTE|TIP|WARNING|IMPORTANT|CAUTION|cols|role|abstract|sidebar|example|appendix"
        r"|glossary|bibliography|discrete|horizontal|%\w+|\.[\w.-]+|\#[\w-]+)(?:[,=][^\[\]\n]*)?\][ \t]*$)",
        "a line of AsciiDoc",
        "P161",
        "write it in Markdown: '```python' before code, '> ' before a quotation, '::: {.note}' before a box",
    ),
    Notation(
        "rst",
        r"\.\.[ \t]+[a-z][\w:-]*::[^\n]*",
        "a directive of reStructuredText",
        "P160",
        "write it in Markdown: '![caption](file.png)', '::: {.note}', '```python'",
    ),
    Notation(
        "pymdown",
        r"/{3}(?:[ \t]*\|)?[ \t]+[a-z][\w-]*[^\n]*|/{3}[ \t]*$",
        "a block of PyMdown",
        "P161",
        "write '::: {.note}' before a box and ':::' behind it",
    ),
    Notation(
        "comment_link",
        r"\[[^\[\]\n]*\]:[ \t]*<>[^\n]*",
        "a comment",
        "P160",
        "write '<!-- … -->', which no output has",
    ),
    Notation(
        "tags",
        r"\#[A-Za-z][\w/-]*(?:[ \t,]+\#[A-Za-z][\w/-]*)*[ \t]*$",
        "a line of tags, or a heading",
        "P161",
        "leave tags out; write a space behind the '#' of a heading",
    ),
    Notation("deep", r"\#{7,}[^\n]*", "a heading", "P161", "write it with at most six '#'"),
    Notation("plus", r"\+{3}[ \t]*$", "a break", "P161", "write '* * *'"),
    Notation("remark", r"%[ \t]+[^\n]*", "a comment", "P161", "write '<!-- … -->', which no output has", first=True),
    Notation(
        "directive",
        r"\{(?:[a-z][a-z-]*:[ \t][^{}\n]*|(?:front|main|back)matter|pagebreak)\}[ \t]*$",
        "a directive",
        "P161",
        "leave it out; which chapters are front matter says book.toml, and '\\newpage' begins a page",
    ),
    Notation("bullet", r"[•◦▪‣][ \t]+(?=\S)", "an item of a list", "P161", "begin it with '- '"),
    Notation(
        "numbered_note",
        r"\[\d{1,3}\]:?[ \t]+(?=\S+[ \t]+\S)",
        "a note",
        "P161",
        "write '[^1]' where it is called, and '[^1]: ' before its words",
    ),
    Notation(
        "aside",
        r"[ABCDEGIQTWX]>(?=[ \t]|$)",
        "a line of a box",
        "P160",
        "write '::: {.note}' before the box and ':::' behind it: note, tip, important, warning, caution or center",
    ),
    Notation(
        "tight_items",
        r"-(?=[^\W\d_][^\n]*\n[ \t>]*-[^\W\d_])",
        "the beginning of no item of a list, for no space follows",
        "P166",
        "write '- ' before an item; what two people say stands in two paragraphs",
    ),
    Notation(
        "included",
        r"(?:(?:--8<--|![Ii][Nn][Cc][Ll][Uu][Dd][Ee])[ \t]|<<[\[(])[^\n]*",
        "a file that is put in",
        "P160",
        "put its text here, or make a chapter of it",
    ),
    Notation("block_end", r"\^[ \t]*$", "the end of a block in kramdown", "P160", "leave it out"),
    Notation(
        "org_line",
        r"\#\+[A-Za-z_]+(?::|[ \t]|$)[^\n]*",
        "a notation of Org",
        "P160",
        "write it in Markdown: '```python' before code, '> ' before a quotation",
    ),
    Notation(
        "task",
        r"\[[ xX/>-]\][ \t]+(?=\S)",
        "a task",
        "P161",
        "write '- [ ] ' or '- [x] ' before it",
    ),
)
"""Those that stand at the beginning of a line, in whatever block."""

METADATA: Final = Notation(
    "mmd_metadata",
    r"(?i:title|subtitle|authors?|date|language|keywords|tags|affiliation|copyright|email|css|latex \w+)"
    r"[ ]?:[ \t]+\S[^\n]*",
    "metadata of MultiMarkdown",
    "P161",
    "write it between two lines '---' at the beginning of the file, or in book.toml",
)
"""What a file begins with."""

_BOXES: Final = (
    "note|tip|hint|important|warning|caution|attention|danger|error|seealso|admonition|topic|sidebar|margin|epigraph"
    "|pull-quote"
)
_DRAWN: Final = (
    "bpmn|chart|d2|dataview|dataviewjs|ditaa|graphviz|mermaid|nomnoml|plantuml|puml|query|svgbob|tikz|vega-lite|vega"
    "|wavedrom"
)
FENCES: Final = (
    Notation(
        "box",
        rf"admonish|ad-[a-z]+|\{{(?:{_BOXES})\}}",
        "a box",
        "P161",
        "write '::: tip' before it and ':::' behind it; with a title, '> [!TIP] The title' and '> ' before each line",
    ),
    Notation(
        "drawing",
        rf"\{{?(?:{_DRAWN})\}}?|\{{dot\}}",
        "a drawing",
        "P161",
        "have it drawn into a file, and show that: '![What it shows](figures/it.svg)'",
    ),
    Notation("formula", r"math|\{math\}", "a formula", "P161", "write it between two lines '$$'"),
    Notation("picture", r"\{(?:figure|image)\}", "a picture", "P161", "write '![The caption](file.png)' in its place"),
    Notation("table", r"\{(?:table|list-table|csv-table)\}", "a table", "P161", "write its rows as '| one | two |'"),
    Notation(
        "list", r"\{(?:toctree|tableofcontents|contents|bibliography|glossary)\}", "a list", "P161", "leave it out"
    ),
    Notation(
        "title",
        r"[^\n{}]{0,200}[ \t,]title=[\"'][^\n]*",
        "code with words above or below it",
        "P161",
        "write these as its caption, and the language with a dot: '```{.python caption=\"The words\"}'",
    ),
)
"""Those that follow a fence, in whose place other tools do not show the code."""
