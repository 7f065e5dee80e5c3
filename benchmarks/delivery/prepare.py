"""Fill a fresh installation for a benchmark: synthetic people with sessions, and a campaign that invites them.

Run as `python -m benchmarks.delivery.prepare PEOPLE` with the installation's environment; prints JSON.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from typing import Any

PASSWORD = "correct-horse-42"


def main() -> None:
    import django

    django.setup()
    print(json.dumps(prepare(int(sys.argv[1]))))


def prepare(count: int) -> dict[str, Any]:
    """`count` people of one synthetic unit: user names (password `PASSWORD`), session keys, and the campaign's id."""
    from shuyang.delivery.api import CampaignDraft, Purpose, create_campaign
    from shuyang.kernel.clock import now
    from shuyang.people.models import Unit
    from shuyang.trust.api import SYSTEM

    unit = Unit.objects.create(name="模拟市", code="SIM", path="sim/")
    accounts = _people(unit, count)
    draft = CampaignDraft(
        name="benchmark",
        purpose=Purpose.DIAGNOSIS,
        unit_id=unit.id,
        blueprint="diagnosis",
        opens_at=now() - timedelta(hours=1),
        closes_at=now() + timedelta(days=1),
    )
    campaign = create_campaign(actor=SYSTEM, draft=draft, synthetic=True)
    return {
        "campaign": str(campaign.id),
        "usernames": [account.username for account in accounts],
        "sessions": _sessions(accounts),
    }


def _people(unit: Any, count: int) -> list[Any]:
    from django.contrib.auth.hashers import make_password

    from shuyang.people.api import JobCategory, RankLayer
    from shuyang.people.models import Account, Person, Post
    from shuyang.trust.api import make_person_keys

    people = [
        Person(number=f"S{n:06d}", name=f"模拟{n}", name_pinyin="", unit=unit, unit_path=unit.path, synthetic=True)
        for n in range(count)
    ]
    Person.objects.bulk_create(people, batch_size=500)
    make_person_keys([person.id for person in people])
    layer, job, since = RankLayer.GENERAL, JobCategory.GENERAL_ADMINISTRATION, date(2024, 1, 1)
    Post.objects.bulk_create(
        [
            Post(
                person=one,
                unit=unit,
                unit_path=unit.path,
                rank_layer=layer,
                job_category=job,
                title="",
                from_date=since,
            )
            for one in people
        ],
        batch_size=500,
    )
    hashed = make_password(PASSWORD)  # once for all: what a sign-in costs is checking it
    accounts = [Account(username=one.number.lower(), person=one, password=hashed) for one in people]
    Account.objects.bulk_create(accounts, batch_size=500)
    return accounts


def _sessions(accounts: list[Any]) -> list[str]:
    from shuyang.kernel.clock import now
    from shuyang.people.models import SignInSession
    from shuyang.people.sessions import ACCOUNT, SessionStore

    rows = []
    for account in accounts:
        store = SessionStore()
        row = store.create_model_instance({ACCOUNT: str(account.id)})
        row.session_key, row.expire_date = store._get_new_session_key(), now() + timedelta(hours=12)
        rows.append(row)
    SignInSession.objects.bulk_create(rows, batch_size=500)
    return [row.session_key for row in rows]


if __name__ == "__main__":
    main()
