"""Until a recruitment is released, no page and no file of it that staff can open holds a candidate's name."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.test import Client

from shuyang.delivery import api as delivery
from shuyang.itembank.api import release
from shuyang.trust.api import Role
from tests.cast import make_member
from tests.delivery.test_recruitment import recruit
from tests.delivery.world import World

NAMES = tuple(f"考生{n}" for n in range(5))
STAFF = (Role.ORGANISER, Role.INVIGILATOR, Role.PSYCHOMETRICIAN, Role.LEADER, Role.AUDITOR, Role.REVIEWER)


def _addresses(campaign: Any, sittings: list[Any]) -> list[str]:
    """Every page and file about one campaign or one of its sittings."""
    one, seat = f"/campaigns/{campaign.id}/", sittings[0]
    return [
        "/", "/campaigns/", one, f"{one}codes/", f"{one}needs/", f"{one}paper/", f"{one}paper/template/",
        f"{one}paper/sheets/", f"{one}paper/form/0/", f"{one}sheet/", f"{one}qr.svg", "/rooms/",
        *(f"/rooms/{campaign.id}/?show={show}" for show in ("", "running", "paused", "finished", "absent")),
        f"/rooms/seat/{seat}/", f"/rooms/{campaign.id}/items/", f"/integrity/{campaign.id}/",
        f"/recruitment/{campaign.id}/", "/recruitment/appeals/", f"/recruitment/evidence/{seat}/",
        f"/recruitment/own/{seat}/", "/overview/", "/units/", "/audit/",
    ]  # fmt: skip


def _text(client: Client, address: str) -> str:
    """All that a reply holds, also inside of files that are archives (Excel, ZIP)."""
    found = client.get(address, follow=True)
    body = b"".join(found) if getattr(found, "streaming", False) else found.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    return body.decode("utf-8", "replace")


@pytest.mark.parametrize("role", STAFF)
def test_no_page_or_file_of_a_sealed_recruitment_holds_a_name(world: World, role: Role) -> None:
    campaign, sittings = recruit(world)
    waiting = make_member("K9", "考生9", world.cast.finance)
    delivery.call_for_help(
        actor=waiting.actor, sitting_id=delivery.begin(actor=waiting.actor, campaign_id=campaign.id).id
    )
    make_member("K8", "考生8", world.cast.finance)
    client = make_member("P060", "工作人员", world.cast.finance, role).client()
    seen = {address: _text(client, address) for address in _addresses(campaign, sittings)}
    told = {a: [n for n in (*NAMES, "考生8", "考生9") if n in text] for a, text in seen.items()}
    assert {address: names for address, names in told.items() if names} == {}
    if role in (Role.ORGANISER, Role.INVIGILATOR):
        room = seen[f"/rooms/{campaign.id}/?show="]
        assert all(number in room for number in _numbers(campaign, world)), "it shows the candidates by their numbers"


def _numbers(campaign: Any, world: World) -> list[str]:
    actor = world.cast.organiser.actor
    return [s.number for s in delivery.room(actor=actor, campaign_id=campaign.id).seats]


def test_after_the_release_the_names_are_there(world: World) -> None:
    campaign, _ = recruit(world)
    first, second = (make_member(f"P06{n}", f"组织员{n}", world.cast.finance, Role.ORGANISER).actor for n in (1, 2))
    forces = release(hash=campaign.release_hash).forces[:2]
    delivery.choose_rule(actor=first, campaign_id=campaign.id, level=3, forces=forces)
    delivery.close_campaign(actor=first, campaign_id=campaign.id)
    for actor in (first, second):
        delivery.sign_release(actor=actor, campaign_id=campaign.id)
    client = make_member("P060", "工作人员", world.cast.finance, Role.ORGANISER).client()
    assert all(name in _text(client, f"/recruitment/{campaign.id}/") for name in NAMES)
