"""What to expect of a week from weeks of earlier years, and how rare a count is beside it.

After Farrington, Andrews, Beale and Catchpole (1996), *Journal of the Royal Statistical Society* A
159:547–563, and Noufaily and others (2013), *Statistics in Medicine* 32:1206–1222: a quasi-Poisson
model with a log-linear trend, told by the weeks of whole years; past outbreaks weigh less; a week
is held against a negative binomial distribution. R's `surveillance::farringtonFlexible` does the
same but for five things.

The comparable weeks are of the same half-year, since incidents step up at its border, and the weeks
around it would else have far too wide a threshold. The trend is believed as far as the counts bear
it, and is else none: told by the few incidents of a small district it overshoots. Past outbreaks
are found by the middle half of the weeks around them: by the mean and variance of all, as there, a
few outbreak weeks hide themselves. Weeks far below the others, as of a closure, weigh less too. And
a week is judged together with the one before it: what lasts is seen sooner, with fewer false
alarms. `benchmarks/farrington.py` holds it against R.
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from numpy import ndarray

# How many years back, and of each so many blocks of so many weeks about the same time of year. The
# middle block holds the comparable weeks, and the last weeks before the judged one are in none.
YEARS, BLOCKS, BLOCK = 4, 7, 7
SPAN = BLOCKS * BLOCK
# With fewer comparable weeks there is no threshold.
LEAST_WEEKS = 4
# An Anscombe residual beyond this makes a past week an outbreak, or one of a closure.
ODD = 2.58
# What a place's level usually changes by in a year: a standard deviation of its logarithm.
TREND = 0.07
# Times the mean of the middle half of a normal variable's absolute values is its deviation.
_MIDDLE_TO_DEVIATION = 1.443
# Residuals are not about less than this, beside which a single incident would be an outbreak.
_LEAST_CENTRE = 0.5
# A mean that is as good as none.
_LEAST_MEAN = 1e-6
# No week varies less than Poisson (and a bit).
_LEAST_SPREAD = 1.001
# Newton's steps from no trend; no trend is steeper, a logarithm a year.
_STEPS, _STEEPEST = 6, 1.0
_MIDDLE = BLOCKS // 2


class Predicted(NamedTuple):
    """Of each week the mean to expect and its variance, in means; not a number where unknown.

    `spread` is the part of the variance that is of the weeks about their mean, the rest is the
    mean's own error; `together` is how far weeks in a row go together, a correlation, not less
    than 0. The last axis is weeks in order.
    """

    expected: "ndarray"
    ratio: "ndarray"
    spread: "ndarray"
    together: "ndarray"

    @property
    def before(self) -> "Predicted":
        """Of the weeks before these, unknown of the first."""
        import numpy as np

        none = np.full_like(self.expected[..., :1], np.nan)
        return Predicted(*(np.concatenate([none, each[..., :-1]], axis=-1) for each in self))


class Model(NamedTuple):
    """What is predicted of weeks, and what it is told by.

    `past` is the mean of each week that they are held against (as `counts` of `fitted`), and
    `trend` the logarithm of a year's change.
    """

    predicted: Predicted
    past: "ndarray"
    trend: "ndarray"


def fitted(counts: "ndarray", alike: "ndarray") -> Model:
    """Return the models of weeks from what they are held against: weeks, `YEARS`, `SPAN`.

    The nearest year is first; a count is not a number where there is none. `alike` says which are
    of the judged week's half-year.
    """
    import numpy as np

    shape = (len(counts), YEARS, BLOCKS, BLOCK)
    alike = alike.reshape(shape)
    known = np.isfinite(counts).reshape(shape)
    known[:, :, _MIDDLE] &= alike[:, :, _MIDDLE]
    y = np.where(known, counts.reshape(shape), 0.0)
    # Weeks without enough are computed too, and left out.
    with np.errstate(all="ignore"):
        weight = _weights(y, known)
        # A block has a level of its own in each half-year: weeks, years, blocks, halves.
        halves = np.stack([weight * alike, weight * ~alike], axis=3)
        exposure, sums = halves.sum(axis=-1), (halves * y[:, :, :, None]).sum(axis=-1)
        steepest, told = _steepest(exposure, sums)
        past = _past(exposure, sums, steepest, alike)
        squares = np.where(known & (past > 0), weight * (y - past) ** 2 / past, 0.0)
        levels = (exposure.sum(axis=1) > 0).sum(axis=(1, 2))
        freedom = known.sum(axis=(1, 2, 3)) - levels - 1
        spread = (squares.sum(axis=(1, 2, 3)) / freedom.clip(1)).clip(_LEAST_SPREAD)
        together = _together(weight * (y - past) / np.sqrt(past.clip(_LEAST_MEAN)), known)
        # The prior is normal about no trend.
        variance = 1 / (told / spread + TREND**-2)
        trend = steepest * told / spread * variance
        exposed, seen = exposure[:, :, _MIDDLE, 0], sums[:, :, _MIDDLE, 0].sum(axis=1)
        weeks = exposed * _grown(trend)[:, :, 0, 0]
        mean = (seen / weeks.sum(axis=1)).clip(_LEAST_MEAN)
        age = (weeks * np.arange(1, YEARS + 1)).sum(axis=1) / weeks.sum(axis=1)
        # The mean's own error is that of its level, and of the trend since.
        ratio = spread + mean * (spread / seen.clip(_LEAST_CENTRE) + age**2 * variance)
        past = _past(exposure, sums, trend, alike)
    enough = known[:, :, _MIDDLE].sum(axis=(1, 2)) >= LEAST_WEEKS
    known_of = (np.where(enough, each, np.nan) for each in (mean, ratio, spread, together))
    return Model(Predicted(*known_of), past.reshape(counts.shape), trend)


def of_two(own: Predicted, before: Predicted) -> Predicted:
    """Return what is predicted of weeks and those before them together."""
    spread = (own.spread + before.spread) / 2 * (1 + own.together)
    # The means share their errors.
    ratio = spread + own.ratio - own.spread + before.ratio - before.spread
    return Predicted(own.expected + before.expected, ratio, spread, own.together)


def threshold(of: Predicted, alpha: float) -> "ndarray":
    """Return the most incidents of each week that are no signal: more have a chance of `alpha`."""
    from scipy.stats import nbinom

    return nbinom.ppf(1 - alpha, of.expected / (of.ratio - 1), 1 / of.ratio)


def chance(of: Predicted, counts: "ndarray") -> "ndarray":
    """Return the chance of so many incidents in each week, or more."""
    from scipy.stats import nbinom

    return nbinom.sf(counts - 1, of.expected / (of.ratio - 1), 1 / of.ratio)


def _weights(y: "ndarray", known: "ndarray") -> "ndarray":
    """Return the weights of past weeks, 1 in the mean, less of what is odd for its block."""
    import numpy as np

    def by_block(values: "ndarray") -> "ndarray":
        return values.swapaxes(1, 2).reshape(len(y), BLOCKS, -1)

    known, y = by_block(known), by_block(y)
    centre = _middle(np.where(known, y, np.nan)).clip(_LEAST_CENTRE)[..., None]
    # Anscombe's residuals of Poisson counts.
    residual = 1.5 * (y ** (2 / 3) - centre ** (2 / 3)) / centre ** (1 / 6)
    deviation = _middle(np.where(known, np.abs(residual), np.nan)) * _MIDDLE_TO_DEVIATION
    residual /= deviation.clip(1.0)[..., None]
    odd = np.abs(residual)
    weight = known * np.where(odd > ODD, odd, 1.0) ** -2.0
    weight *= (known.sum(axis=(1, 2)) / weight.sum(axis=(1, 2)))[:, None, None]
    return weight.reshape(len(y), BLOCKS, YEARS, BLOCK).swapaxes(1, 2)


def _middle(values: "ndarray") -> "ndarray":
    """Return the mean of the middle half of each last axis, of the values that are numbers."""
    import numpy as np

    number = np.isfinite(values).sum(axis=-1)[..., None]
    place = np.arange(values.shape[-1])
    # What is not a number stands last.
    middle = (place >= number // 4) & (place < number - number // 4)
    return np.where(middle, np.sort(values, axis=-1), 0.0).sum(axis=-1) / middle.sum(axis=-1)


def _together(residual: "ndarray", known: "ndarray") -> "ndarray":
    """Return how far the residuals of past weeks go with the next ones', a correlation."""
    import numpy as np

    in_row = np.where(known, residual, 0.0).reshape(len(known), YEARS, SPAN)
    known = known.reshape(in_row.shape)
    pairs = (known[..., 1:] & known[..., :-1]).sum(axis=(1, 2))
    products = (in_row[..., 1:] * in_row[..., :-1]).sum(axis=(1, 2)) / pairs
    squares = (in_row**2).sum(axis=(1, 2)) / known.sum(axis=(1, 2))
    return np.where((pairs > 0) & (squares > 0), products / squares, 0.0).clip(0, 1)


