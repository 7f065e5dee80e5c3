"""Read an installation's sittings for comparison: logs, unfinished ones, scores recomputed, chains checked. Prints JSON.

Run as `python -m benchmarks.delivery.reading` with the installation's environment.
"""

from __future__ import annotations

import json
from typing import Any


def main() -> None:
    import django

    django.setup()
    print(json.dumps(read()))


def read() -> dict[str, Any]:
    """The state of every sitting; `differing` scores are recomputed by the auditor's own program."""
    from shuyang.delivery.api import audit_export, check_sittings
    from shuyang.delivery.models import Response, Sitting
    from shuyang.evidence.models import Observation
    from shuyang.trust.api import SYSTEM, check_audit

    logs: dict[str, list[tuple[int, str]]] = {}
    for row in Response.objects.order_by("position").values_list("sitting_id", "position", "key"):
        logs.setdefault(str(row[0]), []).append((row[1], str(row[2])))
    finished = list(Sitting.objects.filter(state="finished").values_list("id", flat=True))
    reports = [check_sittings(), check_audit()]
    exports = {str(one): audit_export(actor=SYSTEM, sitting_id=one) for one in finished}
    evidence = {str(one): Observation.objects.filter(source_id=one).count() for one in finished}
    return {
        "logs": logs,
        "sittings": Sitting.objects.count(),
        "unfinished": Sitting.objects.exclude(state="finished").count(),
        "differing": sum(not _agrees(export) for export in exports.values()),
        "evidence": sum(count != len(logs.get(one, ())) for one, count in evidence.items()),
        "breaks": sum(len(report.problems) for report in reports),
    }


def _agrees(export: dict[str, Any]) -> bool:
    from shuyang.cli.verifying import verify_export

    return verify_export(json.loads(json.dumps(export))).agrees


if __name__ == "__main__":
    main()
