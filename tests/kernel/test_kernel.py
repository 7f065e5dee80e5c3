"""Ids, clock, canonical JSON, secrets and errors."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuyang.kernel.canonical import canonical_json, content_hash
from shuyang.kernel.clock import BEIJING, frozen, now, today
from shuyang.kernel.errors import Invalid, Problem, ShuyangError
from shuyang.kernel.ids import new_id, parse_id
from shuyang.kernel.secret_files import read_or_make

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


# --- ids -------------------------------------------------------------------------------------------------------------


def test_ids_are_of_version_seven_in_the_order_of_time_and_never_alike() -> None:
    ids = [new_id() for _ in range(2000)]
    assert {(i.version, i.variant) for i in ids} == {(7, "specified in RFC 4122")}
    assert len(set(ids)) == len(ids)
    moments = [i.int >> 80 for i in ids]
    assert moments == sorted(moments)
    assert abs(moments[-1] - datetime.now(UTC).timestamp() * 1000) < 60_000


@pytest.mark.parametrize("text", ["", "x", "0198", "é" * 36, "00000000-0000-0000-0000-00000000000g", None, 3])
def test_a_forged_id_is_nothing(text: str) -> None:
    assert parse_id(text) is None


def test_an_id_is_read_back() -> None:
    one = new_id()
    assert parse_id(str(one)) == one


# --- clock -----------------------------------------------------------------------------------------------------------


def test_the_clock_can_be_held_and_moved_and_runs_again() -> None:
    moment = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    with frozen(moment) as advance:
        assert now() == moment
        assert today().isoformat() == "2026-11-23"  # it is past midnight in Beijing
        advance(timedelta(hours=-1))
        assert now().astimezone(BEIJING).isoformat() == "2026-11-22T23:30:00+08:00"
        with frozen(moment + timedelta(days=1)):
            assert now() == moment + timedelta(days=1)
        assert now() == moment - timedelta(hours=1)
    assert now().tzinfo is UTC
    assert now() > moment - timedelta(days=3650)


# --- canonical JSON --------------------------------------------------------------------------------------------------


@given(JSON)
def test_content_has_one_address_whatever_its_way(value: object) -> None:
    again = json.loads(json.dumps(value))
    assert canonical_json(again) == canonical_json(value)
    assert len(content_hash(value)) == 64


@given(st.dictionaries(st.text(), st.integers(), min_size=2))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert content_hash(dict(reversed(value.items()))) == content_hash(value)


@given(JSON, JSON)
def test_different_content_has_different_addresses(one: object, other: object) -> None:
    assert (canonical_json(one) == canonical_json(other)) == (
        json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    )


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], {"x": float("-inf")}])
def test_what_is_no_number_has_no_address(value: object) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json(value)


def test_its_bytes_are_fixed() -> None:
    assert canonical_json({"b": [1, 2.5, None], "a": "数"}) == '{"a":"数","b":[1,2.5,null]}'.encode()


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_a_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "one.key"
    first = read_or_make(path, lambda: os.urandom(32))
    assert read_or_make(path, lambda: b"another") == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [p.name for p in path.parent.iterdir()] == ["one.key"]


def test_a_secret_never_shows_before_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that starts at the same moment must not read half a key."""
    path, seen = tmp_path / "one.key", []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (seen.append(path.exists()), sync(handle)))
    assert read_or_make(path, lambda: b"whole") == b"whole"
    assert seen == [False]


def test_of_two_processes_one_wins_and_both_read_the_same(tmp_path: Path) -> None:
    path = tmp_path / "one.key"

    def slow() -> bytes:  # while this one is at it, another process finishes
        read_or_make(path, lambda: b"theirs")
        return b"ours"

    assert read_or_make(path, slow) == b"theirs"
    assert [p.name for p in tmp_path.iterdir()] == ["one.key"]


# --- errors ----------------------------------------------------------------------------------------------------------


def test_an_error_says_where_and_what_as_plain_data() -> None:
    error = Invalid([Problem("B7", "not_a_number", (("value", "二"),))], row=7)
    assert isinstance(error, ShuyangError)
    assert json.loads(json.dumps(error.to_dict())) == {
        "code": "invalid",
        "message": "B7: not_a_number",
        "data": {"row": 7},
        "problems": [{"where": "B7", "code": "not_a_number", "data": [["value", "二"]]}],
    }
    assert error.problems[0].values() == {"value": "二"}


def test_every_error_has_a_code_of_its_own() -> None:
    def below(kind: type[ShuyangError]) -> list[type[ShuyangError]]:
        return [kind, *(k for sub in kind.__subclasses__() for k in below(sub))]

    own = [k for k in below(ShuyangError) if k.__module__.startswith("shuyang.")]
    codes = [k.__dict__.get("code") for k in own]
    assert None not in codes, [k.__name__ for k in own if "code" not in k.__dict__]
    assert len(set(codes)) == len(codes), sorted(c for c in codes if codes.count(c) > 1)
