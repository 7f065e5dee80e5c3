"""Releases: immutable, content-addressed, opaque."""

from __future__ import annotations

import pytest

from shuyang.frameworks.api import Framework
from shuyang.itembank import api
from shuyang.itembank.models import ItemVersion, ReleaseRow
from shuyang.itembank.queries import releases as queries
from shuyang.itembank.release_body import expert_item
from shuyang.kernel.canonical import content_hash
from shuyang.kernel.errors import Conflict, Forbidden, NotFound, Tampered
from shuyang.measurement.cat.bank import compile_bank
from shuyang.trust.api import NOBODY, SYSTEM
from tests.itembank.make import SHAPES, item


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    queries.release.cache_clear()


@pytest.fixture
def bank(framework: Framework) -> None:
    secure = [item(kind, id=f"S-F0{n}-3-001") for n, kind in enumerate(SHAPES, start=1)]
    secure += [
        item("single", id="S-F09-3-001", enemies=["S-F10-3-001"]),
        item("number", id="S-F10-3-001", enemies=["S-F09-3-001"]),
    ]
    others = [item("single", id="P-F01-3-001"), item("single", id="S-F01-3-009", state="draft")]
    api.load_items(actor=SYSTEM, contents=[*secure, *others], source="test")


@pytest.mark.usefixtures("bank")
def test_it_publishes_reviewed_secure_items_only() -> None:
    view = api.publish_release(actor=SYSTEM)
    release = api.current_release()
    assert (view.new, view.items, view.hash) == (True, 9, release.hash)
    assert {one.key[0] for one in release.items} == {"S"}
    assert "S-F01-3-009" not in {one.key for one in release.items}
    assert release.provisional_cuts
    assert not release.calibrated


@pytest.mark.usefixtures("bank")
def test_it_publishes_the_same_body_once() -> None:
    first = api.publish_release(actor=SYSTEM)
    second = api.publish_release(actor=SYSTEM)
    assert (second.hash, second.new) == (first.hash, False)
    assert ReleaseRow.objects.count() == 1


@pytest.mark.usefixtures("bank")
def test_it_is_named_by_its_content_and_survives_the_next_release() -> None:
    old = api.publish_release(actor=SYSTEM)
    assert content_hash(api.release(hash=old.hash).body) == old.hash
    api.load_items(actor=SYSTEM, contents=[item("single", id="S-F01-3-001", stem="改了")], source="test")
    new = api.publish_release(actor=SYSTEM)
    assert new.hash != old.hash
    assert api.current_release().hash == new.hash
    assert len(api.release(hash=old.hash).items) == 9
    assert [view.state.value for view in api.releases(actor=SYSTEM)] == ["current", "retired"]


@pytest.mark.usefixtures("bank")
def test_it_gives_items_names_that_lead_nowhere_and_change_with_the_release() -> None:
    api.publish_release(actor=SYSTEM)
    first = {one.key: one.id for one in api.current_release().items}
    text = ReleaseRow.objects.get().body
    assert not any(key in text for key in first)
    changed = [item(kind, id=f"S-F0{n}-3-001") for n, kind in enumerate(SHAPES, start=1)]
    api.load_items(actor=SYSTEM, contents=changed, source="test")
    api.publish_release(actor=SYSTEM)
    second = {one.key: one.id for one in api.current_release().items}
    assert not set(first.values()) & set(second.values())


@pytest.mark.usefixtures("bank")
def test_it_carries_enemies_under_their_opaque_names() -> None:
    api.publish_release(actor=SYSTEM)
    release = api.current_release()
    by_key = {one.key: one for one in release.items}
    assert by_key["S-F09-3-001"].cat.enemies == (by_key["S-F10-3-001"].id,)
    assert release.by_id[by_key["S-F09-3-001"].id] is by_key["S-F09-3-001"]
    assert all(release.by_version[one.version_id] is one for one in release.items)


@pytest.mark.usefixtures("bank")
def test_it_can_be_compiled_by_the_engine_with_its_blueprints() -> None:
    api.publish_release(actor=SYSTEM)
    release = api.current_release()
    bank = compile_bank(release.cat_items, dims=len(release.forces))
    assert len(bank) == 9
    assert set(release.blueprints) == {"diagnosis", "certification"}
    assert release.blueprints["diagnosis"].target_se == (0.4,) * 5
    assert sum(quota.minimum for quota in release.blueprints["diagnosis"].facets) == 24
    assert release.cuts["decision"].cuts == (-1.2, -0.4, 0.4, 1.2)
    assert release.transform.score(0.5) == 550


@pytest.mark.usefixtures("bank")
def test_it_notices_a_changed_body() -> None:
    view = api.publish_release(actor=SYSTEM)
    row = ReleaseRow.objects.get()
    ReleaseRow.objects.update(body=row.body.replace("0.4,", "0.5,", 1))
    with pytest.raises(Tampered):
        api.release(hash=view.hash)


@pytest.mark.usefixtures("bank")
def test_it_notices_a_version_that_was_changed_under_a_release() -> None:
    view = api.publish_release(actor=SYSTEM)
    row = ItemVersion.objects.order_by("id").filter(state="reviewed", item__purpose="secure").first()
    assert row is not None
    ItemVersion.objects.filter(id=row.id).update(content_hash="0" * 64)
    with pytest.raises(Tampered):
        api.release(hash=view.hash)


def test_it_needs_a_framework_items_and_a_right(framework: Framework) -> None:
    with pytest.raises(Conflict):
        api.publish_release(actor=SYSTEM)
    with pytest.raises(Forbidden):
        api.publish_release(actor=NOBODY)
    with pytest.raises(NotFound):
        api.current_release()
    with pytest.raises(NotFound):
        api.release(hash="0" * 64)


def test_it_maps_an_experts_belief_to_parameters_with_their_doubt() -> None:
    right_or_wrong = expert_item(item("single"), item_id="x", dim=2)
    assert (right_or_wrong.model, right_or_wrong.thresholds, right_or_wrong.guessing) == ("3pl", (0.2,), 0.2)
    assert (right_or_wrong.threshold_sd, right_or_wrong.slope_log_sd, right_or_wrong.guessing_sd) == (0.5, 0.25, 0.05)
    partial = expert_item(item("multiple"), item_id="x", dim=2)
    assert (partial.model, partial.thresholds, partial.guessing) == ("grm", (-0.4, 0.8), 0.0)
    sure = {"difficulty": 0.0, "slope": 1.0, "guessing": 0.02, "reason": ""}
    assert expert_item(item("number", prior=sure), item_id="x", dim=0).guessing_sd == 0.01
