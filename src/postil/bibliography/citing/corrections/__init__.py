"""Where the style guides want more than the styles that carry their names, and the processor, give."""

from postil.bibliography.citing.corrections.alphabet import alphabetized
from postil.bibliography.citing.corrections.finish import finished, stop_inside, without_stop
from postil.bibliography.citing.corrections.guides import longest_small_word
from postil.bibliography.citing.corrections.presentation import presented, with_dashes

__all__ = [
    "alphabetized",
    "finished",
    "longest_small_word",
    "presented",
    "stop_inside",
    "with_dashes",
    "without_stop",
]
