"""Load lessons: new and changed ones become versions, what left the source is withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec
from django.db import transaction

from shuyang.itembank.api import contents, practice_version_ids
from shuyang.kernel.canonical import canonical_json, digest
from shuyang.kernel.errors import Forbidden, Invalid, Problem
from shuyang.learning.contracts import Lesson, LoadReport
from shuyang.learning.models import LessonVersion
from shuyang.learning.policies import LoadLessons
from shuyang.learning.rules import problems_of
from shuyang.trust.api import Actor, record


def load_lessons(*, actor: Actor, lessons: Iterable[Lesson], source_hash: str) -> LoadReport:
    """Bring the catalogue to `lessons`. Idempotent; earlier versions stay for those who read them.

    Raises `Invalid` for unsound lessons, an id given twice and practice items that the bank does not hold; `Forbidden`.
    """
    if not LoadLessons().can(actor, None):
        raise Forbidden("loading lessons is for administrators")
    wanted = list(lessons)
    problems = [problem for one in wanted for problem in problems_of(one)]
    problems += [*_doubles(wanted), *_unknown_practice(wanted)]
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        report = _load(wanted)
        if not report.nothing:
            counts = {"added": len(report.added), "changed": len(report.changed), "withdrawn": len(report.withdrawn)}
            record(
                actor=actor, action="lessons.loaded", object_kind="source", object_id=source_hash[:12], details=counts
            )
    return report


def _doubles(wanted: Sequence[Lesson]) -> list[Problem]:
    ids = sorted(one.head.id for one in wanted)
    return [Problem(key, "double_id") for key, group in groupby(ids) if len(list(group)) > 1]


def _unknown_practice(wanted: Sequence[Lesson]) -> list[Problem]:
    known = {content.id for content in contents(version_ids=practice_version_ids()).values()}
    return [
        Problem(f"{one.head.id}/practice", "lesson_practice_unknown", (("item", key),))
        for one in wanted
        for key in one.head.practice
        if key not in known
    ]


def _load(wanted: Sequence[Lesson]) -> LoadReport:
    texts = {one.head.id: canonical_json(msgspec.to_builtins(one)).decode() for one in wanted}
    addresses = {key: digest(text.encode()) for key, text in texts.items()}
    current = dict(LessonVersion.objects.filter(current=True).values_list("key", "hash"))
    withdrawn = tuple(sorted(current.keys() - texts.keys()))
    moved = [key for key in sorted(texts) if current.get(key) != addresses[key]]
    LessonVersion.objects.filter(current=True, key__in=[*withdrawn, *moved]).update(current=False)
    for key in moved:
        LessonVersion.objects.update_or_create(
            hash=addresses[key], defaults={"key": key, "body": texts[key], "current": True}
        )
    added = tuple(key for key in moved if key not in current)
    changed = tuple(key for key in moved if key in current)
    return LoadReport(added, changed, len(texts) - len(moved), withdrawn)
