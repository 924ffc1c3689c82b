"""The package's spatial statistics under the names that reference cases use for their inputs and outputs."""

from __future__ import annotations

from typing import Any

from mhequity.statistics import spatial


def spatial_autocorrelation(inputs: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    values, neighbours = inputs["y"], [_positions(each) for each in inputs["neighbours"]]
    row, binary = spatial.moran(values, neighbours), spatial.moran(values, neighbours, row_standardised=False)
    # The number of shuffles and the seed of the run that the reference cases come from.
    local = spatial.local_moran(values, neighbours, permutations=19_999, seed=1, as_esda=True)
    return {
        "moran_I_row": row.i,
        "EI": row.expected,
        "VI_norm_row": row.variance_normal,
        "VI_rand_row": row.variance_random,
        "z_norm_row": row.z_normal,
        "moran_I_binary": binary.i,
        "VI_norm_binary": binary.variance_normal,
        "VI_rand_binary": binary.variance_random,
        "local_I": local.i,
        "quadrant": local.quadrant,
        "p_sim_two_sided": local.p,
        "p_sim_directed": local.p_directed,
        "G_z_binary": spatial.getis_ord(values, neighbours, star=False),
        "Gstar_z_binary": spatial.getis_ord(values, neighbours),
    }


def _positions(cell: object) -> list[int]:
    """``"6;2;5"``; a single neighbour arrives as a number, none as None."""
    return [] if cell is None else [int(float(each)) for each in str(cell).split(";")]
