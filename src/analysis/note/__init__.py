"""The note to the committee: its sentences, section by section, each made from its figures."""

from analysis.note import appendix, coming, figures, groups, initiatives, summary
from analysis.note.words import KINDS, PROMPTS, TO_FILL, Place, fill, place
from analysis.show.phrases import markdown

__all__ = [
    "KINDS",
    "PROMPTS",
    "TO_FILL",
    "Place",
    "appendix",
    "coming",
    "figures",
    "fill",
    "groups",
    "initiatives",
    "markdown",
    "place",
    "summary",
]
