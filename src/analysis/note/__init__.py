"""The note to the committee: its sentences, section by section, each made from its figures."""

from analysis.note import appendix, coming, figures, groups, initiatives, summary
from analysis.note.words import PERIOD_KINDS, PROMPTS, TO_FILL, About, place, placeholder
from analysis.show.phrases import markdown

__all__ = [
    "PERIOD_KINDS",
    "PROMPTS",
    "TO_FILL",
    "About",
    "appendix",
    "coming",
    "figures",
    "groups",
    "initiatives",
    "markdown",
    "place",
    "placeholder",
    "summary",
]
