"""Whether high figures lie beside high ones on a map: neighbours, Moran's I, and Getis and Ord's statistic.

Areas are counted from 0, and who borders whom is a list of positions for each area: ``((1,), (0, 2), (1,))`` are three areas in a
row. An area without a figure is left out together with its links; the figures of its neighbours are then judged without it.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Neighbours = Sequence[Sequence[int]]
"""For each area the positions of the areas that border it. Nobody borders itself."""
Floats = NDArray[np.float64]

SEED = 20_240_401
PERMUTATIONS = 9_999


@dataclass(frozen=True)
class Autocorrelation:
    """Moran's I of all areas together. Everything but ``n`` is missing (nan) where it cannot be worked out."""

    i: float
    """About 0 without a pattern, above 0 where like lies beside like, below 0 where high lies beside low."""
    expected: float
    """What chance gives: -1 / (n - 1)."""
    variance_normal: float
    """Variance of I if the figures were drawn from a normal distribution."""
    variance_random: float
    """Variance of I if the figures at hand were shuffled over the areas."""
    z_normal: float
    z_random: float
    p_normal: float
    """Two-sided."""
    p_random: float
    n: int
    """Areas with a figure."""


@dataclass(frozen=True, eq=False)
class LocalMoran:
    """Local Moran's I, one value an area in the areas' order; missing where an area has no figure or no neighbour."""

    i: Floats
    quadrant: tuple[str, ...]
    """``HH``: high among high; ``LL``; ``HL``: high among low; ``LH``; empty where missing."""
    p: Floats
    """Two-sided, from shuffling the other areas' figures."""
    p_directed: Floats
    """The smaller tail alone: what older software calls p. It is half as large as it should be; use ``p``."""


def queen_neighbours(polygons: Sequence[Any], gap: float = 0.0) -> tuple[tuple[int, ...], ...]:
    """Which polygons share a border or a corner (queen contiguity).

    Parameters
    ----------
    polygons
        shapely polygons or multipolygons; None or empty where an area has no outline, which then has no neighbour.
    gap
        How far apart two outlines may be, in the outlines' own unit, and still count as touching: for boundaries drawn one by
        one, whose shared borders do not meet. Overlapping polygons are neighbours too.

    Returns
    -------
    tuple of tuples
        Positions of each polygon's neighbours in rising order.
    """
    outlined = [at for at, each in enumerate(polygons) if each is not None and not each.is_empty]
    found: list[list[int]] = [[] for _ in polygons]
    if len(outlined) > 1:
        import geopandas
        from libpysal.graph import Graph

        # By intersection, not by equal corners: files often have a corner on one side of a border only.
        shapes = geopandas.GeoSeries([polygons[at] for at in outlined])
        links = Graph.build_fuzzy_contiguity(shapes, buffer=gap / 2 or None).adjacency
        for (one, other), weight in links.items():
            if weight:
                found[outlined[one]].append(outlined[other])
    return tuple(tuple(sorted(each)) for each in found)


def moran(values: ArrayLike, neighbours: Neighbours, row_standardised: bool = True) -> Autocorrelation:
    """Global Moran's I: do like figures lie beside like?

    Parameters
    ----------
    values
        One figure an area, in any unit; missing ones are left out with their links.
    neighbours
        For each area the positions of its neighbours.
    row_standardised
        Each area's neighbours weigh 1 together (the default); otherwise every link weighs 1.

    Returns
    -------
    Autocorrelation
        Missing figures below four areas, where all values are equal and where no area has a neighbour. Areas without a
        neighbour count in the mean and in ``n``, as in the library used.

    References
    ----------
    Cliff AD, Ord JK. Spatial processes: models and applications. Pion 1981. Computed by esda.
    """
    y, links, _ = with_figures(values, neighbours)
    if len(y) < 4 or not vary(y) or not any(links):
        return Autocorrelation(*(np.nan,) * 8, len(y))
    from esda.moran import Moran

    # The variance is 0 where every area borders every other; the library's own division by it is not used.
    with np.errstate(all="ignore"):
        found = Moran(scaled(y), _weights(links), transformation="r" if row_standardised else "b", permutations=0)
    normal, shuffled = (_z(found.I, found.EI, variance) for variance in (found.VI_norm, found.VI_rand))
    p_normal, p_random = (float(2 * stats.norm.sf(abs(z))) for z in (normal, shuffled))
    variances = float(found.VI_norm), float(found.VI_rand)
    return Autocorrelation(float(found.I), float(found.EI), *variances, normal, shuffled, p_normal, p_random, len(y))


