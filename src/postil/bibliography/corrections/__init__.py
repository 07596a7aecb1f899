"""Where the style guides want more than the styles that carry their names, and the processor, give."""

from postil.bibliography.corrections.answers import finished, stop_inside, without_stop
from postil.bibliography.corrections.guides import longest_small_word
from postil.bibliography.corrections.order import alphabetized
from postil.bibliography.corrections.works import presented, with_dashes

__all__ = [
    "alphabetized",
    "finished",
    "longest_small_word",
    "presented",
    "stop_inside",
    "with_dashes",
    "without_stop",
]
