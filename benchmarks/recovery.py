"""Are simulated people of known ability recovered by the real delivery services? `python -m benchmarks.recovery --people 1000`

Every person is drawn from the release's own distribution of ability and meets items whose true parameters are drawn
afresh from what is believed about them: coverage is marginal over both, as the intervals claim. Answers go through
`begin` and `answer` with policies, chains and audit; what is compared is the estimate on record.
The database is a temporary one.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from shuyang.delivery.api import CampaignView
    from shuyang.measurement.cat.contracts import CatItem
    from shuyang.trust.api import Actor

FloatArray = npt.NDArray[np.float64]
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Case:
    """One sitting: true ability, estimate and standard error [5], items per force [5], forces that reached the target."""

    theta: FloatArray
    mean: FloatArray
    sd: FloatArray
    items: FloatArray
    reached: npt.NDArray[np.bool_]
    stop: str


@dataclass(frozen=True)
class Recovery:
    """Figures per force [5] over all sittings, in logits; shares and coverage between 0 and 1."""

    rmse: FloatArray
    bias: FloatArray
    coverage: FloatArray
    mean_se: FloatArray
    items: FloatArray
    reached: FloatArray
    correlation: FloatArray


def recovery(cases: Sequence[Case]) -> Recovery:
    """Compare estimates with the truth."""
    theta, mean, sd = (np.array([getattr(c, name) for c in cases]) for name in ("theta", "mean", "sd"))
    error = mean - theta
    return Recovery(
        rmse=np.sqrt((error**2).mean(axis=0)),
        bias=error.mean(axis=0),
        coverage=(np.abs(error) <= Z95 * sd).mean(axis=0),
        mean_se=sd.mean(axis=0),
        items=np.array([c.items for c in cases]).mean(axis=0),
        reached=np.array([c.reached for c in cases]).mean(axis=0),
        correlation=np.array([np.corrcoef(theta[:, d], mean[:, d])[0, 1] for d in range(theta.shape[1])]),
    )


def take_sittings(campaign: CampaignView, actors: Sequence[Actor], *, seed: int) -> Iterator[Case]:
    """Let each person take a whole sitting of a synthetic campaign."""
    from shuyang.delivery.api import simulate_sitting
    from shuyang.itembank.api import release

    found = release(hash=campaign.release_hash)
    spread = np.linalg.cholesky(np.asarray(found.prior.cov))
    for number, actor in enumerate(actors):
        rng = np.random.default_rng([seed, number])
        theta = np.asarray(found.prior.mean) + spread @ rng.standard_normal(len(found.forces))
        truth = _truth(found.cat_items, rng)
        page = simulate_sitting(actor=actor, campaign_id=campaign.id, theta=theta, truth=truth, seed=seed + number)
        yield _case(page.sitting.id, theta, found.forces, {item.facet: item.force for item in found.items})


def _truth(items: Sequence[CatItem], rng: np.random.Generator) -> Callable[[int], CatItem]:
    """True parameters of the items as one person meets them."""
    from shuyang.delivery.api import drawn_item

    return cache(lambda index: drawn_item(items[index], rng))


def _case(sitting_id: UUID, theta: FloatArray, forces: Sequence[str], force_of: dict[str, str]) -> Case:
    from shuyang.evidence.api import estimate_of
    from shuyang.trust.api import SYSTEM

    view = estimate_of(actor=SYSTEM, source="delivery", source_id=sitting_id)
    assert view is not None
    new = view.estimate
    items = [sum(n for facet, n in new.counts.items() if force_of[facet] == force) for force in forces]
    return Case(
        theta=theta,
        mean=np.array(new.mean),
        sd=np.sqrt(np.diag(np.array(new.covariance))),
        items=np.array(items, float),
        reached=np.array(new.reached),
        stop=new.stop_reason,
    )


# --- the command -----------------------------------------------------------------------------------------------------


def make_people(count: int) -> tuple[UUID, list[Actor]]:
    """A synthetic unit with that many people: its id, and the people as actors."""
    from shuyang.people.models import Person, Unit
    from shuyang.trust.api import Actor, make_person_keys

    unit = Unit.objects.create(name="模拟单位", code="SIM", path="sim/")
    people = [
        Person(number=f"SIM{n:05d}", name=f"模拟{n}", name_pinyin="", unit=unit, unit_path=unit.path, synthetic=True)
        for n in range(count)
    ]
    make_person_keys([p.id for p in people])
    Person.objects.bulk_create(people, batch_size=500)
    return unit.id, [Actor(account_id=None, person_id=p.id, unit_path=unit.path) for p in people]


def table(cases: Sequence[Case], forces: Sequence[str], target: Sequence[float]) -> str:
    """The figures as text."""
    found = recovery(cases)
    names = ("RMSE", "bias", "95 % cover", "mean SE", "r", "items", "SE target", "reached")
    lines = [
        f"{'force':<11}" + "".join(f"{name:>{w}}" for name, w in zip(names, (8, 9, 12, 9, 7, 8, 11, 9), strict=True))
    ]
    for d, force in enumerate(forces):
        lines.append(
            f"{force:<11}{found.rmse[d]:>8.3f}{found.bias[d]:>+9.3f}{100 * found.coverage[d]:>11.1f}%{found.mean_se[d]:>9.3f}"
            f"{found.correlation[d]:>7.3f}{found.items[d]:>8.1f}{target[d]:>11.2f}{100 * found.reached[d]:>8.1f}%"
        )
    totals = np.array([c.items.sum() for c in cases])
    whole = np.array([c.reached.all() for c in cases])
    stops = ", ".join(f"{s} {sum(c.stop == s for c in cases)}" for s in sorted({c.stop for c in cases}))
    lines += [
        f"sittings {len(cases)}; items mean {totals.mean():.1f}, median {np.median(totals):.0f}, 90th percentile "
        f"{np.quantile(totals, 0.9):.0f}; all forces reached the target in {100 * whole.mean():.1f} %",
        f"ended by: {stops}",
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--blueprint", default="diagnosis")
    parser.add_argument("--seed", type=int, default=20261122)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shuyang-recovery-") as home:
        os.environ |= {"SHUYANG_HOME": home, "DJANGO_SETTINGS_MODULE": "shuyang.config.settings"}
        os.environ.pop("SHUYANG_DATABASE", None)
        print(_run(arguments.people, arguments.blueprint, arguments.seed))
    return 0


def _run(people: int, blueprint: str, seed: int) -> str:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from datetime import timedelta

    from shuyang.delivery.api import CampaignDraft, Purpose, check_sittings, create_campaign, warm_up
    from shuyang.itembank.api import release
    from shuyang.kernel.clock import now
    from shuyang.packs.api import load_builtin
    from shuyang.trust.api import SYSTEM

    load_builtin(actor=SYSTEM)
    unit_id, actors = make_people(people)
    draft = CampaignDraft(
        name="模拟", purpose=Purpose.DIAGNOSIS, unit_id=unit_id, blueprint=blueprint, opens_at=now(),
        closes_at=now() + timedelta(days=1),
    )  # fmt: skip
    campaign = create_campaign(actor=SYSTEM, draft=draft, synthetic=True)
    warm_up(campaign.release_hash)
    found = release(hash=campaign.release_hash)
    began, cpu, cases = time.perf_counter(), time.process_time(), []
    for case in take_sittings(campaign, actors, seed=seed):
        cases.append(case)
        if len(cases) % 50 == 0:
            print(f"{len(cases)} sittings, {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    answers = sum(c.items.sum() for c in cases)
    cost = 1000 * (time.process_time() - cpu) / answers
    whole = "whole" if check_sittings().whole else "NOT WHOLE"
    text = table(cases, found.forces, found.blueprints[blueprint].target_se)
    return f"release {found.hash[:12]}, {len(found.items)} items, blueprint {blueprint}\n{text}\n" + (
        f"{answers:.0f} answers, {cost:.2f} CPU ms each (simulated person included), chains {whole}"
    )


if __name__ == "__main__":
    sys.exit(main())
