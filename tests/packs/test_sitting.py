"""Simulated sittings over a pack."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from shuyang.cli.main import main
from shuyang.itembank.api import Purpose
from shuyang.kernel.errors import NotFound
from shuyang.packs.api import Pack, builtin_folder, read_pack, simulated_sitting
from shuyang.packs.sitting import draw_abilities


@pytest.fixture(scope="module")
def pack() -> Pack:
    found, problems = read_pack(builtin_folder())
    assert found is not None, problems
    return found


def test_it_gives_what_the_blueprint_asks_for(pack: Pack) -> None:
    sitting = simulated_sitting(pack, rank_layer="general", seed=1)
    ids = [one.content.id for one in sitting.given]
    assert 25 <= len(ids) == len(set(ids)) <= 75
    assert all(one.content.purpose is Purpose.SECURE for one in sitting.given)
    facets = [one.content.facet for one in sitting.given]
    assert all(facets.count(facet.id) >= 2 for facet in pack.framework.facets)
    assert not {enemy for one in sitting.given for enemy in one.content.enemies} & set(ids)
    assert sitting.stop == "precision"
    assert max(sitting.errors.values()) <= 0.40 + 1e-9
    assert sitting.seconds == sum(one.content.expected_seconds for one in sitting.given) <= 80 * 60
    assert all(0 <= one.category <= one.max_category for one in sitting.given)


def test_it_is_the_same_for_the_same_seed_and_another_for_another(pack: Pack) -> None:
    one, again, other = (simulated_sitting(pack, rank_layer="leader", seed=seed) for seed in (3, 3, 4))
    assert one == again
    assert [g.content.id for g in one.given] != [g.content.id for g in other.given]


def test_it_draws_people_around_what_their_rank_layer_is_asked(pack: Pack) -> None:
    """Leaders are asked more of decision than of execution; specialists are asked more than general staff."""
    forces = [force.id for force in pack.framework.forces]
    rng = np.random.default_rng(20261122)
    mean = {
        layer: np.mean([draw_abilities(pack.framework, rank_layer=layer, rng=rng) for _ in range(400)], axis=0)
        for layer in ("leader", "general", "specialist")
    }
    decision, execution = forces.index("decision"), forces.index("execution")
    assert mean["leader"][decision] - mean["leader"][execution] > 0.5
    assert mean["leader"][decision] - mean["general"][decision] > 0.5


def test_it_knows_no_other_layers_and_blueprints(pack: Pack) -> None:
    with pytest.raises(NotFound):
        simulated_sitting(pack, rank_layer="minister", seed=1)
    with pytest.raises(NotFound):
        simulated_sitting(pack, rank_layer="leader", seed=1, blueprint="quick")


def test_it_writes_a_sheet_that_says_what_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "sitting.html"
    command = ["content", "sitting", "--rank-layer", "specialist", "--seed", "2", "--output", str(target)]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "synthetic" in said
    text = target.read_text("utf-8")
    assert "不得交给今后要参加测评的人" in text
    assert "专业技能人才" in text
    assert text.count('class="sh-item"') == text.count('<form class="sy-item">') >= 25
    assert "<svg" in text
    assert "rationale" not in text
    assert "<script" not in text.replace('<script type="application/json"', "")


def test_it_says_what_it_can_not_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "sitting.html"
    assert main(["content", "sitting", "--rank-layer", "minister", "--output", str(target)]) == 1
    assert "minister" in capsys.readouterr().out
    assert main(["content", "sitting", str(tmp_path), "--output", str(target)]) == 1
    assert not target.exists()
