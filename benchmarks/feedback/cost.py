"""What a publication and a view cost, from ten thousand people to a million: the product's own services and pages.

Per size one database (SQLite) with the units, the persons and two campaigns, and an extract of both campaigns' results written
directly: 1,000,000 real sittings would say nothing more of this cost. Seven in ten people are measured both times. Publishing and
reading run in processes of their own, so that each one's peak of memory is its own.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.feedback.organisations import ERROR, FACET_ERROR, FORCE_OF, MIX, WITHIN, posts, tree

STEPS = (10_000, 100_000, 1_000_000)
PER_UNIT, BELOW = 20, 12
STAY = 0.7
BATCH = 100_000
ROOT = Path(__file__).resolve().parents[2]


def run(steps: tuple[int, ...] = STEPS) -> list[dict[str, str]]:
    """One line a size: CPU seconds and peak memory of each publication, wall seconds of the slowest view and its memory."""
    rows = []
    for people in steps:
        with tempfile.TemporaryDirectory(prefix="shuyang-bench-") as home:
            line = {"people": str(people)}
            for part in ("prepare", "publish-1", "publish-2", "views"):
                line |= _process(part, people, home)
            rows.append(line)
    return rows


def _process(part: str, people: int, home: str) -> dict[str, str]:
    command = [sys.executable, "-m", "benchmarks.feedback", part, str(people)]
    environment = os.environ | {"SHUYANG_HOME": home, "DJANGO_SETTINGS_MODULE": "shuyang.config.settings_test"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return dict(item.split("=") for item in done.stdout.strip().splitlines()[-1].split())


def _peak() -> str:
    return str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


# --- what is there before ---------------------------------------------------------------------------------------------


def prepare(people: int) -> dict[str, str]:
    """The database and the extract of both campaigns."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.cast import make_cast
    from tests.delivery.world import NOON, load_bank, open_campaign

    from shuyang.kernel.clock import frozen

    rng = np.random.default_rng(people)
    with frozen(NOON):
        load_bank()
        cast = make_cast()
        parent = tree(max(2, people // PER_UNIT), BELOW)
        units = _units(cast.finance, parent)
        unit = rng.integers(0, len(parent), people)
        _persons(units, unit)
        first = open_campaign(cast, name="第一次测评")
        second = open_campaign(
            cast, name="第二次测评", opens_at=NOON + timedelta(days=30), closes_at=NOON + timedelta(days=37)
        )
        _extract(rng, [u.path for u in units], unit, [first, second])
    return {"units": str(len(parent))}


def _units(top: Any, parent: np.ndarray) -> list[Any]:
    from shuyang.people.models import Unit

    made = [top]
    for number in range(1, len(parent)):
        above = made[parent[number]]
        path = f"{above.path}{number:x}/"
        kind = "市" if 0 < number <= BELOW else ""
        made.append(Unit(name=f"单位{number}", code=f"U{number}", parent=above, path=path, kind=kind))
    Unit.objects.bulk_create(made[1:], batch_size=2000)
    return made


def _persons(units: list[Any], unit: np.ndarray) -> None:
    from shuyang.people.models import Person

    for start in range(0, len(unit), 20_000):
        part = enumerate(unit[start : start + 20_000], start)
        Person.objects.bulk_create(
            [
                Person(
                    number=f"B{n:07d}", name="模拟", name_pinyin="moni", unit=units[u], unit_path=units[u].path,
                    synthetic=True,
                )
                for n, u in part
            ],
            batch_size=2000,
        )  # fmt: skip


def _extract(rng: np.random.Generator, paths: list[str], unit: np.ndarray, campaigns: list[Any]) -> None:
    from shuyang.feedback.extract.services import _layout, extract_folder
    from shuyang.feedback.extract.store import Manifest, add_part, join_parts, write_manifest
    from shuyang.kernel.clock import now

    folder = extract_folder()
    folder.mkdir(parents=True, exist_ok=True)
    people, codes = len(unit), posts(rng, len(unit))
    home = 0.2 * rng.standard_normal((len(paths), 5)) @ MIX.T
    theta = home[unit] + WITHIN * rng.standard_normal((people, 5)) @ MIX.T
    came = np.flatnonzero(rng.random(people) > STAY)
    manifest = Manifest(_layout())
    for round_, campaign in enumerate(campaigns):
        person = np.arange(people)
        if round_:
            person[came] += people
            theta += 0.2 + 0.3 * rng.standard_normal(theta.shape) @ MIX.T
        for start in range(0, people, BATCH):
            part = slice(start, start + BATCH)
            columns = _results(
                rng, manifest.layout, campaign, paths, unit[part], codes[part], theta[part], person[part]
            )
            manifest = add_part(folder, manifest, columns, now())
    write_manifest(folder, join_parts(folder, manifest) if len(manifest.parts) > 1 else manifest)


def _results(
    rng: np.random.Generator, layout: Any, campaign: Any, paths: list[str], unit: np.ndarray, codes: np.ndarray,
    theta: np.ndarray, person: np.ndarray,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Rows of the extract, as the product's own columns."""
    from shuyang.feedback.publishing.rows import DIMENSIONS, GROUPS

    n = len(unit)
    error = (ERROR * np.exp(0.15 * rng.standard_normal(theta.shape))) ** 2
    value = theta + np.sqrt(error) * rng.standard_normal(theta.shape)
    facet = theta[:, FORCE_OF] + FACET_ERROR * rng.standard_normal((n, len(layout.facets)))
    same = {"campaign": str(campaign.id), "release": campaign.release_hash, "purpose": str(campaign.purpose)}
    columns: dict[str, Any] = {name: np.full(n, text, dtype=object) for name, text in same.items()}
    columns |= {"estimate": rng.integers(0, 2**62, n), "source": rng.integers(0, 2**62, n), "person": person + 10**9}
    columns |= {"revision": np.zeros(n, np.int64), "at": np.zeros(n, np.int64), "answered": np.full(n, 45)}
    columns |= {
        "path": np.array(paths, dtype=object)[unit],
        "synthetic": np.ones(n, bool),
        "provisional": np.ones(n, bool),
    }
    for d, (name, groups) in enumerate(zip(DIMENSIONS, GROUPS, strict=True)):
        columns[str(name)] = np.array(groups, dtype=object)[codes[:, d]]
    shrunk = value / (1 + error)
    for k, kind in ((shrunk, "mean"), (value, "value"), (error, "error"), (3 + shrunk, "level")):
        columns |= {name: k[:, i] for i, name in enumerate(layout.per_force(kind))}
    columns |= {name: np.where(i == j, error[:, i] / (1 + error[:, i]), 0.0) for i, j, name in layout.covariances}
    for k, kind in (
        (np.full(facet.shape, 4.0), "items"),
        (facet, "facet"),
        (np.full(facet.shape, FACET_ERROR**2), "facet_error"),
    ):
        columns |= {name: k[:, i] for i, name in enumerate(layout.per_facet(kind))}
    return {name: columns[name] for name in layout.columns}


# --- what is measured -------------------------------------------------------------------------------------------------


def publish(people: int, number: int) -> dict[str, str]:
    """Publish the first or the second campaign (the second with growth): seconds of CPU and the peak of memory."""
    from tests.delivery.world import NOON

    from shuyang.delivery.models import Campaign
    from shuyang.feedback.api import publish_campaign
    from shuyang.kernel.clock import frozen
    from shuyang.trust.api import SYSTEM

    campaign = Campaign.objects.get(name=("第一次测评", "第二次测评")[number - 1])
    start = time.process_time()
    with frozen(NOON + timedelta(days=31 * (number - 1))):
        publish_campaign(actor=SYSTEM, campaign_id=campaign.id)
    spent = time.process_time() - start
    return {f"publish{number}_cpu_s": f"{spent:.1f}", f"publish{number}_peak_mb": _peak()}


def views(people: int) -> dict[str, str]:
    """Pages of units at the top, in the middle and below, of everyone and of a group, and the top one as Excel and by the API."""
    from tests.cast import client_of

    from shuyang.people.models import Account, Unit

    units = [
        Unit.objects.get(code="F"),
        *(Unit.objects.get(code=f"U{n}") for n in (1, max(1, people // PER_UNIT // 30))),
    ]
    asked = [f"/units/{u.id}/{tail}" for u in units for tail in ("", "?people=rank_layer:general")]
    asked += [f"/units/{units[0].id}/file.xlsx"]
    worst, cpu = 0.0, 0.0
    client = client_of(Account.objects.get(username="p001").id)
    for address in asked:
        start, used = time.perf_counter(), time.process_time()
        response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address}: {response.status_code}")
        worst, cpu = max(worst, time.perf_counter() - start), max(cpu, time.process_time() - used)
    return {"slowest_view_s": f"{worst:.2f}", "view_cpu_s": f"{cpu:.2f}", "view_peak_mb": _peak()}
