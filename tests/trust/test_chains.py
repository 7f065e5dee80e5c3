"""Audit chains: every way to rewrite the past is found, alone or against heads that were exported earlier."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from shuyang.kernel.clock import frozen
from shuyang.kernel.errors import Invalid
from shuyang.kernel.ids import new_id
from shuyang.trust import keys
from shuyang.trust.api import (
    GENESIS,
    NOBODY,
    SYSTEM,
    Actor,
    Head,
    audit_heads,
    check_audit,
    check_chain,
    heads_document,
    link,
    make_person_keys,
    pseudonym,
    read_heads_document,
    record,
)
from shuyang.trust.models import AuditChain, AuditEntry
from shuyang.trust.services import entry_payload

AT = datetime(2026, 11, 22, tzinfo=UTC)


def _record(count: int = 1, *, unit_path: str = "c/f/", action: str = "thing.done", **more: Any) -> None:
    with transaction.atomic():
        for number in range(count):
            record(actor=SYSTEM, action=action, object_kind="thing", object_id=number, unit_path=unit_path, **more)


@pytest.fixture
def chain(db: None) -> str:
    """A chain of five entries, and one beside it that nobody touches."""
    _record(2, unit_path="c/h/")
    _record(5)
    return "unit:c/f/"


def _problems(heads: list[Head] | None = None, chain: str = "unit:c/f/") -> list[tuple[int, str]]:
    report = check_audit(heads=heads or ())
    assert {p.chain for p in report.problems} <= {chain}
    return [(p.sequence, p.kind) for p in report.problems]


# --- writing ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_entry_stands_and_falls_with_the_act() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record(actor=SYSTEM, action="x", object_kind="x", object_id="x")
    with transaction.atomic():
        _record(3)
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()
    _record(1)
    assert check_audit(heads=audit_heads()).whole


@pytest.mark.django_db
def test_it_names_people_by_pseudonyms_alone() -> None:
    person, subject, account = new_id(), new_id(), new_id()
    make_person_keys([person, subject])
    actor = Actor(account_id=account, person_id=person, unit_path="c/f/")
    with transaction.atomic():
        record(actor=actor, action="x", object_kind="x", object_id="x", subject=subject)
        record(actor=Actor(account, None, ""), action="x", object_kind="x", object_id="x")
        record(actor=SYSTEM, action="x", object_kind="x", object_id="x")
        record(actor=NOBODY, action="x", object_kind="x", object_id="x")
    rows = list(AuditEntry.objects.order_by("sequence"))
    assert [r.actor for r in rows] == [pseudonym(person), f"account:{account}", "system", "nobody"]
    assert rows[0].subject == pseudonym(subject)
    text = json.dumps([entry_payload(r) for r in rows])
    assert str(person) not in text
    assert str(subject) not in text


@pytest.mark.django_db
def test_it_keeps_a_chain_for_each_unit() -> None:
    _record(2, unit_path="c/f/")
    _record(3, unit_path="c/h/")
    _record(1, unit_path="")
    assert {h.chain: h.sequence for h in audit_heads()} == {"unit:c/f/": 2, "unit:c/h/": 3, "unit:": 1}


@pytest.mark.django_db
def test_it_refuses_details_that_are_no_plain_json() -> None:
    with pytest.raises(TypeError), transaction.atomic():
        _record(details={"id": new_id()})
    with pytest.raises(ValueError, match="JSON"), transaction.atomic():
        _record(details={"x": float("nan")})
    assert not AuditEntry.objects.exists()


# --- finding ---------------------------------------------------------------------------------------------------------


def test_it_finds_nothing_wrong_with_an_untouched_log(chain: str) -> None:
    report = check_audit(heads=audit_heads())
    assert (report.whole, report.chains, report.entries, report.heads) == (True, 2, 7, 2)


CHANGES: dict[str, Any] = {
    "at": AT - timedelta(days=9),
    "actor": "system2",
    "action": "nothing.done",
    "object_kind": "other",
    "object_id": "77",
    "subject": "somebody",
    "details": {"items": 1},
}


@pytest.mark.parametrize("field", CHANGES)
def test_it_finds_a_change_of_any_field(chain: str, field: str) -> None:
    AuditEntry.objects.filter(chain=chain, sequence=3).update(**{field: CHANGES[field]})
    assert _problems() == [(3, "changed")]


def test_every_field_of_an_entry_is_covered() -> None:
    place = {"id", "created_at", "chain", "sequence", "previous_hash", "hash"}
    assert {f.name for f in AuditEntry._meta.concrete_fields} == place | set(CHANGES)


def test_it_finds_a_rewritten_hash(chain: str) -> None:
    """A forger who recomputes the hash of what he changed breaks the link to the next entry."""
    row = AuditEntry.objects.get(chain=chain, sequence=3)
    row.action = "nothing.done"
    row.hash = link(row.previous_hash, entry_payload(row))
    row.save()
    assert _problems() == [(4, "inserted")]


def test_it_finds_a_removed_entry(chain: str) -> None:
    AuditEntry.objects.filter(chain=chain, sequence=2).delete()
    assert (2, "removed") in _problems()


def test_it_finds_the_first_entry_removed(chain: str) -> None:
    AuditEntry.objects.filter(chain=chain, sequence=1).delete()
    assert (1, "removed") in _problems()


def test_it_finds_an_inserted_entry(chain: str) -> None:
    row = AuditEntry.objects.get(chain=chain, sequence=5)
    row.id, row.sequence = new_id(), 6
    row.hash = link(row.previous_hash, entry_payload(row))
    row.save(force_insert=True)
    assert (6, "inserted") in _problems()


def test_it_finds_an_entry_put_in_the_middle_with_the_rest_moved_on(chain: str) -> None:
    for row in AuditEntry.objects.filter(chain=chain, sequence__gte=3).order_by("-sequence"):
        AuditEntry.objects.filter(id=row.id).update(sequence=row.sequence + 1)
    row.id, row.sequence = new_id(), 3
    row.hash = link(row.previous_hash, entry_payload(row))
    row.save(force_insert=True)
    assert (4, "inserted") in _problems()


def test_it_finds_a_removed_end(chain: str) -> None:
    AuditEntry.objects.filter(chain=chain, sequence=5).delete()
    assert _problems() == [(5, "truncated")]


def _cut_off_with_its_end(chain: str, at: int) -> None:
    """What the writer of the database can do without a trace in it: shorten a chain, end and all."""
    AuditEntry.objects.filter(chain=chain, sequence__gt=at).delete()
    last = AuditEntry.objects.filter(chain=chain, sequence=at).first()
    AuditChain.objects.filter(chain=chain).update(sequence=at, hash=last.hash if last else GENESIS)


@pytest.mark.parametrize("at", [0, 1, 4])
def test_it_finds_a_truncated_chain_by_its_exported_head(chain: str, at: int) -> None:
    heads = read_heads_document(heads_document(audit_heads()))
    _cut_off_with_its_end(chain, at)
    assert check_audit().whole
    assert _problems(heads) == [(5, "truncated")]


def test_it_finds_a_chain_that_is_gone_whole(chain: str) -> None:
    heads = audit_heads()
    AuditEntry.objects.filter(chain=chain).delete()
    AuditChain.objects.filter(chain=chain).delete()
    assert check_audit().whole
    assert _problems(heads) == [(5, "truncated")]


def test_it_finds_a_chain_rewritten_from_its_beginning_by_its_exported_head(chain: str) -> None:
    heads, before = audit_heads(), GENESIS
    for row in AuditEntry.objects.filter(chain=chain).order_by("sequence"):
        row.action, row.previous_hash = "nothing.done", before
        row.hash = before = link(before, entry_payload(row))
        row.save()
    AuditChain.objects.filter(chain=chain).update(hash=before)
    assert check_audit().whole
    assert _problems(heads) == [(5, "changed")]


def test_it_stays_whole_against_every_head_ever_exported(db: None) -> None:
    heads: list[Head] = []
    for _ in range(4):
        _record(2)
        heads += read_heads_document(heads_document(audit_heads()))
    assert check_audit(heads=heads).whole
    assert check_audit(heads=heads).heads == 4


# --- exported heads --------------------------------------------------------------------------------------------------


def _forged(text: str, change: Callable[[dict[str, Any]], Any]) -> str:
    body = json.loads(text)
    change(body)
    return json.dumps(body, ensure_ascii=False)


def test_heads_are_read_back_as_they_were(chain: str) -> None:
    with frozen(AT):
        heads = audit_heads()
        read = read_heads_document(heads_document(heads))
    assert [(h.chain, h.sequence, h.hash, h.at) for h in read] == [(h.chain, h.sequence, h.hash, h.at) for h in heads]


FORGERIES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another hash": lambda b: b["heads"][0].__setitem__(2, "0" * 64),
    "a shorter chain": lambda b: b["heads"][0].__setitem__(1, 1),
    "a head left out": lambda b: b["heads"].pop(),
    "a head put in": lambda b: b["heads"].append(["unit:x/", 1, "0" * 64]),
    "another day": lambda b: b.__setitem__("at", "2020-01-01T00:00:00+00:00"),
    "another signature": lambda b: b.__setitem__("signature", "00" * 64),
    "no signature worth the name": lambda b: b.__setitem__("signature", "数"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_it_refuses_a_forged_document(chain: str, forgery: str) -> None:
    text = _forged(heads_document(audit_heads()), FORGERIES[forgery])
    with pytest.raises(Invalid) as refused:
        read_heads_document(text)
    assert refused.value.problems[0].code == "signature_does_not_hold"


def test_it_refuses_the_heads_of_another_installation(chain: str, settings: Any, tmp_path: Any) -> None:
    text = heads_document(audit_heads())
    settings.SHUYANG_SECRETS = str(tmp_path)
    keys.forget_cached()
    try:
        with pytest.raises(Invalid):
            read_heads_document(text)
    finally:
        keys.forget_cached()


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "{}", "null", '{"signature": 1}', '{"signature": "", "at": 3, "heads": []}']
)
def test_it_refuses_what_is_no_heads_document(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_heads_document(text)
    assert refused.value.problems[0].code == "not_a_heads_file"


# --- the rule itself -------------------------------------------------------------------------------------------------

Entry = tuple[int, str, str, dict[str, Any]]


def _chain_of(payloads: list[int]) -> list[Entry]:
    rows, before = [], GENESIS
    for sequence, value in enumerate(payloads, start=1):
        payload = {"value": value, "sequence": sequence}
        after = link(before, payload)
        rows.append((sequence, before, after, payload))
        before = after
    return rows


@st.composite
def _tampered(draw: st.DrawFn) -> tuple[list[Entry], list[Entry]]:
    """A chain, and the same after someone changed, removed, doubled, swapped or renumbered entries at will."""
    whole = _chain_of(draw(st.lists(st.integers(0, 9), min_size=1, max_size=7)))
    rows = list(whole)
    for _ in range(draw(st.integers(1, 3))):
        if not rows:
            break
        at = draw(st.integers(0, len(rows) - 1))
        match draw(st.sampled_from(["change", "remove", "double", "swap", "renumber", "relink"])):
            case "change":
                rows[at] = (*rows[at][:3], {"value": draw(st.integers(0, 9)), "sequence": rows[at][0]})
            case "remove":
                rows.pop(at)
            case "double":
                rows.insert(at, rows[at])
            case "swap":
                to = draw(st.integers(0, len(rows) - 1))
                rows[at], rows[to] = rows[to], rows[at]
            case "renumber":
                rows[at] = (draw(st.integers(1, 8)), *rows[at][1:])
            case "relink":
                payload = {"value": draw(st.integers(0, 9)), "sequence": rows[at][0]}
                rows[at] = (rows[at][0], rows[at][1], link(rows[at][1], payload), payload)
    return whole, rows


@given(_tampered())
def test_whatever_is_done_to_a_chain_shows_against_its_head(pair: tuple[list[Entry], list[Entry]]) -> None:
    whole, rows = pair
    head = Head("c", whole[-1][0], whole[-1][2], AT)
    assert check_chain("c", whole, [head]) == []
    assert bool(check_chain("c", rows, [head])) == (rows != whole)
