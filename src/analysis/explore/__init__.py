"""Looking for oneself: views by dropdown, SQL of one's own, and what is shown as files."""

from analysis.explore.panels import choose, edit
from analysis.explore.queries import ask
from analysis.explore.saving import save
from analysis.explore.views import file_note

__all__ = ["ask", "choose", "edit", "file_note", "save"]


def __dir__() -> list[str]:
    """Offer what is meant to be used, and no submodule, where a notebook completes a name."""
    return __all__
