"""Patrol rounds shared out fairly: whole numbers, in proportion, every round used."""

import heapq
from collections.abc import Sequence
from numbers import Integral

from analysis.core import danish
from analysis.core.selection import SelectionError, shown

# A patrol each minute, day and night, has half as many in a month; more is a slip.
MOST_ROUNDS = 100_000


def share_out(
    urgency: Sequence[float], rounds: int, least: int = 0, most: int | None = None
) -> list[int]:
    """Return the rounds of each place, in proportion to its urgency, with all of them used.

    The method is Webster's (Sainte-Laguë), with a least and a most a place (Balinski and Young
    2001, *Fair Representation*, appendix A, on minimum requirements): each begins with the least,
    and each further round goes to the place below its most whose urgency to 2n + 1 is highest, n
    being its rounds so far. A place of higher urgency never gets fewer; of equal ones, those first
    in order get the odd rounds. A place of urgency 0 gets more than the least only where all others
    have their most.
    Raises SelectionError, in Danish, where it cannot be done.
    """
    places = len(urgency)
    check(places, rounds, least, most)
    if any(not 0 <= each < float("inf") for each in urgency):
        raise ValueError("urgency must be 0 or more")
    shares = [least] * places
    waiting = [(-each / (2 * least + 1), least, n) for n, each in enumerate(urgency)]
    heapq.heapify(waiting)
    for _ in range(rounds - least * places):
        _, given, n = heapq.heappop(waiting)
        shares[n] = given + 1
        if shares[n] != most:
            heapq.heappush(waiting, (-urgency[n] / (2 * shares[n] + 1), shares[n], n))
    return shares


def check(places: int, rounds: int, least: int, most: int | None) -> None:
    """Raise SelectionError, in Danish, where so many rounds cannot be shared out so."""
    wanted = {"Antallet af runderinger": rounds, "Det mindste antal til et sted": least}
    wanted |= {} if most is None else {"Det største antal til et sted": most}
    for what, given in wanted.items():
        if not isinstance(given, Integral) or isinstance(given, bool) or given < 0:
            raise SelectionError(f"{what} skal være et helt tal på mindst 0, ikke {shown(given)}.")
    if rounds > MOST_ROUNDS:
        raise SelectionError(
            f"Antallet af runderinger må højst være {danish.number(MOST_ROUNDS)}, "
            f"ikke {shown(rounds)}."
        )
    counted = danish.counted(places, "sted", "steder")
    each = danish.counted(rounds, "rundering", "runderinger")
    if most is not None and most < least:
        raise SelectionError(
            f"Et sted kan ikke få mindst {danish.number(least)} og højst {danish.number(most)}."
        )
    if least * places > rounds:
        raise SelectionError(
            f"{each} kan ikke række til mindst {danish.number(least)} til hvert af {counted}: det "
            f"kræver {danish.number(least * places)}."
        )
    if (most is None and not places and rounds) or (most is not None and most * places < rounds):
        able = danish.number((most or 0) * places)
        raise SelectionError(
            f"{each} kan ikke deles ud med højst {danish.number(most or 0)} til hvert af "
            f"{counted}: der er kun plads til {able}."
        )
