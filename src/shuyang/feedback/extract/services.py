"""Bring the extract up to date with evidence, make it anew, and prove that both come to the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from django.conf import settings

from shuyang.evidence.api import EstimateView, estimates_written
from shuyang.feedback.extract.layout import Layout, result_key
from shuyang.feedback.extract.making import rows_of
from shuyang.feedback.extract.store import (
    Manifest,
    add_part,
    alone,
    digest,
    forget_parts,
    join_parts,
    known_results,
    read_manifest,
    write_manifest,
)
from shuyang.frameworks.api import current
from shuyang.kernel.clock import now

# Ids and moments are given before the commit: what a long transaction wrote is looked for again this long.
OVERLAP = timedelta(minutes=30)
PART_ROWS = 20_000
MOST_PARTS = 24
Step = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class ExtractReport:
    """Rows in the extract, how many came just now, and the hash of its content ("" where it was not asked for)."""

    rows: int
    added: int
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ExtractCheck:
    """The extract against one made anew from evidence: equal when the digests are."""

    rows: int
    rows_anew: int
    digest: str
    digest_anew: str

    @property
    def equal(self) -> bool:
        return (self.rows, self.digest) == (self.rows_anew, self.digest_anew)


def extract_folder() -> Path:
    """Where the extract lies (setting `SHUYANG_EXTRACT`)."""
    return Path(settings.SHUYANG_EXTRACT)


def update_extract(step: Step = lambda rows: None) -> ExtractReport:
    """Add what evidence has gained; quick where there is nothing new. Safe to repeat and to break off."""
    folder = extract_folder()
    with alone(folder):
        manifest = read_manifest(folder)
        if manifest is None or manifest.layout != _layout():
            manifest = Manifest(_layout())
        before = manifest.rows
        manifest = _read(folder, manifest, step)
        forget_parts(folder, manifest)
        if len(manifest.parts) > MOST_PARTS:
            manifest = join_parts(folder, manifest)
    return ExtractReport(manifest.rows, manifest.rows - before)


def rebuild_extract(step: Step = lambda rows: None) -> ExtractReport:
    """Make the extract anew from evidence and put it in the place of the old one."""
    folder = extract_folder()
    with alone(folder):
        for path in folder.glob("part-*.parquet"):
            path.unlink()
        manifest = Manifest(_layout())
        write_manifest(folder, manifest)
        manifest = _read(folder, manifest, step)
    return ExtractReport(manifest.rows, manifest.rows, digest(folder, manifest))


def check_extract(step: Step = lambda rows: None) -> ExtractCheck:
    """Make a second extract beside the first, compare them, and throw the second away."""
    update_extract()
    folder = extract_folder()
    beside = Path(mkdtemp(prefix="extract-", dir=folder.parent))
    try:
        first, second = read_manifest(folder), _read(beside, Manifest(_layout()), step)
        assert first is not None
        return ExtractCheck(first.rows, second.rows, digest(folder, first), digest(beside, second))
    finally:
        shutil.rmtree(beside)


def _layout() -> Layout:
    framework = current()
    return Layout(tuple(f.id for f in framework.forces), tuple(f.id for f in framework.facets))


def _read(folder: Path, manifest: Manifest, step: Step) -> Manifest:
    started, known = now(), np.sort(known_results(folder, manifest))
    since = manifest.since - OVERLAP if manifest.since and manifest.parts else None
    waiting: list[EstimateView] = []
    for batch in estimates_written(since=since):
        new = ~np.isin([result_key(view.id) for _, view in batch], known)
        waiting += [view for (_, view), is_new in zip(batch, new, strict=True) if is_new]
        if len(waiting) >= PART_ROWS:
            manifest, waiting = _part(folder, manifest, waiting), []
            step(manifest.rows)
    if waiting:
        manifest = _part(folder, manifest, waiting)
        step(manifest.rows)
    manifest = Manifest(manifest.layout, manifest.parts, started)
    write_manifest(folder, manifest)
    return manifest


def _part(folder: Path, manifest: Manifest, views: list[EstimateView]) -> Manifest:
    chunks = [rows_of(views[i : i + 500], manifest.layout) for i in range(0, len(views), 500)]
    columns = {name: np.concatenate([c[name] for c in chunks]) for name in manifest.layout.columns}
    if not len(columns["estimate"]):
        return manifest
    return add_part(folder, manifest, columns, manifest.since)
