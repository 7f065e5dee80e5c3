"""Contents by version, and the practice items: decoded once per process, for a version never changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from shuyang.itembank.content import ItemContent, Purpose, ReviewState
from shuyang.itembank.models import ItemVersion
from shuyang.itembank.queries.bank import current_versions
from shuyang.itembank.storing import from_text
from shuyang.kernel.errors import NotFound

_cache: dict[UUID, ItemContent] = {}
_MOST = 20_000
_AT_A_TIME = 500


def contents(*, version_ids: Iterable[UUID]) -> Mapping[UUID, ItemContent]:
    """Contents of these versions. Raises `NotFound` if one does not exist."""
    wanted = list(dict.fromkeys(version_ids))
    missing = [one for one in wanted if one not in _cache]
    for start in range(0, len(missing), _AT_A_TIME):
        _read(missing[start : start + _AT_A_TIME])
    try:
        return {one: _cache[one] for one in wanted}
    except KeyError as error:
        raise NotFound(f"no item version {error.args[0]}") from None


def _read(version_ids: list[UUID]) -> None:
    if len(_cache) > _MOST:
        _cache.clear()
    for version_id, text in ItemVersion.objects.filter(id__in=version_ids).values_list("id", "content"):
        _cache[version_id] = from_text(text)


def practice_version_ids(*, facet: str | None = None, level: int | None = None) -> tuple[UUID, ...]:
    """Reviewed practice items in use, by level and key."""
    rows = current_versions().filter(item__purpose=Purpose.PRACTICE.value, state=ReviewState.REVIEWED.value)
    if facet is not None:
        rows = rows.filter(item__facet=facet)
    if level is not None:
        rows = rows.filter(level=level)
    return tuple(rows.order_by("level", "item__key").values_list("id", flat=True))


def cited_in(*, facet: str) -> tuple[str, ...]:
    """Ids of the citations on which the facet's items in use rest, sorted."""
    texts = current_versions().filter(item__facet=facet).values_list("content", flat=True)
    return tuple(sorted({reference.partition("#")[0] for text in texts for reference in from_text(text).citations}))
