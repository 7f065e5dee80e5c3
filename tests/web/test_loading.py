"""What a web process loads when it starts: heavy libraries that few requests need wait until one does.

Ten thousand open sittings have to fit into a gigabyte with all web processes, and every command waits for this, too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

WAITING = ("scipy.stats", "docx", "openbadgeslib", "pypinyin", "matplotlib", "numba", "highspy", "dask")
LOAD = """
import django, sys
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
print(*sorted(set(sys.argv[1:]) & set(sys.modules)))
"""


def test_a_web_process_starts_without_what_few_requests_need(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-c", LOAD, *WAITING],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "shuyang.config.settings_test",
            "PYTHONPATH": os.pathsep.join(sys.path),
            "SHUYANG_HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.fail(made.stderr)
    assert made.stdout.split() == []
