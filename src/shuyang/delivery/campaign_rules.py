"""Pure decisions about campaigns: what a frame may be, how lists are read, who may sit again, when results open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from shuyang.delivery.campaign_contracts import Accommodation, AudienceKind, Frame, Showing, ShownWhen
from shuyang.delivery.contracts import Purpose
from shuyang.evidence.api import Seal
from shuyang.kernel.errors import Conflict, Invalid, Problem, TooMany
from shuyang.people.api import clean_number

MOST_ATTEMPTS, MOST_DAYS, MOST_LISTED = 10, 365, 20_000
YOUNGEST, OLDEST = 14, 120
MOST_TIME, MOST_PAUSES = 4.0, 20
_SEPARATORS = re.compile(r"[\s,，、;；]+")


class CodeNeeded(Conflict):
    """The campaign admits only by an access code, and this person has shown none."""

    code = "access_code_needed"


class NoAttemptLeft(Conflict):
    """The person has sat as often as the campaign allows."""

    code = "no_attempt_left"


class TooSoon(Conflict):
    """The days between two attempts have not passed; `data["day"]` says when they have."""

    code = "attempt_too_soon"


class WrongCode(Invalid):
    """No good access code for this person."""

    code = "wrong_access_code"


class TooManyCodes(TooMany):
    """Too many wrong access codes from one account or address."""

    code = "too_many_codes"


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a pasted list: the line it stands on (from 1), its number, or why it is none."""

    line: int
    number: str
    problem: Problem | None = None


def read_numbers(text: str) -> list[Listed]:
    """Person numbers from pasted text: one or several a line, parted by blanks or commas; each only once."""
    found: list[Listed] = []
    seen: dict[str, int] = {}
    for line, content in enumerate(text.splitlines(), 1):
        for entry in filter(None, _SEPARATORS.split(content)):
            number = clean_number(entry)
            if number is None:
                found.append(Listed(line, entry[:40], line_problem(line, "listed_number_bad", value=entry[:40])))
            elif number not in seen:
                seen[number] = line
                found.append(Listed(line, number))
    return found


def line_problem(line: int, code: str, **data: str) -> Problem:
    """A problem at one line of a list."""
    return Problem(f"numbers:{line}", code, (("line", str(line)), *data.items()))


def frame_problems(frame: Frame, purpose: Purpose) -> list[Problem]:
    """What is wrong with a frame, each at its field."""
    audience, found = frame.audience, list[Problem]()
    if not 1 <= frame.attempts <= MOST_ATTEMPTS:
        found.append(Problem("attempts", "not_between", _between(1, MOST_ATTEMPTS)))
    if not 0 <= frame.days_between <= MOST_DAYS:
        found.append(Problem("days_between", "not_between", _between(0, MOST_DAYS)))
    if audience.kind == AudienceKind.LIST and not audience.numbers.strip():
        found.append(Problem("numbers", "required"))
    if audience.kind == AudienceKind.FILTER:
        found += _filter_problems(frame)
    if frame.pretest_id is not None and purpose != Purpose.POSTTEST:
        found.append(Problem("pretest", "pretest_only_for_posttest"))
    return found


def _filter_problems(frame: Frame) -> list[Problem]:
    audience, found = frame.audience, list[Problem]()
    limits = {"age_from": audience.age_from, "age_to": audience.age_to}
    for where, age in limits.items():
        if age is not None and not YOUNGEST <= age <= OLDEST:
            found.append(Problem(where, "not_between", _between(YOUNGEST, OLDEST)))
    if audience.age_from is not None and audience.age_to is not None and audience.age_to < audience.age_from:
        found.append(Problem("age_to", "age_band_reversed"))
    if not (audience.rank_layers or audience.job_categories or any(a is not None for a in limits.values())):
        found.append(Problem("audience", "filter_empty"))
    return found


def _between(low: int, high: int) -> tuple[tuple[str, str], ...]:
    return ("low", str(low)), ("high", str(high))


def accommodation_problems(granted: Accommodation, *, at: datetime) -> list[Problem]:
    """What is wrong with an accommodation, each at its field."""
    found = []
    if not 1.0 <= granted.time_factor <= MOST_TIME:
        found.append(Problem("time_factor", "not_between", _between(1, int(MOST_TIME))))
    if not 0 <= granted.pauses <= MOST_PAUSES:
        found.append(Problem("pauses", "not_between", _between(0, MOST_PAUSES)))
    if granted.until is not None and granted.until <= at:
        found.append(Problem("until", "closes_in_the_past"))
    if granted.nothing:
        found.append(Problem("form", "grants_nothing"))
    return found


def seal(showing: Showing, *, finished_at: datetime, closes_at: datetime, released_at: datetime | None) -> Seal:
    """From when a result of a campaign may be read; not before the sitting is over."""
    opens = {
        ShownWhen.AT_ONCE: finished_at,
        ShownWhen.AFTER_CLOSE: max(finished_at, closes_at),
        ShownWhen.ON_RELEASE: None if released_at is None else max(finished_at, released_at),
    }[showing.when]
    return Seal(opens if showing.to_person else None, opens if showing.to_unit else None)


def again_from(finished_at: datetime | None, days_between: int) -> datetime | None:
    """From when a person may sit once more after a sitting that ended then."""
    return None if finished_at is None else finished_at + timedelta(days=days_between)


def paths_above(unit_path: str) -> list[str]:
    """The path itself and those of all units above: campaigns of these units reach it."""
    return ["", *(unit_path[: i + 1] for i, c in enumerate(unit_path) if c == "/")]
