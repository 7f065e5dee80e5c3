"""Releases: read once per process and hash, checked against their hash, and kept."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from shuyang.itembank.content import ItemType, Layer
from shuyang.itembank.contracts import Release, ReleaseItem, ReleaseState, ReleaseView
from shuyang.itembank.models import ItemVersion, ReleaseRow
from shuyang.itembank.policies import Publish, SeeBank
from shuyang.itembank.release_body import read_cuts
from shuyang.itembank.storing import version_id
from shuyang.kernel.canonical import digest
from shuyang.kernel.errors import Forbidden, NotFound, Tampered
from shuyang.measurement.cat.contracts import Blueprint, CatItem, Prior, ScaleTransform
from shuyang.trust.api import Actor


def current_release() -> Release:
    """The release new sittings run on. Raises `NotFound` before the first was published."""
    address = ReleaseRow.objects.filter(current=True).values_list("hash", flat=True).first()
    if address is None:
        raise NotFound("no release is published")
    return release(hash=address)


@lru_cache(maxsize=8)
def release(*, hash: str) -> Release:
    """The release with this content address. Raises `NotFound`, or `Tampered` if its body was altered."""
    row = ReleaseRow.objects.filter(hash=hash).first()
    if row is None:
        raise NotFound("no such release")
    if digest(row.body.encode()) != hash:
        raise Tampered("the release's body does not fit its hash")
    return _read(row)


def _read(row: ReleaseRow) -> Release:
    body: dict[str, Any] = msgspec.json.decode(row.body)
    keys = _keys([item["content"] for item in body["items"]])
    items = tuple(_item(item, keys) for item in body["items"])
    return Release(
        hash=row.hash,
        published_at=row.published_at,
        framework_hash=body["framework"],
        citations_hash=body["citations"],
        forces=tuple(body["forces"]),
        items=items,
        prior=Prior.from_dict(body["prior"]),
        cuts=read_cuts(body),
        provisional_cuts=body["provisional_cuts"],
        calibrated=body["calibrated"],
        transform=ScaleTransform(**body["transform"]),
        blueprints={name: Blueprint.from_dict(one) for name, one in body["blueprints"].items()},
        algorithm=body["algorithm"],
        tolerance=body["tolerance"],
        body=body,
        by_id={item.id: item for item in items},
        by_version={item.version_id: item for item in items},
    )


def _keys(hashes: list[str]) -> dict[str, str]:
    """Item key by content hash. Raises `Tampered` where a version of a published release is gone."""
    found: dict[str, str] = {}
    for start in range(0, len(hashes), 500):
        rows = ItemVersion.objects.filter(content_hash__in=hashes[start : start + 500])
        found.update(rows.values_list("content_hash", "item__key"))
    if len(found) < len(set(hashes)):
        raise Tampered("item versions of the release are missing")
    return found


def _item(row: dict[str, Any], keys: dict[str, str]) -> ReleaseItem:
    version: UUID = version_id(row["content"])
    return ReleaseItem(
        id=row["id"],
        version_id=version,
        content_hash=row["content"],
        key=keys[row["content"]],
        facet=row["facet"],
        force=row["force"],
        level=row["level"],
        layer=Layer(row["layer"]),
        type=ItemType(row["type"]),
        max_category=row["max_category"],
        cat=CatItem.from_dict(row["cat"]),
    )


def release_view(row: ReleaseRow, *, new: bool = False) -> ReleaseView:
    """The release without its items."""
    return ReleaseView(
        hash=row.hash,
        state=ReleaseState.CURRENT if row.current else ReleaseState.RETIRED,
        published_at=row.published_at,
        items=row.items,
        provisional_cuts=row.provisional_cuts,
        calibrated=row.calibrated,
        new=new,
    )


def releases(*, actor: Actor) -> tuple[ReleaseView, ...]:
    """All releases, newest first. Raises `Forbidden`."""
    if not (SeeBank().can(actor) or Publish().can(actor)):
        raise Forbidden("releases are for those who work on the bank")
    return tuple(release_view(row) for row in ReleaseRow.objects.defer("body").order_by("-published_at", "-id"))
