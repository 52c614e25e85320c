"""Monthly counts of places or types to draws of the months that come; knows nothing of incidents.

The model is a hierarchical Poisson one. The log rate of all units together in a month is a Gaussian
process: the month of the year, the same every year and near its neighbours; the level of the
half-year, which wanders and jumps; and what is left of the month. How much each
of these varies is not known: a grid of answers is weighed by how well each explains the counts
(Laplace's approximation; Rasmussen and Williams 2006, *Gaussian Processes for Machine Learning*,
3.4 and 5.4), and every draw takes one of them, so that its uncertainty is in the draws. A unit's
part of the whole comes from `pooling.shrink`, and older half-years count for less where that
predicts better (power discounting; Smith and Miller 1986). A group's part may be another in winter
than in summer. Units may vary more than Poisson counts.

A month is a whole number, 12 times the year plus 0 for January to 11 for December.
"""

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from analysis.core.rounding import rounded
from analysis.statistics.pooling import shrink

if TYPE_CHECKING:
    from numpy import ndarray
    from numpy.random import Generator

# The answers that are weighed, each with its weight beforehand; all are standard deviations of log
# rates. Of the level from one half-year to the next, where it stays:
WANDER = {0.0: 0.3, 0.04: 0.3, 0.09: 0.25, 0.18: 0.12, 0.36: 0.03}
# and where it returns; of a month by itself. A trend that goes on is no answer: what a few seasons
# seem to show of one mostly misleads (Gardner and McKenzie 1985), and the level may wander.
JUMP = {0.0: 0.55, 0.1: 0.3, 0.3: 0.15}
PULLS = {0.0: 0.35, 0.08: 0.3, 0.18: 0.2, 0.4: 0.15}
# How far the level lies from the average; the months of the year from the level, near ones alike
# (the larger, the more so), and each by itself.
LEVEL_SPREAD = 1.0
SEASONAL, ALIKE, OF_A_MONTH = 1.0, 1.0, 0.15
# How much a unit's earlier half-years weigh against the next, and the weight beforehand of each.
DISCOUNTS = {1.0: 0.4, 0.95: 0.25, 0.85: 0.2, 0.7: 0.1, 0.5: 0.05}
# The weights beforehand count for as much as so many units.
_AS_UNITS, _SHARING_STEPS = 5, 30
# How firmly a group's part of a half of the year is held to be that of the year (a gamma
# distribution's shape), and the weight beforehand of each.
FIRMNESS = {10_000.0: 0.3, 300.0: 0.3, 60.0: 0.2, 15.0: 0.2}
_NEWTON_STEPS = 12
_LEAST_RATE = 1e-9


class Past(NamedTuple):
    """What is known: `counts` and `exposure`, a row a unit and a column a month, and the `months`.

    An exposure of 1 is a whole month as it usually is. `pools` are labels a unit for each way of
    grouping, for `pooling.shrink`; `seasonal` holds the label of those who share a season.
    """

    counts: "ndarray"
    exposure: "ndarray"
    months: "ndarray"
    pools: tuple[Sequence[str | None], ...] = ()
    seasonal: Sequence[str | None] = ()


class Fit(NamedTuple):
    """What is believed after the past: of the whole, of the parts, of their seasons.

    `weights` are of the rows of `scales`; `pull`, `whitened` and `centre` say where the whole's
    rates lie. `shapes` and `rates` are a gamma distribution of each unit's part, a row for each of
    the discounts, which `kept` weighs for each unit; `first` are theirs before the past. `seasons`
    are the gamma distributions of a unit's group in the two halves, by its number in `members`.
    """

    past: Past
    spread: float
    centre: float
    scales: "ndarray"
    weights: "ndarray"
    pull: "ndarray"
    whitened: "ndarray"
    first: tuple["ndarray", "ndarray"]
    shapes: "ndarray"
    rates: "ndarray"
    kept: "ndarray"
    members: "ndarray"
    seasons: tuple["ndarray", "ndarray"]


def half_index(months: "ndarray") -> "ndarray":
    """Return a number for the half-year of each month, one more for the next; odd in winter."""
    return (months - 3) // 6


