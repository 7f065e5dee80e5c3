"""Hold a standard setting: choose the panel's items, take ratings by round, close the record, adopt its cuts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction

from shuyang.delivery.models import JudgeRating, StandardSetting
from shuyang.delivery.policies import SetStandards
from shuyang.delivery.rules import NAME_LENGTH
from shuyang.delivery.standards.contracts import Method
from shuyang.delivery.standards.rules import (
    FEWEST_JUDGES,
    MOST_ITEMS,
    NoCuts,
    Ratings,
    SettingClosed,
    booklet,
    checked_ratings,
    cuts_of,
    level_cuts,
    panel_items,
)
from shuyang.itembank.api import ReleaseView, current_release, publish_with_cuts, release
from shuyang.kernel.canonical import content_hash
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Forbidden, Invalid, NotFound, Problem
from shuyang.trust.api import Actor, record

JUDGE_LENGTH = 40


def start_setting(*, actor: Actor, name: str, method: Method, per_force: int) -> UUID:
    """Begin a standard setting on the current release with `per_force` items (3 to 20). Raises `Forbidden`, `Invalid`."""
    problems = [Problem("name", "required")] if not name.strip() else []
    if len(name.strip()) > NAME_LENGTH:
        problems.append(Problem("name", "too_long", (("most", str(NAME_LENGTH)),)))
    if not 3 <= per_force <= MOST_ITEMS:
        problems.append(Problem("per_force", "item_count", (("most", str(MOST_ITEMS)),)))
    if problems:
        raise Invalid(problems)
    found = current_release()
    row = StandardSetting(
        name=name.strip(), method=method, release_hash=found.hash, items=panel_items(found, per_force),
        account_id=actor.account_id,
    )  # fmt: skip
    if not SetStandards().can(actor, row):
        raise Forbidden("standards are set by psychometricians")
    with transaction.atomic():
        row.save(force_insert=True)
        _recorded(row, actor, "standard.started")
    return row.id


def rate(*, actor: Actor, setting_id: UUID, judge: str, values: Mapping[str, Sequence[Any]]) -> None:
    """Enter one judge's ratings of the present round; entering again replaces them. Raises `NotFound`, `Invalid`."""
    rate_many(actor=actor, setting_id=setting_id, ratings={judge: values})


def rate_many(*, actor: Actor, setting_id: UUID, ratings: Mapping[str, Mapping[str, Sequence[Any]]]) -> None:
    """Enter several judges' ratings at once, all or none. Raises `NotFound`, `SettingClosed`, `Invalid` (where: the item
    or force, for several judges with the judge before it)."""
    with transaction.atomic():
        row = _open(actor, setting_id)
        method = Method(row.method)
        rows = booklet(release(hash=row.release_hash), row.items, method)
        problems: list[Problem] = []
        for judge, values in ratings.items():
            try:
                checked = checked_ratings(method, rows, values)
                JudgeRating.objects.update_or_create(
                    setting=row, round=row.round, judge=_judge(judge), defaults={"values": checked, "at": now()}
                )
            except Invalid as error:
                mark = f"{judge}: " if len(ratings) > 1 else ""
                problems += [Problem(f"{mark}{p.where}", p.code, p.data) for p in error.problems]
        if problems:
            raise Invalid(problems)
        _recorded(row, actor, "standard.rated", judges=len(ratings))


def _judge(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > JUDGE_LENGTH:
        raise Invalid([Problem("judge", "judge_name", (("most", str(JUDGE_LENGTH)),))])
    return name


def next_round(*, actor: Actor, setting_id: UUID) -> None:
    """Begin the next round: the ratings so far stay as they are. Raises `NotFound`, `SettingClosed`, `NoCuts`."""
    with transaction.atomic():
        row = _open(actor, setting_id)
        if not JudgeRating.objects.filter(setting=row, round=row.round).exists():
            raise NoCuts("nobody has rated in this round")
        row.round += 1
        row.save(update_fields=["round"])
        _recorded(row, actor, "standard.round", round=row.round)


def ratings_of(row: StandardSetting, number: int) -> Ratings:
    """All judges' ratings of a round."""
    return dict(JudgeRating.objects.filter(setting=row, round=number).values_list("judge", "values"))


def close_setting(*, actor: Actor, setting_id: UUID) -> str:
    """Close the record for good and name it by its hash. Raises `NotFound`, `SettingClosed`, `NoCuts`."""
    with transaction.atomic():
        row = _open(actor, setting_id)
        found = release(hash=row.release_hash)
        ratings = ratings_of(row, row.round)
        if len(ratings) < FEWEST_JUDGES:
            raise NoCuts("five judges or more are needed", judges=len(ratings))
        cuts = cuts_of(found, booklet(found, row.items, Method(row.method)), Method(row.method), ratings)
        rounds = {str(n): {j: dict(v) for j, v in ratings_of(row, n).items()} for n in range(1, row.round + 1)}
        row.body = {
            "kind": "shuyang-standard-setting", "name": row.name, "method": row.method, "release": row.release_hash,
            "items": row.items, "rounds": rounds, "cuts": [asdict(one) for one in cuts],
            "closed_at": now().isoformat(),
        }  # fmt: skip
        row.hash, row.state, row.closed_at = content_hash(row.body), "closed", now()
        row.save(update_fields=["body", "hash", "state", "closed_at"])
        _recorded(row, actor, "standard.closed", hash=row.hash, judges=len(ratings))
    return row.hash


def adopt_setting(*, actor: Actor, setting_id: UUID) -> ReleaseView:
    """Publish the release again with the record's cuts; new campaigns run on it. Raises `NotFound`, `NoCuts`."""
    row = StandardSetting.objects.filter(SetStandards().visible_to(actor), id=setting_id).first()
    if row is None:
        raise NotFound("no such standard setting")
    if row.body is None or content_hash(row.body) != row.hash:
        raise NoCuts("the record is not closed, or was altered")
    found = release(hash=row.release_hash)
    method = Method(row.method)
    cuts = cuts_of(found, booklet(found, row.items, method), method, row.body["rounds"][str(row.round)])
    with transaction.atomic():
        published = publish_with_cuts(
            actor=actor, base=row.release_hash, cuts=level_cuts(cuts), standard_setting=row.hash
        )
        _recorded(row, actor, "standard.adopted", release=published.hash)
    return published


def _open(actor: Actor, setting_id: UUID) -> StandardSetting:
    rows = StandardSetting.objects.select_for_update().filter(SetStandards().visible_to(actor), id=setting_id)
    row = rows.first()
    if row is None:
        raise NotFound("no such standard setting")
    if row.state != "open":
        raise SettingClosed("the record is closed")
    return row


def _recorded(row: StandardSetting, actor: Actor, action: str, **details: Any) -> None:
    record(actor=actor, action=action, object_kind="standard_setting", object_id=row.id, details=details)
