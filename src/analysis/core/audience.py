"""Who a page is for: what an analyst may see is more than what the administration passes around."""

from analysis.core.selection import unknown

# Counts of places and months, as the published barometer shows them; and all of what is stored.
INTERNAL, ANALYST = "internal", "analyst"
AUDIENCES = (INTERNAL, ANALYST)


def check(given: str) -> str:
    """Return the audience; raise SelectionError where it is none of AUDIENCES."""
    if given not in AUDIENCES:
        raise unknown("audience", given, AUDIENCES)
    return given