def _steepest(exposure: "ndarray", sums: "ndarray") -> tuple["ndarray", "ndarray"]:
    """Return the likeliest trend of counts, a logarithm a year, and the information on it.

    Blocks have levels of their own, so only what a block's years are beside each other tells.
    """
    import numpy as np

    time = -np.arange(1.0, YEARS + 1)[:, None, None]
    number = sums.sum(axis=1)
    trend = np.zeros(len(sums))
    for _ in range(_STEPS):
        part = exposure * _grown(trend)
        part = np.nan_to_num(part / part.sum(axis=1, keepdims=True))
        mean = (part * time).sum(axis=1)
        told = (number * ((part * time**2).sum(axis=1) - mean**2)).sum(axis=(1, 2))
        score = (sums * time).sum(axis=(1, 2, 3)) - (number * mean).sum(axis=(1, 2))
        step = np.where(told > _LEAST_MEAN, score / told.clip(_LEAST_MEAN), 0.0)
        trend = (trend + step).clip(-_STEEPEST, _STEEPEST)
    return trend, told


def _grown(trend: "ndarray") -> "ndarray":
    """Return the years' levels beside the judged week's: weeks, `YEARS`, 1, 1."""
    import numpy as np

    return np.exp(-trend[:, None] * np.arange(1, YEARS + 1))[:, :, None, None]


def _past(exposure: "ndarray", sums: "ndarray", trend: "ndarray", alike: "ndarray") -> "ndarray":
    """Return the mean of each past week."""
    import numpy as np

    grown = _grown(trend)
    level = np.nan_to_num(sums.sum(axis=1) / (exposure * grown).sum(axis=1))[:, None] * grown
    return np.where(alike, level[..., :1], level[..., 1:])
