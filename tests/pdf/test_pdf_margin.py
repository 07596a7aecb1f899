"""Where annotations stand in their column."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from postil.pdf.margin import Column, Note, place, settle

COLUMN = Column(((0.0, 500.0),), between=5, stray=84)


@st.composite
def notes(draw: st.DrawFn, most: int = 8) -> list[Note]:
    """Notes in the order of their lemmas; whole points, so that sums are exact."""
    places = sorted(draw(st.lists(st.integers(-10, 500), max_size=most)))
    return [Note(str(i), place, draw(st.integers(10, 120))) for i, place in enumerate(places)]


def test_a_note_alone_stands_at_its_place() -> None:
    assert place([Note("a", 120, 40)], COLUMN).tops == {"a": 120}


def test_a_note_is_pushed_down_by_the_one_above() -> None:
    assert place([Note("a", 100, 40), Note("b", 110, 40)], COLUMN).tops == {"a": 100, "b": 145}


def test_notes_go_up_only_at_the_end_of_the_column() -> None:
    # b must end at 500 and a leave it 5 points
    assert place([Note("a", 440, 30), Note("b", 450, 40)], COLUMN).tops == {"a": 425, "b": 460}


def test_a_note_too_far_from_its_place_is_left_out() -> None:
    # after the tall one, b would be 85 points down
    tall, low = Note("a", 100, 80), Note("b", 100, 20)
    assert place([tall, low], COLUMN) == place([low], COLUMN).__class__({"b": 100}, ("a",))


def test_six_lines_are_not_too_far() -> None:
    assert place([Note("a", 100, 79), Note("b", 100, 20)], COLUMN).overflow == ()


def test_a_note_taller_than_the_column_is_left_out() -> None:
    assert place([Note("a", 0, 501)], COLUMN).overflow == ("a",)


def test_notes_keep_clear_of_what_stands_in_the_column() -> None:
    column = Column(((0, 200), (300, 500)), between=5, stray=84)
    # 240 is within the obstacle: 60 below is nearer than 80 above
    assert place([Note("a", 240, 40)], column).tops == {"a": 300}
    assert place([Note("a", 190, 40)], column).tops == {"a": 160}


def test_without_room_anywhere_all_are_left_out() -> None:
    assert place([Note("a", 0, 10), Note("b", 5, 10)], Column((), 5, 84)).overflow == ("a", "b")


@given(notes())
def test_none_overlaps_leaves_the_column_or_strays(given_notes: list[Note]) -> None:
    placement = place(given_notes, COLUMN)
    heights = {note.id: note.height for note in given_notes}
    places = {note.id: note.place for note in given_notes}
    for (above, top), (_, below) in pairwise(placement.tops.items()):
        assert below >= top + heights[above] + COLUMN.between
    for note, top in placement.tops.items():
        assert top >= 0
        assert top + heights[note] <= 500
        assert abs(top - places[note]) <= COLUMN.stray


@given(notes())
def test_every_note_is_placed_or_left_out_in_order(given_notes: list[Note]) -> None:
    placement = place(given_notes, COLUMN)
    order = [note.id for note in given_notes]
    assert sorted([*placement.tops, *placement.overflow], key=order.index) == order
    assert list(placement.tops) == sorted(placement.tops, key=order.index)


@given(notes())
def test_what_fits_together_is_not_left_out(given_notes: list[Note]) -> None:
    if settle(given_notes, COLUMN) is not None:
        assert place(given_notes, COLUMN).overflow == ()


@given(notes(most=4), st.data())
def test_no_other_placement_without_going_up_is_nearer(given_notes: list[Note], data: st.DataObject) -> None:
    tops = settle(given_notes, COLUMN)
    if tops is None or any(top < note.place for top, note in zip(tops, given_notes, strict=True)):
        return
    other: list[float] = []
    start = 0.0
    for note in given_notes:
        other.append(max(note.place, start) + data.draw(st.integers(0, 30)))
        start = other[-1] + note.height + COLUMN.between
    nearer = sum((top - note.place) ** 2 for top, note in zip(other, given_notes, strict=True))
    assert sum((top - note.place) ** 2 for top, note in zip(tops, given_notes, strict=True)) <= nearer
