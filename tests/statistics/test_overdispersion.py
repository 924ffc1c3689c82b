"""Over-dispersion: worked figures for each kind, when it is refused, and where it departs from FunnelPlotR."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mhequity.statistics import overdispersion as over
from mhequity.statistics.funnel import ratio_flags, value_flags

NAN = float("nan")
Z_95, Z_998 = 1.959963985, 3.090232306


def test_square_roots_of_ratios_by_hand() -> None:
    # Expected 25 each, so the standard error is 0.1; square roots 0.8, 1, 1.2: z = -2, 0, 2. The 10th and 90th percentile of three are
    # a fifth of the way in: -1.6 and 1.6. phi = 2 x 2.56 / 3; tau2 = (5.12 - 2) / (300 - 30,000 / 300) = 0.0156.
    found = over.overdispersion([16, 25, 36], [25, 25, 25], "ratio_root")
    assert found.target == 1
    assert found.z.tolist() == pytest.approx([-2, 0, 2])
    assert found.phi == pytest.approx(5.12 / 3)
    assert found.tau2 == pytest.approx(0.0156)
    # sqrt(0.1^2 + 0.0156) = 0.16 on the scale of square roots.
    limits = over.limits(25, "ratio_root", 1, found.tau2)
    assert float(limits.lower_95) == pytest.approx((1 - 0.16 * Z_95) ** 2)
    assert float(limits.upper_998) == pytest.approx((1 + 0.16 * Z_998) ** 2)


def test_logarithms_of_ratios_drop_the_outer_tenths_by_hand() -> None:
    # Expected 100 each, standard error 0.1. Of ten units the lowest and the highest are dropped, however far off: phi = 16 / 8,
    # tau2 = (16 - 7) / (800 - 8 x 10,000 / 800) = 9 / 700.
    z = np.array([-50, -2, -2, 0, 0, 0, 0, 2, 2, 50])
    found = over.overdispersion(100 * np.exp(0.1 * z), [100] * 10, "ratio_log")
    assert found.z.tolist() == pytest.approx(z.tolist(), abs=1e-9)
    assert found.phi == pytest.approx(2)
    assert found.tau2 == pytest.approx(9 / 700)
    limits = over.limits(100, "ratio_log", 1, 9 / 700)
    assert float(limits.upper_95) == pytest.approx(math.exp(Z_95 * math.sqrt(0.01 + 9 / 700)))


def test_proportions_by_hand() -> None:
    # 25 and 75 of 100: arcsines of the roots are pi/6 and pi/3, the target's pi/4, the standard error 0.05.
    found = over.overdispersion([25, 75], [100, 100], "proportion")
    assert found.target == 0.5
    assert found.z.tolist() == pytest.approx([-math.pi / 12 / 0.05, math.pi / 12 / 0.05])
    limits = over.limits(100, "proportion", 0.5, 0.0075)
    assert float(limits.lower_95) == pytest.approx(math.sin(math.pi / 4 - 0.1 * Z_95) ** 2)


def test_rates_by_hand() -> None:
    # 10 in 100 and 30 in 100: target 0.2; log(10.5 / 100.5) - log 0.2 over sqrt(10 / 10.5^2 + 100 / 100.5^2).
    found = over.overdispersion([10, 30], [100, 100], "rate")
    assert found.target == pytest.approx(0.2)
    assert found.z[0] == pytest.approx(math.log(10.5 / 100.5 / 0.2) / math.sqrt(10 / 10.5**2 + 100 / 100.5**2))
    # At the target 10,000 people have 100 events at 1 %: sqrt(1 / 100 + 1 / 10,000).
    limits = over.limits(10_000, "rate", 0.01, 0)
    assert float(limits.upper_95) == pytest.approx(0.01 * math.exp(Z_95 * math.sqrt(0.0101)))


def test_multiplied_limits_by_hand() -> None:
    # Standard error 0.1 times sqrt 4.
    assert float(over.limits(25, "ratio_root", phi=4).upper_95) == pytest.approx((1 + 0.2 * Z_95) ** 2)


def test_little_spread_never_narrows_limits() -> None:
    found = over.overdispersion([25] * 12, [25] * 12, "ratio_root")
    assert (found.phi, found.tau2) == (0, 0)
    assert float(over.limits(25, "rate", 0.5, phi=0.2).upper_95) == float(over.limits(25, "rate", 0.5, phi=1).upper_95)


def test_where_it_departs_from_funnelplotr() -> None:
    roots, ours = over.limits(25, "ratio_root", 1, 0.09, as_funnelplotr=True), over.limits(25, "ratio_root", 1, 0.09)
    assert float(roots.lower_95) == pytest.approx(1 - Z_95 * math.sqrt(0.1))
    assert float(roots.lower_998) == pytest.approx(1 - Z_998 * math.sqrt(0.1))
    assert float(ours.lower_95) == pytest.approx(float(roots.lower_95) ** 2)
    rate = over.limits(10_000, "rate", 0.01, 0, as_funnelplotr=True)
    assert float(rate.upper_95) == pytest.approx(0.01 * math.exp(Z_95 / 200))


def test_root_that_would_be_negative_is_a_limit_of_nought() -> None:
    assert float(over.limits(1, "ratio_root", 1, 1).lower_998) == 0


def test_unadjusted_limits_of_a_ratio_are_a_poisson_interval_round_the_expected() -> None:
    # P(X <= 1 | m) = 0.025 at m = 5.571643; P(X >= 1 | m) = 0.025 at -log 0.975.
    limits = over.limits(1, "ratio_log")
    assert float(limits.lower_95) == pytest.approx(-math.log(0.975))
    assert float(limits.upper_95) == pytest.approx(5.571643, rel=1e-6)


@pytest.mark.parametrize(("units", "said"), [(0, "there are 0"), (1, "there is 1"), (9, "there are 9")])
def test_fewer_than_ten_units_are_refused_with_the_reason(units: int, said: str) -> None:
    found = over.overdispersion([20] * units, [25] * units, "ratio_root")
    assert found.units == units
    assert found.refused == f"Limits can be widened for over-dispersion only with 10 units or more; {said}."


def test_ten_units_are_enough() -> None:
    assert over.overdispersion([20] * 10, [25] * 10, "ratio_root").refused == ""


def test_units_that_cannot_be_placed_do_not_count() -> None:
    known = over.overdispersion([20, 30] * 5, [25] * 10, "ratio_root")
    found = over.overdispersion([20, 30] * 5 + [NAN, 5, 5, -1], [25] * 10 + [25, 0, NAN, 25], "ratio_root")
    assert found.units == 10
    assert np.isnan(found.z[10:]).all()
    assert (found.phi, found.tau2) == (known.phi, known.tau2)


def test_no_event_is_dropped_as_the_lowest_on_a_logarithm() -> None:
    observed = [0, *([90, 110] * 5)]
    found = over.overdispersion(observed, [100] * 11, "ratio_log")
    assert found.z[0] == -math.inf
    assert math.isfinite(found.phi)
    assert found.refused == ""


def test_too_many_units_without_events_are_refused_on_a_logarithm_only() -> None:
    observed = [0, 0, 0, *([90, 110] * 5)]
    found = over.overdispersion(observed, [100] * 13, "ratio_log")
    assert math.isnan(found.tau2)
    assert "square roots" in found.refused
    assert over.overdispersion(observed, [100] * 13, "ratio_root").refused == ""


@pytest.mark.parametrize("kind", over.KINDS)
def test_no_event_anywhere_is_refused(kind: over.Kind) -> None:
    assert over.overdispersion([0] * 12, [100] * 12, kind).refused == "No unit has an event, so there is no spread between them to measure."


@pytest.mark.parametrize("kind", over.KINDS)
@pytest.mark.parametrize("size", [NAN, 0, -1, float("inf")])
def test_what_cannot_be_known_has_no_limits(kind: over.Kind, size: float) -> None:
    for limits in (over.limits(size, kind, 0.5), over.limits(size, kind, 0.5, 0.1), over.limits(100, kind, NAN, 0.1)):
        assert np.isnan([limits.lower_95, limits.upper_95, limits.lower_998, limits.upper_998]).all()


def test_wrong_calls_are_told() -> None:
    with pytest.raises(ValueError, match="ratio_log, ratio_root"):
        over.overdispersion([1], [2], "odds")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="ratio_log, ratio_root"):
        over.limits([1], "odds")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="share to trim"):
        over.overdispersion([1], [2], "rate", 0.5)
    with pytest.raises(ValueError, match="numerator"):
        over.overdispersion([1, 2, 3], [2, 2], "rate")


KIND = st.sampled_from(over.KINDS)
SIZES = st.integers(2, 100_000)
UNITS = st.lists(st.tuples(st.integers(1, 400), st.integers(400, 900)), min_size=2, max_size=30)


@given(KIND, SIZES, st.floats(0.05, 0.95), st.floats(0, 0.5), st.booleans())
def test_limits_are_ordered_round_the_target(kind: over.Kind, size: int, target: float, tau2: float, added: bool) -> None:
    target = target if kind in ("proportion", "rate") else 1.0
    found = over.limits(size, kind, target, tau2 if added else None)
    assert 0 <= found.lower_998 <= found.lower_95 < target < found.upper_95 <= found.upper_998
    assert kind != "proportion" or found.upper_998 <= 1


@given(KIND, SIZES, st.floats(0.05, 0.95), st.floats(0.001, 0.5))
def test_more_spread_between_units_widens_limits(kind: over.Kind, size: int, target: float, tau2: float) -> None:
    narrow, wide = (over.limits(size, kind, target, added) for added in (0, tau2))
    assert wide.lower_95 <= narrow.lower_95
    assert narrow.upper_95 <= wide.upper_95
    assert wide.upper_95 - wide.lower_95 > narrow.upper_95 - narrow.lower_95


@given(KIND, st.floats(0.05, 0.95))
def test_unwidened_limits_of_a_vast_unit_meet_at_the_target_and_widened_ones_do_not(kind: over.Kind, target: float) -> None:
    target = target if kind in ("proportion", "rate") else 1.0
    for tau2 in (None, 0):
        bare = over.limits(1e10, kind, target, tau2)
        assert float(bare.lower_998) == pytest.approx(target, rel=1e-2)
        assert float(bare.upper_998) == pytest.approx(target, rel=1e-2)
    widened = over.limits(1e10, kind, target, 0.01)
    assert widened.lower_95 < 0.98 * target
    assert target + 0.005 < widened.upper_95


@given(UNITS, KIND)
def test_order_of_units_changes_nothing_and_figures_are_never_negative(units: list[tuple[int, int]], kind: over.Kind) -> None:
    x, n = zip(*units, strict=True)
    there, back = over.overdispersion(x, n, kind), over.overdispersion(x[::-1], n[::-1], kind)
    assert there.z.tolist() == pytest.approx(back.z[::-1].tolist(), rel=1e-9, abs=1e-9)
    assert (there.phi, there.tau2) == pytest.approx((back.phi, back.tau2), rel=1e-6, abs=1e-9, nan_ok=True)
    assert not there.phi < 0
    assert not there.tau2 < 0


@given(st.integers(50, 5000), st.floats(0.5, 2))
def test_bare_limits_flag_nearly_as_the_funnel_does(expected: int, ratio: float) -> None:
    """Far from a limit the normal approximation and the exact count say the same."""
    flag = str(ratio_flags(round(expected * ratio), expected))
    limits = over.limits(expected, "ratio_root", 1, 0)
    z = abs(round(expected * ratio) - expected) / math.sqrt(expected)
    assume(all(abs(z - edge) > 0.5 for edge in (Z_95, Z_998)))
    assert str(value_flags(round(expected * ratio) / expected, limits)) == flag
