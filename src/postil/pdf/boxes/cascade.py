"""Styles computed once for all elements that have the same.

WeasyPrint shares the style of elements that match the same rules within the same parent. But an id is for it a rule of
its own, so that nothing in an element with an id has anything in common with what is in another; and each element has
half a dozen pseudo-elements, whose styles it never shares. In a book with notes that is nearly everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.css import ComputedStyle, StyleFor

_OWN = "anchor"
"""What an id sets."""


class _Named(ComputedStyle):  # type: ignore[misc]
    """The style of an element with an id, which is but for that the style of others."""

    def __init__(self, shared: Any, cascaded: Any) -> None:
        super().__init__(
            shared.parent_style,
            cascaded,
            shared.pseudo_type,
            shared.root_style,
            shared.base_url,
            shared.font_config,
            shared.initial_page_sizes,
        )
        self.shared = shared
        self.specified = shared.specified

    @property
    def anonymous_style(self) -> Any:
        """The style of the boxes in it that no element has."""
        return self.shared.anonymous_style

    def copy(self) -> Any:
        """A style by itself, which may be changed."""
        copy = super().copy()
        copy.update({key: value for key, value in self.shared.items() if key not in copy})
        return copy

    def __missing__(self, key: str) -> Any:
        value = self[key] = super().__missing__(key) if key == _OWN else self.shared[key]
        return value


@contextmanager
def computed_once() -> Iterator[None]:
    """Have the styles of a document so meanwhile."""
    compute = StyleFor.set_computed_styles
    known: dict[tuple[Any, ...], Any] = {}

    def set_computed_styles(styles: Any, element: Any, parent: Any, *others: Any, **named: Any) -> None:
        """Find the style of an element or of a pseudo-element, or else compute it."""
        pseudo = named.get("pseudo_type")
        computed = styles.get_computed_styles()
        if parent is None:
            compute(styles, element, parent, *others, **named)
            return
        above = computed[parent, None]
        above = getattr(above, "shared", above)
        cascaded = styles.get_cascaded_styles().get((element, pseudo), {})
        rules = tuple((name, id(value), weight) for name, (value, weight) in cascaded.items() if name != _OWN)
        key = (id(above), pseudo, *rules)
        if key not in known:
            known[key] = ComputedStyle(
                above,
                {name: rule for name, rule in cascaded.items() if name != _OWN},
                pseudo,
                computed[named["root"], None],
                named["base_url"],
                styles.font_config,
                styles.initial_page_sizes,
            )
        computed[element, pseudo] = style = _Named(known[key], cascaded) if _OWN in cascaded else known[key]
        if _OWN in cascaded and style[_OWN]:
            named["target_collector"].collect_anchor(style[_OWN])

    StyleFor.set_computed_styles = set_computed_styles
    try:
        yield
    finally:
        StyleFor.set_computed_styles = compute
