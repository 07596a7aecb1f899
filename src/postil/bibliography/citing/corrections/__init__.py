"""What style guides ask for that neither the styles named after them nor the engines give.

A work is corrected before an engine sets it (`presented`), and the engine's answer after that (`finished`).
"""

from postil.bibliography.citing.corrections.alphabet import alphabetized
from postil.bibliography.citing.corrections.finish import finished
from postil.bibliography.citing.corrections.presentation import presented, with_dashes

__all__ = [
    "alphabetized",
    "finished",
    "presented",
    "with_dashes",
]
