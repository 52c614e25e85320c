"""Who a page is for: the administration passes around less than analysts see, and more than all."""

from analysis.core.selection import SelectionError, unknown

# Counts that nobody can be known by; those of places and months, as the published barometer shows
# them; and all of what is stored.
PUBLIC, INTERNAL, ANALYST = "public", "internal", "analyst"
AUDIENCES = (PUBLIC, INTERNAL, ANALYST)
# The one page for everybody, which is the same for all.
PUBLIC_PAGE = "11_public"


def check(given: str, *, public: bool = True) -> str:
    """Return the audience; raise SelectionError for none, or for all where it is not `public`."""
    if given not in AUDIENCES:
        raise unknown("audience", given, AUDIENCES)
    if given == PUBLIC and not public:
        raise SelectionError(f"Siden er ikke til offentligheden; det er kun {PUBLIC_PAGE}.")
    return given
