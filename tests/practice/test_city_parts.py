"""The parts from which the city is made: draws, calendar, names."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuyang.practice.city import calendar
from shuyang.practice.city.draws import Draws
from shuyang.practice.city.names import KNOWN, given_names, impoverished, miswritten, surnames

FIRST = [0.7728965230175678, 0.7729539606142719, 0.5590530534699435]


def test_a_column_depends_on_seed_and_name_alone() -> None:
    """The numbers themselves: if numpy ever changes this stream, this says so before any golden hash does."""
    np.testing.assert_array_equal(Draws(1).uniform("x", 3), Draws(1).uniform("x", 5)[:3])
    assert not np.array_equal(Draws(1).uniform("x", 3), Draws(1).uniform("y", 3))
    assert not np.array_equal(Draws(1).uniform("x", 3), Draws(2).uniform("x", 3))
    np.testing.assert_allclose(Draws(20261122).uniform("resident/age", 3), FIRST, rtol=0, atol=1e-15)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_draws_have_the_distributions_that_they_name(seed: int) -> None:
    draws, n = Draws(seed), 40_000
    assert abs(draws.normal("a", n).mean()) < 0.025
    assert draws.normal("a", n).std() == pytest.approx(1, abs=0.02)
    assert np.median(draws.lognormal("b", n, 7.0, 0.5)) == pytest.approx(7, rel=0.02)
    assert draws.exponential("c", n, 3.0).mean() == pytest.approx(3, rel=0.03)
    counts = draws.counts("d", n, 1.3, 12)
    assert counts.mean() == pytest.approx(1.3, rel=0.03)
    assert counts.var() == pytest.approx(1.3, rel=0.05)
    share = np.bincount(draws.choice("e", n, [1, 0, 3]), minlength=3) / n
    np.testing.assert_allclose(share, [0.25, 0, 0.75], atol=0.012)
    assert set(draws.below("f", n, 6).tolist()) == set(range(6))
    assert sorted(draws.order("g", 50).tolist()) == list(range(50))


def test_the_years_have_their_working_days() -> None:
    """52 weekends and the public holidays: 251 working days in 2024, 248 in 2025."""
    working = calendar.working()
    assert int(working[: calendar.YEAR_DAY].sum()) == 251
    assert int(working[calendar.YEAR_DAY : calendar.DAYS].sum()) == 248
    assert not working[calendar.day_number("2025-10-01")]
    assert working[calendar.day_number("2025-09-28")]  # a Sunday, worked


@given(st.integers(0, calendar.DAYS - 1), st.integers(0, 1439))
def test_working_time_goes_forward_and_stays_in_office_hours(day: int, minute: int) -> None:
    work = calendar.work_minute(np.array([day]), np.array([minute]))
    clock = int(calendar.clock_minute(work)[0])
    assert clock >= day * 1440 + minute
    within = clock % 1440
    assert 540 <= within < 720 or 810 <= within < 1050
    assert calendar.working()[clock // 1440]
    np.testing.assert_array_equal(calendar.work_minute(np.array([clock // 1440]), np.array([within])), work)


def test_no_name_known_from_public_life_is_given() -> None:
    draws, n = Draws(3), 60_000
    made = given_names(draws, "n", surnames(draws, "s", n), draws.chance("m", n, 0.5), 1950 + draws.below("y", n, 60))
    names = {made.text(i) for i in range(n)}
    assert not names & KNOWN
    assert len(names) > 30_000


def test_clerks_and_old_systems_change_names_as_they_do() -> None:
    draws, n = Draws(4), 20_000
    made = given_names(draws, "n", surnames(draws, "s", n), draws.chance("m", n, 0.5), 1950 + draws.below("y", n, 60))
    wrong = miswritten(draws, "w", made, 0.3)
    different = [(made.text(i), wrong.text(i)) for i in range(n) if made.text(i) != wrong.text(i)]
    assert 0.05 * n < len(different) < 0.3 * n
    assert all(len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) <= 2 for a, b in different)
    poor = impoverished(made)
    assert any("□" in poor.text(i) for i in range(n))
    assert not any("·" in poor.text(i) for i in range(n))
