"""Fills a running demonstration with what pages can show: a questionnaire, a standard setting, a recruitment, a practice run.

Run inside the product's own environment (`python -m tests.journeys.filled`); prints as JSON which addresses no list leads to.
"""

from __future__ import annotations

import json
import os
import re
import sys
from datetime import timedelta
from io import BytesIO
from typing import Any

import django

PERSON, OTHERS, CANDIDATES = "yc00020", range(24, 30), (5, 6, 20)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuyang.config.settings")
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    _standard()
    to_answer, sums = _survey()
    said = {
        "code": _code(), "person": [to_answer, *_practice(), *_recruitment()], "admin": [sums, *_import(), *_room()],
    }  # fmt: skip
    print(json.dumps(said))
    return 0


def _client(username: str) -> Any:
    from shuyang.people.models import Account
    from tests.cast import client_of

    return client_of(Account.objects.get(username=username).id)


def _root() -> Any:
    from shuyang.people.models import Unit

    return Unit.objects.get(parent=None)


def _code() -> list[str]:
    """Someone who signs in for the first time: name and one-time code."""
    from shuyang.people.api import reset_sign_in
    from shuyang.people.models import Account
    from shuyang.trust.api import SYSTEM

    account = Account.objects.get(username="yc00030")
    assert account.person_id is not None
    issued = reset_sign_in(actor=SYSTEM, person_id=account.person_id)
    return [account.username, issued.code]


def _survey() -> list[str]:
    """Open, answered by six others; the person still has to answer."""
    from shuyang.frameworks.api import current
    from shuyang.kernel.clock import now

    admin, facets = _client("admin"), [f.id for f in current().facets]
    until = (now() + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")
    made = admin.post("/surveys/new/", {"name": "学习需求调查", "unit": str(_root().id), "closes_at": until})
    address = str(made["Location"])
    for put in (
        {"kind": "likert", "text": "数据好找"},
        {"kind": "open", "text": "最难的事"},
        {"kind": "self_rating", "text": "自评"},
    ):
        admin.post(f"{address}act/", {"act": "put", **put})
    admin.post(f"{address}act/", {"act": "open"})
    for number in OTHERS:
        rated = {f"q3-{facet}": str(1 + number % 5) for facet in facets}
        _client(f"yc{number:05d}").post(f"{address}answer/", {"q1": str(1 + number % 5), "q2": "数据分散", **rated})
    draft = admin.post("/surveys/new/", {"name": "尚未发布的调查", "unit": str(_root().id), "closes_at": until})
    admin.post(f"{draft['Location']}act/", {"act": "put", "kind": "likert", "text": "数据好找"})
    return [f"{address}answer/", f"{address}results/"]


def _practice() -> list[str]:
    """A run that has begun: each of its pages, one table. And one that was handed in."""
    client = _client(PERSON)
    ended = str(client.post("/range/service_satisfaction/begin/", {"mode": "practice"})["Location"])
    client.post(f"{ended}submit/")
    run = str(client.post("/range/catalogue_sharing/begin/", {"mode": "practice"})["Location"])
    linked = re.findall(rf'href="({run}[^"]+)"', client.get(f"{run}data/").content.decode())
    pages = dict.fromkeys(link.split("?")[0] for link in linked)
    tables = [page for page in pages if re.search(r"/data/.+", page)]
    return [f"{ended}result/", run, *(page for page in pages if page not in tables[1:])]


def _standard() -> None:
    """A panel of five that has rated; its cut scores are not adopted here."""
    from shuyang.delivery import api as delivery
    from shuyang.people.api import actor_of
    from shuyang.people.models import Account
    from tests.delivery.test_standards import rate_all

    actor = actor_of(Account.objects.get(username="admin").id)
    setting_id = delivery.start_setting(actor=actor, name="标准设定", method=delivery.Method.ANGOFF, per_force=4)
    rate_all(actor, setting_id)


def _recruitment() -> list[str]:
    """A recruitment on confirmed cut scores in which some have sat."""
    from shuyang.delivery import api as delivery
    from shuyang.itembank.api import current_release
    from shuyang.kernel.clock import now
    from shuyang.people.api import actor_of
    from shuyang.people.models import Account
    from tests.delivery.test_standards import rate_all
    from tests.delivery.world import give

    admin = actor_of(Account.objects.get(username="admin").id)
    if current_release().provisional_cuts:
        setting_id = delivery.start_setting(actor=admin, name="划线", method=delivery.Method.ANGOFF, per_force=4)
        rate_all(admin, setting_id)
        delivery.close_setting(actor=admin, setting_id=setting_id)
        delivery.adopt_setting(actor=admin, setting_id=setting_id)
    draft = delivery.CampaignDraft(
        name="公开招录（演示）", purpose=delivery.Purpose.RECRUITMENT, unit_id=_root().id, blueprint="certification",
        opens_at=now() - timedelta(hours=1), closes_at=now() + timedelta(days=2),
    )  # fmt: skip
    made = delivery.create_campaign(actor=admin, draft=draft, synthetic=True)
    own = ""
    for number in CANDIDATES:
        actor = actor_of(Account.objects.get(username=f"yc{number:05d}").id)
        sitting = delivery.begin(actor=actor, campaign_id=made.id)
        for item in range(4):
            give(actor, sitting.id, category=item % 2)
        delivery.end_by_person(actor=actor, sitting_id=sitting.id)
        own = f"/recruitment/own/{sitting.id}/"
    return [own]  # of the last candidate, who is the person of the walk


def _import() -> list[str]:
    """An uploaded roster whose columns wait to be confirmed, and one whose columns are."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.journeys.roster import messy_roster

    admin = _client("admin")

    def uploaded() -> str:
        file = SimpleUploadedFile("名册.xlsx", BytesIO(messy_roster()).getvalue())
        return str(admin.post("/people/import/", {"file": file, "unit": "all"})["Location"])

    confirmed = uploaded()
    form = admin.get(confirmed).content.decode()
    chosen = {
        name: next(iter(re.findall(r'value="([^"]*)" selected', body)), "")
        for name, body in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.S)
    }
    admin.post(confirmed, chosen)
    return [uploaded(), confirmed.removesuffix("columns/")]


def _room() -> list[str]:
    """Someone sits a test now: the exam room has a seat that is taken."""
    from shuyang.delivery import api as delivery
    from shuyang.people.api import actor_of
    from shuyang.people.models import Account

    actor = actor_of(Account.objects.get(username="yc00023").id)
    campaign = next(i.campaign for i in delivery.invitations(actor=actor) if i.campaign.purpose == "diagnosis")
    sitting = delivery.begin(actor=actor, campaign_id=campaign.id)
    return [f"/rooms/seat/{sitting.id}/"]


if __name__ == "__main__":
    sys.exit(main())
