"""Numbers to the digits they can bear, so that they are the same on every machine.

The same sum differs in its last digits where a processor adds in another order. What is shown, what
is decided by, and what is drawn with is therefore rounded here first, far above such differences.
"""

from collections.abc import Sequence
from math import isfinite
from typing import TypeVar

DIGITS = 6
# What differs only after this digit is one number: where a sixth digit lies just between two, it
# goes the same way everywhere.
_SAME = 12
# Nearer to 0 than this is what is left of two equal numbers.
_NOTHING = 1e-12

T = TypeVar("T")


def rounded(value: T) -> T:
    """Return a number with six significant digits, or what holds numbers with each of them so.

    Holders are lists, tuples, dicts, and numpy's and pandas' arrays, columns and frames. Whole
    numbers keep all their digits, as does what stands before the decimal point; infinite and
    unknown numbers stay what they are, and 0 has no sign. All else, such as text and dates, is
    returned as it is.
    """
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        made = map(rounded, value)
        # A named tuple takes its fields one by one.
        return type(value)(*made) if hasattr(value, "_fields") else type(value)(made)
    return _columns(value) if hasattr(value, "shape") else value


def _number(value: float) -> float:
    if not isfinite(value) or value.is_integer():
        return float(value) + 0.0
    if abs(value) < _NOTHING:
        return 0.0
    if abs(value) >= 10**DIGITS:
        return float(round(round(value, 3)))
    return float(f"{float(f'{value:.{_SAME}g}'):.{DIGITS}g}")


def _columns(value: T) -> T:
    """Return an array, a column or a frame with its fractions rounded."""
    import numpy as np
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        made = value.copy()
        for place in range(made.shape[1]):
            made.isetitem(place, _columns(made.iloc[:, place]))
        return made
    # Among objects, such as texts, there may be numbers.
    if value.dtype not in (float, object):
        return value
    if isinstance(value, pd.Series):
        made = _columns(value.to_numpy())
        return pd.Series(made, value.index, value.dtype, value.name)
    return np.frompyfunc(rounded, 1, 1)(value).astype(value.dtype)


def whole_parts(total: int, parts: Sequence[float]) -> list[int]:
    """Return whole numbers in proportion to parts that add up to a total: the largest remainders.

    Of equal remainders the first are rounded up. Parts of nothing share it as equal ones do.
    """
    weight = sum(parts)
    shares = [total * each / weight if weight else total / len(parts) for each in parts]
    shares = [rounded(each) for each in shares]
    found = [int(each // 1) for each in shares]
    by_remainder = sorted(range(len(parts)), key=lambda n: (found[n] - shares[n], n))
    for n in by_remainder[: total - sum(found)]:
        found[n] += 1
    return found