def fit(past: Past) -> Fit:
    """Return what a past of one month or more tells; see `draw`. Raises ValueError for none."""
    import numpy as np

    if not past.counts.size:
        raise ValueError("no unit, or no month, to learn from")
    counts = past.counts.astype(float)
    # What happened in a month without exposure shows that there was some.
    exposure = np.where(counts > 0, np.maximum(past.exposure, 0.1), past.exposure)
    past = past._replace(counts=counts, exposure=exposure)
    spread = rounded(_spread(past))
    # Half a count, so that a whole without any has a rate above 0, and a month of exposure, so that
    # half a count in no time at all does not.
    parts = (counts.sum(axis=1) + 0.5 / len(counts)) / np.maximum(exposure.sum(axis=1), 1.0)
    whole = parts @ exposure / parts.sum()
    centre, scales, weights, pull, whitened, fitted = _whole(
        counts.sum(axis=0) / spread, whole / spread, past.months
    )
    expected = np.exp(fitted) * exposure
    members, seasons = _seasons(past, expected * parts[:, None] / parts.sum(), spread)
    expected *= (seasons[0] / seasons[1])[members, (half_index(past.months) % 2)[:, None]].T
    return Fit(
        past,
        spread,
        centre,
        scales,
        weights,
        pull,
        whitened,
        *rounded(_parts(past, expected / spread, spread)),
        members,
        rounded(seasons),
    )


def draw(
    fitted: Fit,
    months: "ndarray",
    exposure: "ndarray",
    size: int,
    seed: int,
    left: "ndarray | None" = None,
) -> "ndarray":
    """Return `size` draws of the counts to come, a row a unit and a column a month of `months`.

    A month that the past knows in part may be asked for: its own deviation is kept. `left` is what
    a scenario leaves of each unit's months; it leaves the other draws as they were.
    """
    import numpy as np

    rng = np.random.default_rng([seed, months[0]])
    whole = np.exp(_whole_draws(fitted, months, size, rng))
    half = half_index(months)
    ahead = max(int(half.max() - half_index(fitted.past.months).max()), 0)
    parts = _part_draws(fitted, ahead, size, rng)
    winter = half % 2
    shapes, rates = fitted.seasons
    group = rng.gamma(shapes, size=(size, *shapes.shape)) / rates
    means = parts[:, :, None] * group[:, fitted.members][:, :, winter] * exposure
    # The parts share the whole among them: what it is, the whole's own draws tell. What was never
    # open is no part of the whole that is known, and adds to it where it opens.
    likely = ((fitted.shapes / fitted.rates) * fitted.kept).sum(axis=0)
    usual = (shapes / rates)[fitted.members][:, winter]
    was_open = fitted.past.exposure.any(axis=1)
    target = (likely[:, None] * usual * exposure).sum(axis=0) / ((likely * was_open) @ usual)
    sums = means.sum(axis=1)
    means *= (whole * target / np.maximum(sums, _LEAST_RATE))[:, None, :]
    if left is not None:
        means *= left
    draws = np.empty(means.shape, dtype="int32")
    for n, month in np.ndindex(means.shape[1:]):
        own = np.random.default_rng([seed, months[month], n])
        each = means[:, n, month]
        if fitted.spread > 1:
            each = own.standard_gamma(each / (fitted.spread - 1)) * (fitted.spread - 1)
        draws[:, n, month] = own.poisson(each)
    return draws


def _spread(past: Past) -> float:
    """Return how much units vary about their part of a month, 1 being Poisson, and 1 at the least.

    Within a half-year, so that a part that changes is not taken for it (Pearson's statistic).
    """
    import numpy as np

    found, freedom = 0.0, 0
    halves = half_index(past.months)
    for half in np.unique(halves):
        counts, exposure = past.counts[:, halves == half], past.exposure[:, halves == half]
        rates = counts.sum(axis=1) / np.maximum(exposure.sum(axis=1), 1e-6)
        expected = rates[:, None] * exposure
        expected *= counts.sum(axis=0) / np.maximum(expected.sum(axis=0), _LEAST_RATE)
        told = expected > 0
        found += ((counts - expected)[told] ** 2 / expected[told]).sum()
        freedom += (told.any(axis=1).sum() - 1) * (told.any(axis=0).sum() - 1)
    return max(found / freedom, 1.0) if freedom > 0 else 1.0