def local_moran(
    values: ArrayLike, neighbours: Neighbours, permutations: int = PERMUTATIONS, seed: int = SEED, *, as_esda: bool = False
) -> LocalMoran:
    """Local Moran's I: which areas are like their neighbours, and which stand out from them.

    I = (n - 1) z_i lag_i / sum z^2, with z the value less the mean and lag the mean z of the neighbours. p comes from
    conditional permutation: the area keeps its value and the others are shuffled; two-sided p is twice the smaller tail, each
    tail counting ties and the observed value itself, and at most 1. It is not controlled for the number of areas: for that see
    :func:`false_discovery_adjusted`.

    Parameters
    ----------
    values, neighbours
        As for :func:`moran`.
    permutations
        How often the others are shuffled. The smallest p is 2 / (permutations + 1).
    seed
        Of the shuffling.
    as_esda
        Give p as esda does, to compare with figures made by it: see below.

    Notes
    -----
    I and quadrants are esda's. The shuffles are those that esda makes from the same seed, but from a generator of their own:
    esda sets the seed of numpy's shared one, which other threads use too. With ties esda's two-sided p depends on rounding, and
    where an area has exactly the mean it is 2 (its directed p nearly 0), though every shuffle gives the same I; here it is 1.

    References
    ----------
    Anselin L. Local indicators of spatial association - LISA. Geographical Analysis 1995;27:93-115.
    """
    y, links, kept = with_figures(values, neighbours)
    i, p, directed = (np.full(len(neighbours), np.nan) for _ in range(3))
    quadrant = np.full(len(neighbours), "", dtype=object)
    linked = np.array([bool(each) for each in links], dtype=bool)
    if len(y) >= 4 and vary(y) and linked.any():
        from esda.moran import Moran_Local

        found = Moran_Local(scaled(y), _weights(links), transformation="r", permutations=0)
        both, tails = _as_esda(y, links, permutations, seed) if as_esda else _shuffled_tails(found.z, links, permutations, seed)
        i[kept[linked]] = found.Is[linked]
        quadrant[kept[linked]] = np.array(["HH", "LH", "LL", "HL"], dtype=object)[found.q[linked] - 1]
        p[kept[linked]] = both[linked]
        directed[kept[linked]] = tails[linked]
    return LocalMoran(i, tuple(quadrant), p, directed)


def getis_ord(values: ArrayLike, neighbours: Neighbours, star: bool = True) -> Floats:
    """Local Getis-Ord statistic of each area as a z score: Gi* (the area and its neighbours), or G (its neighbours alone).

    z = (sum of the w members' values - w mean) / (sd sqrt((n w - w^2) / (n - 1))), each link weighing 1. Mean and sd are those of
    all areas for Gi*, of all others for G.

    Parameters
    ----------
    values, neighbours
        As for :func:`moran`. Values may be negative.
    star
        Gi*; otherwise G.

    Returns
    -------
    array
        One z an area: high where high values lie together, low where low ones do. Missing where the area has no figure or no
        neighbour, where the values do not vary, and where all areas are members.

    Notes
    -----
    esda divides by the mean first, which turns the sign of z round where the mean is negative and gives nothing where it is 0.
    z does not change when the same amount is added to every value, so values are moved above 0 before esda sees them.

    References
    ----------
    Ord JK, Getis A. Local spatial autocorrelation statistics: distributional issues and an application. Geographical Analysis
    1995;27:286-306.
    """
    y, links, kept = with_figures(values, neighbours)
    out = np.full(len(neighbours), np.nan)
    linked = np.array([bool(each) for each in links], dtype=bool)
    if len(y) < 3 or not vary(y) or not linked.any():
        return out
    from esda.getisord import G_Local

    members = [[*each, at] for at, each in enumerate(links)] if star else links
    with np.errstate(all="ignore"):
        z = G_Local(1 + scaled(y), _weights(members), transform="B", permutations=0, star=star).Zs
    others = len(y) if star else len(y) - 1
    usable = linked & np.isfinite(z) & np.array([len(each) < others for each in members])
    if not star:
        usable &= np.array([vary(np.delete(y, at)) for at in range(len(y))])
    out[kept[usable]] = z[usable]
    return out


