"""The result of a real simulated sitting: everything said follows from stored evidence and carries its uncertainty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
import pytest

from shuyang.delivery.api import simulate_sitting
from shuyang.evidence.api import EstimateView, ObservationView, estimate, observations_of
from shuyang.feedback.api import AgainstTarget, LayerFinding, PersonReport, result, results
from shuyang.feedback.diagnosis import person_report
from shuyang.frameworks.api import current, target
from shuyang.itembank.api import Release, release
from shuyang.kernel.clock import frozen
from shuyang.kernel.errors import NotFound
from shuyang.people.models import Post
from tests.delivery.world import NOON, World, make_world

THETA = np.array([2.2, 0.0, 0.0, -2.2, 0.2])


@dataclass(frozen=True)
class Result:
    world: World
    report: PersonReport
    view: EstimateView
    seen: list[ObservationView]
    release: Release

    def again(self, observations: list[ObservationView]) -> PersonReport:
        """The report if other answers had been given to the same estimate."""
        return person_report(self.view, observations, current())


@pytest.fixture
def told(db: None) -> Iterator[Result]:
    with frozen(NOON):
        world = make_world()
        found = release(hash=world.campaign.release_hash)
        page = simulate_sitting(
            actor=world.learner, campaign_id=world.campaign.id, theta=THETA, truth=found.cat_items.__getitem__, seed=5
        )
        estimate_id = page.sitting.estimate_id
        assert estimate_id is not None
        view = estimate(actor=world.learner, estimate_id=estimate_id)
        seen = observations_of(source="delivery", source_id=page.sitting.id)
        yield Result(world, result(actor=world.learner, estimate_id=estimate_id), view, seen, found)


def test_it_tells_what_was_measured(told: Result) -> None:
    report, new = told.report, told.view.estimate
    assert [f.force for f in report.forces] == list(told.release.forces)
    assert [f.score.score for f in report.forces] == [pytest.approx(500 + 100 * m) for m in new.mean]
    assert all(f.score.low < f.score.score < f.score.high for f in report.forces)
    assert (
        sum(f.items for f in report.forces) == sum(f.items for f in report.facets) == report.answered == len(told.seen)
    )
    assert (report.provisional, report.synthetic, report.expert_priors) == (True, True, True)
    assert report.release_hash == told.world.campaign.release_hash
    _levels_are_probable(report)
    _ability_shows(report)


def _levels_are_probable(report: PersonReport) -> None:
    for force in report.forces:
        assert sum(force.level_probabilities) == pytest.approx(1.0)
        assert force.level_probability == max(force.level_probabilities)
        assert force.level == 1 + force.level_probabilities.index(force.level_probability)


def _ability_shows(report: PersonReport) -> None:
    """True abilities of 2.2 and -2.2 lie four standard errors and more beyond these bounds; which items come is chance."""
    scores = {f.force: f.score.score for f in report.forces}
    names = list(scores)
    assert scores[names[0]] > 550
    assert scores[names[3]] < 450
    assert names[0] in report.strengths
    assert names[3] not in report.strengths


def test_it_measures_against_the_post_of_the_day(told: Result) -> None:
    wanted = target(rank_layer="general", job_category="general_administration")
    assert {f.facet: f.required_level for f in told.report.facets} == dict(wanted)
    assert all(f.target is not None and f.target_probability is not None for f in told.report.forces)
    assert AgainstTarget.NONE not in {f.against_target for f in told.report.forces}
    Post.objects.update(job_category="data_it")
    assert result(actor=told.world.learner, estimate_id=told.report.estimate_id) == told.report


def test_it_suggests_three_forces_of_which_the_weakest_comes_first(told: Result) -> None:
    first = told.report.suggestions[0]
    assert len({s.force for s in told.report.suggestions}) == 3
    assert first.force == told.release.forces[3]
    assert {f.facet: f.force for f in told.report.facets}[first.facet] == first.force


def test_it_shows_a_facet_only_where_its_own_items_are_precise(told: Result) -> None:
    """Six or seven items of one facet can't bring its own standard error to 0.45: no number without its precision."""
    assert all(f.items > 0 for f in told.report.facets)
    for facet in told.report.facets:
        assert (facet.score is None) == (facet.level is None)
        if facet.score is not None:
            assert facet.score.se <= 45
    assert any(f.score is None for f in told.report.facets)


def test_a_mode_is_the_mean_of_its_facets_forces_and_surer_than_they(told: Result) -> None:
    framework, scores = current(), {f.force: f.score for f in told.report.forces}
    for mode in told.report.modes:
        facets = [f for f in framework.facets if f.dimension == mode.mode]
        mean = sum(scores[f.force].score for f in facets) / len(facets)
        assert mode.score.score == pytest.approx(mean)
        assert mode.score.se <= max(scores[f.force].se for f in facets)


def test_layers_compare_what_was_earned_with_what_was_to_be_expected(told: Result) -> None:
    (practice,) = [one for one in told.report.layers if one.items]
    assert practice.layer == "practice"
    assert practice.items == len(told.seen)
    earned = sum(o.observation.category / o.observation.max_category for o in told.seen) / len(told.seen)
    assert practice.earned == pytest.approx(earned)
    assert practice.finding is LayerFinding.AS_EXPECTED
    assert {one.finding for one in told.report.layers if not one.items} == {LayerFinding.THIN}


@pytest.mark.parametrize(("category", "finding"), [(0, LayerFinding.WEAKER), (9, LayerFinding.STRONGER)])
def test_layers_notice_what_chance_does_not_explain(told: Result, category: int, finding: LayerFinding) -> None:
    changed = [
        replace(o, observation=replace(o.observation, category=min(category, o.observation.max_category)))
        for o in told.seen
    ]
    assert [one.finding for one in told.again(changed).layers if one.items] == [finding]


def test_it_says_what_the_evidence_is_too_thin_for(told: Result) -> None:
    assert told.report.thin == tuple(f.force for f in told.report.forces if f.score.se > 40)


def test_it_is_told_to_its_person_alone(told: Result) -> None:
    cast = told.world.cast
    for actor in (cast.organiser.actor, cast.colleague.actor, cast.stranger.actor, cast.administrator):
        with pytest.raises(NotFound):
            result(actor=actor, estimate_id=told.report.estimate_id)
        assert results(actor=actor) == []
    assert [v.id for v in results(actor=told.world.learner)] == [told.report.estimate_id]
    with pytest.raises(NotFound):
        result(actor=told.world.learner, estimate_id=UUID(int=7))
