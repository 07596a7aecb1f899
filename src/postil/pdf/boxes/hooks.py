"""What of WeasyPrint is used that it does not promise: each thing with the reason why.

A new version of WeasyPrint may change any of these. `tests/pdf/test_pdf_hooks.py` fails when one is gone or takes other
parameters, and when one is used that is not listed.
"""

from __future__ import annotations

from dataclasses import dataclass

WEASYPRINT = "70.0"
"""The version against which these modules were written."""


@dataclass(frozen=True, slots=True)
class Hook:
    """Something of WeasyPrint's by its full name, with its parameters if it takes any, and why it is used."""

    name: str
    parameters: str
    reason: str


HOOKS = (
    Hook(
        "weasyprint.anchors.gather_anchors",
        "box, anchors, links, bookmarks, forms, parent_matrix=None, parent_form=None, parent_link=None",
        "links and bookmarks are read from a page before it is part of a PDF",
    ),
    Hook(
        "weasyprint.css.ComputedStyle",
        "parent_style, cascaded, pseudo_type, root_style, base_url, font_config, initial_page_sizes",
        "the style of an element with an id is that of others but for its name",
    ),
    Hook(
        "weasyprint.css.StyleFor",
        "html, sheets, presentational_hints, font_config, target_collector",
        "a style is computed once for all elements that have the same",
    ),
    Hook(
        "weasyprint.css.counters.CounterStyle",
        "",
        "list numbers, for a context of our own",
    ),
    Hook(
        "weasyprint.css.properties.Dimension",
        "value, unit",
        "a margin or padding is made another length for one page or one figure",
    ),
    Hook(
        "weasyprint.document.Document",
        "pages, metadata, url_fetcher, font_config, color_profiles, output_intent",
        "it has what builds the context of a layout",
    ),
    Hook(
        "weasyprint.document.Document._build_layout_context",
        "html, font_config, counter_style, color_profiles, options",
        "a unit is laid out page by page, in a context of its own, with the fonts and styles that all units share",
    ),
    Hook(
        "weasyprint.draw.draw_page",
        "page, stream",
        "a page is drawn by itself, before it is part of a PDF",
    ),
    Hook(
        "weasyprint.draw.draw_stacking_context",
        "stream, stacking_context",
        "what stands around the text is drawn without the page",
    ),
    Hook(
        "weasyprint.draw.text",
        "",
        "a text in small capitals is drawn with what it reads",
    ),
    Hook(
        "weasyprint.draw.text.draw_first_line",
        "stream, textbox, text_overflow, block_ellipsis, matrix",
        "a text in small capitals is drawn with what it reads; the words of a formula are written on it, unseen",
    ),
    Hook(
        "weasyprint.formatting_structure.boxes",
        "",
        "boxes are told apart by their classes, moved and looked into",
    ),
    Hook(
        "weasyprint.formatting_structure.build.build_formatting_structure",
        "element_tree, style_for, get_image_from_uri, base_url, target_collector, counter_style, footnotes",
        "the boxes of a unit, with its footnotes apart: some of these are set in the margin",
    ),
    Hook(
        "weasyprint.formatting_structure.build.create_anonymous_boxes",
        "box",
        "a box of our own, for the margin, is made whole before it is laid out",
    ),
    Hook(
        "weasyprint.images.get_image_from_uri",
        "cache, url_fetcher, options, url, forced_mime_type=None, context=None, orientation='from-image'",
        "a picture that a page shows becomes an object of a PDF",
    ),
    Hook(
        "weasyprint.layout.absolute.AbsolutePlaceholder",
        "box",
        "what is positioned apart is found behind its placeholder when tags are written",
    ),
    Hook(
        "weasyprint.layout.absolute.absolute_layout",
        "context, placeholder, containing_block, fixed_boxes, bottom_space, skip_stack",
        "the numbers of a list in an annotation, which is laid out by itself",
    ),
    Hook(
        "weasyprint.layout.background.layout_backgrounds",
        "page, get_image_from_uri",
        "a page is painted when its head and foot are there",
    ),
    Hook(
        "weasyprint.layout.block.block_level_layout",
        "context, box, bottom_space, skip_stack, containing_block, page_is_empty=True, absolute_boxes=None, "
        "fixed_boxes=None, adjoining_margins=None, first_letter_style=None, first_line_style=None, discard=False, "
        "max_lines=None",
        "an annotation is laid out by itself, to the width of its column",
    ),
    Hook(
        "weasyprint.layout.initialize_page_maker",
        "context, root_box",
        "pages are made one by one",
    ),
    Hook(
        "weasyprint.layout.page.PageType",
        "side, blank, name, index, groups",
        "the style of a page is told from that of its boxes, and whether it is a recto",
    ),
    Hook(
        "weasyprint.layout.page.make_margin_boxes",
        "context, page, state",
        "heads and folios are set when the book is put together",
    ),
    Hook(
        "weasyprint.layout.page.make_page",
        "context, root_box, page_type, resume_at, page_number, page_state",
        "an empty page, to set heads and folios for",
    ),
    Hook(
        "weasyprint.layout.page.margin_box_content_layout",
        "context, page, box",
        "line numbers and change bars stand beside the text, in the style of margin boxes",
    ),
    Hook(
        "weasyprint.layout.page.remake_page",
        "index, context, root_box, html",
        "a page is laid out, and again when its notes have found no room",
    ),
    Hook(
        "weasyprint.layout.page.set_page_type_computed_styles",
        "page_type, html, style_for",
        "an empty page gets the styles of its kind",
    ),
    Hook(
        "weasyprint.layout.percent.resolve_percentages",
        "box, containing_block",
        "the box of a line number gets its lengths",
    ),
    Hook(
        "weasyprint.matrix.Matrix",
        "a=1, b=0, c=0, d=1, e=0, f=0, matrix=None",
        "where the words of a formula stand, and how wide",
    ),
    Hook(
        "weasyprint.pdf.fonts.Font",
        "pango_font, description, font_size",
        "a face that pages were drawn with elsewhere is found again",
    ),
    Hook(
        "weasyprint.pdf.fonts.build_fonts_dictionary",
        "pdf, fonts, compress, subset, options",
        "faces are cut down to their glyphs and embedded",
    ),
    Hook(
        "weasyprint.pdf.stream.Stream",
        "fonts, page_rectangle, resources, images, tags, color_profiles, output_intent, *args, **kwargs",
        "what a page is drawn on, with resources that its unit shares",
    ),
    Hook(
        "weasyprint.stacking.StackingContext",
        "box, child_contexts, blocks, floats, blocks_and_cells, page",
        "what stands around the text is drawn without the page",
    ),
    Hook(
        "weasyprint.text.constants.PANGO_STRETCH",
        "",
        "a face is told by how far it is stretched",
    ),
    Hook(
        "weasyprint.text.ffi.FROM_UNITS",
        "",
        "how wide a digit is",
    ),
    Hook(
        "weasyprint.text.ffi.ffi",
        "",
        "the runs of a line end in nothing",
    ),
    Hook(
        "weasyprint.text.ffi.gobject",
        "",
        "a face that was found is let go of",
    ),
    Hook(
        "weasyprint.text.ffi.pango",
        "",
        "a face is found, and digits are read from a line",
    ),
    Hook(
        "weasyprint.text.fonts.FontConfiguration",
        "",
        "one set of fonts for all units, in a configuration of ours",
    ),
    Hook(
        "weasyprint.text.line_break.split_first_line",
        "text, style, context, max_width, justification_spacing, is_line_start=True, minimum=False",
        "a number that is filled in late is set and measured",
    ),
)

ATTRIBUTES = {
    "context": (
        "_update_footnote_area",  # ours takes its place: notes are measured one by one
        "broken_out_of_flow",
        "current_footnote_area",
        "current_page",
        "current_page_footnotes",
        "footnotes",
        "get_image_from_uri",
        "in_column",
        "page_bottom",
        "page_maker",
        "rendered_notes",
        "reported_footnotes",
        "running_elements",
        "string_set",
        "style_for",
        "target_collector",
    ),
    "stream": ("_current_font", "_tags", "stream"),
}
"""What is read and set of a layout's context, and of the stream that a page is drawn on."""