def _covariance(scales: "ndarray", first: "ndarray", second: "ndarray", start: int) -> "ndarray":
    """Return the covariance of the whole's log rates in two lists of months, one a row of scales.

    The level begins to wander with the half-year `start`.
    """
    import numpy as np

    wander, jump, month = (scales[:, n, None, None] ** 2 for n in range(3))
    one, other = first[:, None], second[None, :]
    halves = half_index(one) - start, half_index(other) - start
    alike = np.exp(-2 * np.sin(np.pi * (one - other) / 12) ** 2 / ALIKE**2)
    same = (one - other) % 12 == 0
    fixed = LEVEL_SPREAD**2 + SEASONAL**2 * alike + OF_A_MONTH**2 * same
    moving = wander * np.minimum(*halves) + jump * (halves[0] == halves[1])
    return fixed + moving + month * (one == other)


def _whole(counts: "ndarray", exposure: "ndarray", months: "ndarray") -> tuple:
    """Return what the sums of each month tell: see `Fit`, and last the log rate of each month."""
    import numpy as np

    axes = (WANDER, JUMP, PULLS)
    scales = np.array(list(product(*axes)))
    before = np.array([np.prod(each) for each in product(*(axis.values() for axis in axes))])
    centre = float(np.log((counts.sum() + 0.5) / max(exposure.sum(), 1e-6)))
    prior = _covariance(scales, months, months, int(half_index(months).min()))
    base = np.maximum(exposure, _LEAST_RATE) * np.exp(centre)
    # Newton's steps to the mode of each row of scales (Rasmussen and Williams, algorithm 3.1).
    rate = np.zeros((len(scales), len(months)))
    unit = np.eye(len(months))
    for _ in range(_NEWTON_STEPS):
        mean = base * np.exp(rate)
        root = np.sqrt(mean)
        inner = unit + root[:, :, None] * prior * root[:, None, :]
        pulled = mean * rate + counts - mean
        solved = np.linalg.solve(inner, root[..., None] * (prior @ pulled[..., None]))[..., 0]
        pull = pulled - root * solved
        step = (prior @ pull[..., None])[..., 0] - rate
        rate = rate + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-4:
            break
    mean = base * np.exp(rate)
    root = np.sqrt(mean)
    inner = np.linalg.cholesky(unit + root[:, :, None] * prior * root[:, None, :])
    fits = (counts * rate - mean).sum(axis=1) - (pull * rate).sum(axis=1) / 2
    fits -= np.log(np.diagonal(inner, axis1=1, axis2=2)).sum(axis=1)
    weights = _weighed(before, fits)
    # What a covariance with the past is multiplied with, to see how much the past explains.
    whitened = np.linalg.solve(inner, root[:, :, None] * unit)
    kept = weights > 1e-4
    weights = weights[kept] / weights[kept].sum()
    return centre, scales[kept], weights, pull[kept], whitened[kept], weights @ rate[kept] + centre


def _weighed(before: "ndarray", fits: "ndarray") -> "ndarray":
    import numpy as np

    weights = np.asarray(before) * np.exp(fits - np.max(fits))
    return weights / weights.sum()


def _whole_draws(fitted: Fit, months: "ndarray", size: int, rng: "Generator") -> "ndarray":
    """Return draws of the whole's log rate, a row a draw and a column a month."""
    import numpy as np

    past, scales = fitted.past.months, fitted.scales
    start = int(half_index(past).min())
    across = _covariance(scales, months, past, start)
    means = fitted.centre + (across @ fitted.pull[..., None])[..., 0]
    explained = fitted.whitened @ across.transpose(0, 2, 1)
    left = _covariance(scales, months, months, start) - explained.transpose(0, 2, 1) @ explained
    roots = np.linalg.cholesky(left + 1e-9 * np.eye(len(months)))
    means, roots, weights = rounded((means, roots, fitted.weights))
    which = np.sort(rng.choice(len(scales), size=size, p=weights / weights.sum()))
    noise = rng.standard_normal((size, len(months)))
    return means[which] + (roots[which] @ noise[..., None])[..., 0]


