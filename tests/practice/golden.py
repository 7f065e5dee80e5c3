"""python -m tests.practice.golden: write the golden fingerprints of the city anew, after a change made on purpose."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import duckdb

from shuyang.practice.city.api import TABLES, make_database
from tests.practice.seeds import RESIDENTS, SEED
from tests.practice.test_city_tables import GOLDEN, fingerprint


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "city.duckdb"
        make_database(path, residents=RESIDENTS, seed=SEED)
        with duckdb.connect(str(path), read_only=True) as city:
            found = {name: fingerprint(city, table) for name, table in TABLES.items()}
    GOLDEN.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
