"""The API against its own description: whatever is sent, what comes back is what `/api/openapi.json` says.

Requests are made up from the description: sound ones, broken ones, and ones about things that exist. They go through
WSGI in this process and thread, so inside the test's transaction; each is undone, so that none depends on another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shuyang.feedback.api import results
from shuyang.kernel.ids import new_id
from shuyang.people.api import Scope, make_token
from shuyang.people.models import RoleGrant
from shuyang.trust.api import Role
from shuyang.web.consent import Terms, consent
from tests.delivery.world import World, open_campaign, raw_for

CHECKED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
bounded = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """Django closes the connection around a request, and with it the test's transaction; its test client prevents that too."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def existing(measured: World) -> dict[str, Any]:
    """What exists by the names of the parameters, seen by someone who has a result, a running sitting and all roles."""
    actor, finance = measured.learner, measured.cast.finance
    for role in (Role.ORGANISER, Role.AUDITOR):
        RoleGrant.objects.create(account_id=actor.account_id, role=role, unit=finance)
    consent(actor, Terms())
    campaign = open_campaign(measured.cast, name="第二次测评")
    sitting = World(measured.cast, campaign).begin(actor)
    estimate = results(actor=measured.learner)[0].id
    ids = {"unit_id": finance.id, "campaign_id": campaign.id, "sitting_id": sitting.id, "estimate_id": estimate}
    found: dict[str, Any] = {name: str(value) for name, value in ids.items()}
    answer = {"position": 1, "key": str(new_id()), "answer": raw_for(sitting.id)}
    return found | {"bodies": {"/answers": answer, "/sittings": {"campaign_id": found["campaign_id"]}}}


def requests_for(operation: Any, existing: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Sound and broken requests about anything, and about what exists."""
    named = {name: existing[name] for name in existing if f"{{{name}}}" in operation.path}
    known = {"path_parameters": named} if named else {}
    body = next((one for end, one in existing["bodies"].items() if operation.path.endswith(end)), None)
    found = [operation.as_strategy(), operation.as_strategy(**known)]
    if body is not None and operation.method == "post":
        found.append(operation.as_strategy(**known, body=body, media_type="application/json"))
    if operation.body or operation.query or operation.path_parameters:
        found.append(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    if operation.body or operation.query:
        found.append(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE, **known))
    return st.one_of(found)


def check_error(response: Any) -> None:
    """Every refusal is `{code, words, data, problems}`, with a code for programs and words for people."""
    body = response.json()
    assert set(body) == {"code", "words", "data", "problems"}, response.text
    assert body["code"]
    assert body["words"]
    assert isinstance(body["data"], dict)


def checks_for(operation: Any) -> list[Any]:
    """Not the schema of the audit heads: Schemathesis misreads the fixed triples in it (`prefixItems`)."""
    misread = operation.path == "/api/audit/heads"
    return [check for check in CHECKED if not (misread and check is response_schema_conformance)]


def statuses(operation: Any, existing: dict[str, Any], headers: dict[str, str]) -> set[int]:
    """Send requests to an operation, check each reply, and say which statuses came."""
    seen: set[int] = set()

    @bounded
    @given(case=requests_for(operation, existing))
    def send(case: Any) -> None:
        with transaction.atomic():
            response = case.call(headers=headers)
            case.validate_response(response, checks=checks_for(operation))
            if response.status_code >= 400:
                check_error(response)
            transaction.set_rollback(True)
        seen.add(response.status_code)

    send()
    return seen


@pytest.mark.usefixtures("kept_connection")
def test_it_answers_as_it_describes_itself(measured: World, existing: dict[str, Any]) -> None:
    made = make_token(actor=measured.learner, name="程序", scopes=list(Scope), days=30)
    headers = {"Authorization": f"Bearer {made.secret}"}
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", WSGIHandler())
    seen = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        seen[f"{operation.method.upper()} {operation.path}"] = statuses(operation, existing, headers)
    assert len(seen) == 15
    assert [name for name, codes in seen.items() if 200 not in codes] == []  # each was seen to do its work
    assert seen["POST /api/sittings/{sitting_id}/answers"] >= {200, 422}