def _seasons(past: Past, expected: "ndarray", spread: float) -> tuple["ndarray", tuple]:
    """Return each unit's group, and the gamma distributions of the groups' part in the two halves.

    A group's part is 1 where it has as much of summer and winter as all have. Units without a
    group have that of the last row, which is 1 for certain.
    """
    import numpy as np
    from scipy.special import gammaln

    labels = list(past.seasonal) or [None] * len(past.counts)
    known = sorted({label for label in labels if label is not None})
    members = np.array([known.index(label) if label is not None else -1 for label in labels])
    winter = half_index(past.months) % 2
    sums = np.zeros((2, len(known) + 1, 2))
    for half in (0, 1):
        for place, values in enumerate((past.counts, expected)):
            np.add.at(sums[place, :, half], members, values[:, winter == half].sum(axis=1))
    counts, means = sums / spread
    # Of a group that has more or less of everything, only the halves are asked of here.
    means *= (counts.sum(axis=1) / np.maximum(means.sum(axis=1), _LEAST_RATE))[:, None]
    # Where one of the halves is not known yet, the other tells nothing of it.
    both = (means > 0).all(axis=1)
    both[-1] = False
    firm = np.array(list(FIRMNESS))[:, None, None]
    y, m = counts[both], np.maximum(means[both], _LEAST_RATE)
    fits = gammaln(firm + y) - gammaln(firm) + firm * np.log(firm) - (firm + y) * np.log(firm + m)
    firmness = _weighed(list(FIRMNESS.values()), fits.sum(axis=(1, 2))) @ np.array(list(FIRMNESS))
    shapes, rates = np.full_like(counts, 1e8), np.full_like(counts, 1e8)
    shapes[both], rates[both] = firmness + counts[both], firmness + means[both]
    return members % len(counts), (shapes, rates)


def _parts(past: Past, expected: "ndarray", spread: float) -> tuple:
    """Return the gamma distributions of each unit's part: the first, and one a discount; `kept`."""
    import numpy as np
    from scipy.special import gammaln, xlogy

    counts = past.counts / spread
    pooled = shrink(counts.sum(axis=1), expected.sum(axis=1), *past.pools)
    first = pooled.shape - counts.sum(axis=1), pooled.rate - expected.sum(axis=1)
    discount = np.array(list(DISCOUNTS))[:, None]
    shape, rate = (np.tile(each, (len(discount), 1)) for each in first)
    fits = np.zeros((len(discount), len(counts)))
    halves = half_index(past.months)
    for half in np.unique(halves):
        seen = counts[:, halves == half].sum(axis=1)
        mean = expected[:, halves == half].sum(axis=1)
        if half > halves.min():
            shape, rate = _aged((shape, rate), first, discount)
            told = gammaln(shape + seen) - gammaln(shape) + xlogy(shape, rate)
            told += xlogy(seen, mean) - (shape + seen) * np.log(rate + mean)
            fits += np.where(mean > 0, told, 0.0)
        shape, rate = shape + seen, rate + mean
    return first, shape, rate, _shared(np.array(list(DISCOUNTS.values())), fits)


def _shared(before: "ndarray", fits: "ndarray") -> "ndarray":
    """Return the weights of each unit's answers, a column a unit, and learn them from all units.

    A unit that goes its own way gets other weights than those that stay (the EM algorithm).
    """
    import numpy as np

    likely = np.exp(fits - fits.max(axis=0))
    common = before
    for _ in range(_SHARING_STEPS):
        own = common[:, None] * likely
        own /= own.sum(axis=0)
        common = (own.sum(axis=1) + _AS_UNITS * before) / (own.shape[1] + _AS_UNITS)
    return own


def _aged(now: tuple, first: tuple, discount: "ndarray") -> tuple:
    """Return gamma distributions a half-year later: nearer to what was believed at first."""
    return tuple(
        discount * each + (1 - discount) * start for each, start in zip(now, first, strict=True)
    )


def _part_draws(fitted: Fit, ahead: int, size: int, rng: "Generator") -> "ndarray":
    """Return draws of each unit's part, `ahead` half-years after the past; a row a draw."""
    import numpy as np

    discount = np.array(list(DISCOUNTS))[:, None] ** ahead
    shapes, rates = _aged((fitted.shapes, fitted.rates), fitted.first, discount)
    below = np.cumsum(fitted.kept, axis=0)
    which = (rng.random((size, 1, shapes.shape[1])) > below[:-1]).sum(axis=1)
    units = np.arange(shapes.shape[1])
    return rng.gamma(shapes[which, units]) / rates[which, units]