def false_discovery_adjusted(p: ArrayLike) -> Floats:
    """p-values adjusted by Benjamini and Hochberg: calling those at most 0.05 keeps false discoveries at 5 % of all called.

    Missing p-values stay missing and do not count.

    References
    ----------
    Benjamini Y, Hochberg Y. Controlling the false discovery rate. J R Stat Soc B 1995;57:289-300. Computed by scipy.
    """
    given = np.asarray(p, dtype=float)
    out, known = np.full(given.shape, np.nan), np.isfinite(given)
    if known.any():
        out[known] = stats.false_discovery_control(given[known], method="bh")
    return out


def with_figures(values: ArrayLike, neighbours: Neighbours) -> tuple[Floats, list[list[int]], NDArray[np.int64]]:
    """The figures there are, the links among their areas (counted anew from 0), and these areas' positions."""
    y = np.asarray(values, dtype=float)
    if y.ndim != 1 or len(y) != len(neighbours):
        raise ValueError(f"There are {y.size} values and {len(neighbours)} lists of neighbours: one of each is needed for every area.")
    for at, each in enumerate(neighbours):
        if any(not 0 <= other < len(y) or other == at for other in each):
            raise ValueError(f"Area {at} lists a neighbour that is no other of the {len(y)} areas.")
    kept = np.flatnonzero(np.isfinite(y))
    place = {int(old): new for new, old in enumerate(kept)}
    links = [[place[other] for other in dict.fromkeys(neighbours[at]) if other in place] for at in place]
    return y[kept], links, kept


def vary(y: Floats) -> bool:
    """False where all values are the same but for what rounding leaves."""
    return len(y) > 1 and bool(y.max() / 2 - y.min() / 2 > 1e-12 * np.abs(y).max())


def scaled(y: Floats) -> Floats:
    """The values from 0 to 1: no statistic here changes with the unit, and extreme ones stay within what a float holds."""
    half = y / 2
    return (half - half.min()) / (half.max() - half.min())


def _weights(links: Neighbours) -> Any:
    from libpysal.weights import W

    return W({at: list(each) for at, each in enumerate(links)}, id_order=list(range(len(links))), silence_warnings=True)


def _z(value: float, expected: float, variance: float) -> float:
    return float((value - expected) / np.sqrt(variance)) if variance > 1e-12 else float("nan")


def _as_esda(y: Floats, links: Neighbours, permutations: int, seed: int) -> tuple[Floats, Floats]:
    """Two-sided and directed p of each area by esda's own shuffles and its own counting of ties."""
    from esda.moran import Moran_Local
    from esda.significance import calculate_significance

    held = np.random.get_state()  # esda sets the seed of the generator that everyone shares.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # It divides by a spread of 0 and speaks of its next version.
            found = Moran_Local(scaled(y), _weights(links), transformation="r", permutations=permutations, seed=seed, n_jobs=1)
    finally:
        np.random.set_state(held)
    return np.asarray(calculate_significance(found.Is, found.sim.T, "two-sided")).ravel(), np.asarray(found.p_sim)


def _shuffled_tails(z: Floats, links: Neighbours, permutations: int, seed: int) -> tuple[Floats, Floats]:
    """Two-sided p of each area, and the share of shuffles with a local I at least as far out as the observed one, on the nearer side."""
    random = np.random.RandomState(seed)
    most = max(len(each) for each in links)
    drawn = np.array([random.choice(len(z) - 1, most, replace=False) for _ in range(permutations)], dtype=np.int64)
    tails = np.full(len(z), np.nan)
    for at, each in enumerate(links):
        if each:
            others = drawn[:, : len(each)]
            shuffled = z[at] * z[others + (others >= at)].sum(axis=1)
            observed = z[at] * z[list(each)].sum()
            hair = 1e-9 * len(each)  # Sums in another order differ by rounding; ties must count on both sides.
            outside = min((shuffled >= observed - hair).sum(), (shuffled <= observed + hair).sum())
            tails[at] = (outside + 1) / (permutations + 1)
    return np.minimum(1, 2 * tails), tails
