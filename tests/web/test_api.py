"""The API: doors only, errors as JSON, tokens that reach no further than their scopes and end at once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from shuyang.delivery.models import Response, Sitting
from shuyang.kernel.ids import new_id
from shuyang.people.api import Scope, make_token, revoke_token
from shuyang.people.models import Account
from shuyang.trust.models import AuditEntry
from shuyang.web.consent import Terms, consent
from tests.delivery.world import World, raw_for


def program(world: World, *scopes: Scope, member: str = "learner", days: int = 30) -> dict[str, Any]:
    """Headers of a program with a token of one of the cast."""
    actor = getattr(world.cast, member).actor
    made = make_token(actor=actor, name="程序", scopes=scopes, days=days)
    return {"HTTP_AUTHORIZATION": f"Bearer {made.secret}"}


def send(address: str, body: Any, headers: dict[str, Any]) -> Any:
    return Client().post(address, json.dumps(body), content_type="application/json", **headers)


def test_it_says_who_acts(world: World) -> None:
    reply = Client().get("/api/me", **program(world, Scope.ME)).json()
    assert (reply["username"], reply["name"], reply["unit_name"]) == ("p002", "曾小雨", "财政局")
    assert world.cast.learner.client().get("/api/me").json() == reply
    assert Client().get("/api/me", **program(world, Scope.ME, member="organiser")).json()["roles"] == [
        {"role": "organiser", "unit_path": "c/f/"}
    ]


def test_it_refuses_nobody_and_says_so_as_json(world: World) -> None:
    for headers in ({}, {"HTTP_AUTHORIZATION": "Bearer sy_wrong"}, program(world, Scope.UNITS)):
        reply = Client().get("/api/me", **headers)
        assert (reply.status_code, reply.json()["code"]) == (401, "sign_in_needed")
        assert reply["WWW-Authenticate"] == "Bearer"


def test_it_ends_a_token_at_once_with_its_account_or_alone(world: World) -> None:
    headers = program(world, Scope.ME)
    token = next(iter(world.cast.learner.client().get("/account/tokens/").context["tokens"]))["token"]
    assert Client().get("/api/me", **headers).status_code == 200
    revoke_token(actor=world.cast.learner.actor, token_id=token.id)
    assert Client().get("/api/me", **headers).status_code == 401
    again = program(world, Scope.ME)
    Account.objects.filter(id=world.cast.learner.account_id).update(is_active=False)
    assert Client().get("/api/me", **again).status_code == 401
    assert AuditEntry.objects.filter(action__startswith="token.").count() == 3


def test_it_takes_a_whole_sitting(world: World) -> None:
    headers = program(world, Scope.SITTINGS, Scope.RESULTS)
    start = {"campaign_id": str(world.campaign.id)}
    assert send("/api/sittings", start, headers).json()["problems"][0]["code"] == "consent_needed"
    consent(world.learner, Terms())
    sitting = send("/api/sittings", start, headers).json()
    assert (sitting["state"], sitting["position"]) == ("running", 1)
    address = f"/api/sittings/{sitting['id']}"
    shown = Client().get(address, **headers).json()
    assert shown["item"]["stem"]
    body = {"position": 1, "key": str(new_id()), "answer": raw_for(Sitting.objects.get().id)}
    first, again = (send(f"{address}/answers", body, headers).json() for _ in range(2))
    assert (first["recorded"], again["recorded"], again["repeated"]) == (True, False, True)
    assert first["item"] == again["item"]
    assert Response.objects.count() == 1
    done = send(f"{address}/end", {}, headers).json()
    assert done["state"] == "finished"
    result = Client().get(f"/api/results/{done['estimate_id']}", **headers).json()
    assert [line["id"] for line in Client().get("/api/results", **headers).json()] == [result["estimate_id"]]


def test_it_hides_what_belongs_to_others(world: World) -> None:
    sitting = world.begin()
    other = program(world, Scope.SITTINGS, Scope.CAMPAIGNS, member="stranger")
    body = {"position": 1, "key": str(new_id()), "answer": {"omitted": True}}
    for reply in (
        Client().get(f"/api/sittings/{sitting.id}", **other),
        send(f"/api/sittings/{sitting.id}/answers", body, other),
        Client().get(f"/api/campaigns/{world.campaign.id}/progress", **other),
    ):
        assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "body.body.position"),
        ({"position": 0, "key": str(new_id()), "answer": {}}, "body.body.position"),
        ({"position": 1, "key": "x", "answer": {}}, "body.body.key"),
        ({"position": 1, "key": str(new_id()), "answer": []}, "body.body.answer"),
    ],
)
def test_it_says_where_the_input_is_wrong(world: World, body: Any, where: str) -> None:
    sitting = world.begin()
    reply = send(f"/api/sittings/{sitting.id}/answers", body, program(world, Scope.SITTINGS))
    assert reply.status_code == 422
    assert where in [problem["where"] for problem in reply.json()["problems"]]
    assert not Response.objects.exists()


def test_it_refuses_what_is_no_json(world: World) -> None:
    sitting = world.begin()
    headers = program(world, Scope.SITTINGS)
    reply = Client().post(f"/api/sittings/{sitting.id}/answers", "{", content_type="application/json", **headers)
    assert (reply.status_code, reply.json()["problems"][0]["code"]) == (400, "not_json")


def test_it_asks_a_browser_for_the_token_against_forged_requests(world: World) -> None:
    sitting = world.begin()
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.cast.learner.client().cookies
    reply = client.post(f"/api/sittings/{sitting.id}/end", content_type="application/json")
    assert reply.status_code == 403
    assert client.get("/api/me").status_code == 200


def test_it_shows_heads_to_auditors_only(world: World) -> None:
    assert Client().get("/api/audit/heads", **program(world, Scope.AUDIT)).status_code == 404
    administrator = make_token(actor=world.cast.administrator, name="x", scopes=[Scope.AUDIT], days=1)
    reply = Client().get("/api/audit/heads", HTTP_AUTHORIZATION=f"Bearer {administrator.secret}").json()
    assert reply["kind"] == "shuyang-audit-heads"
    assert reply["signature"]


def test_it_describes_itself_without_script(world: World) -> None:
    page = world.cast.learner.client().get("/api/").content.decode()
    document = Client().get("/api/openapi.json").json()
    addresses = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    assert {"GET /api/me", "GET /api/units/{unit_id}/report"} <= addresses
    assert all(address in page for address in addresses)
    assert all("x-scope" in operation for methods in document["paths"].values() for operation in methods.values())


def test_it_says_that_there_is_no_such_address(world: World) -> None:
    reply = Client().get("/api/nothing")
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("get", "/api/nothing", 404, "not_found"),
        ("get", "/api/units/no-id", 404, "not_found"),
        ("delete", "/api/me", 405, "method_not_allowed"),
    ],
)
def test_it_refuses_in_one_form_before_an_operation_is_asked(
    db: None, method: str, address: str, status: int, code: str
) -> None:
    reply = getattr(Client(), method)(address)
    body = reply.json()
    assert (reply.status_code, body["code"], body["data"], body["problems"]) == (status, code, {}, [])
    assert body["words"]
    assert (status == 405) == ("Allow" in reply.headers)


def test_it_makes_and_revokes_tokens_on_a_page(world: World) -> None:
    client = world.cast.learner.client()
    refused = client.post("/account/tokens/", {"name": "", "days": "90"})
    assert refused.status_code == 422
    assert "请至少选择一项允许范围" in refused.content.decode()
    kept = client.post("/account/tokens/", {"name": "报表", "days": "90"})
    assert 'value="报表"' in kept.content.decode()
    made = client.post("/account/tokens/", {"name": "报表", "scopes": ["me"], "days": "90"})
    assert made.status_code == 200
    secret = made.context["made"].secret
    assert secret in made.content.decode()
    assert Client().get("/api/me", HTTP_AUTHORIZATION=f"Bearer {secret}").status_code == 200
    listed = client.get("/account/tokens/")
    assert secret not in listed.content.decode()
    token = listed.context["tokens"][0]["token"]
    assert world.cast.colleague.client().post(f"/account/tokens/{token.id}/revoke/").status_code == 404
    assert client.post(f"/account/tokens/{token.id}/revoke/").status_code == 302
    assert Client().get("/api/me", HTTP_AUTHORIZATION=f"Bearer {secret}").status_code == 401
