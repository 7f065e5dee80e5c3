"""Load items of a source: new and changed contents become versions, what left the source is retired."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from shuyang.itembank.content import ItemContent
from shuyang.itembank.contracts import LoadReport
from shuyang.itembank.models import Item, ItemVersion, Source
from shuyang.itembank.policies import LoadItems
from shuyang.itembank.storing import to_text, version_id
from shuyang.itembank.structure import problems_of
from shuyang.kernel.canonical import digest
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Conflict, Invalid, Problem
from shuyang.trust.api import Actor, record

_BATCH = 200


def load_items(*, actor: Actor, contents: Iterable[ItemContent], source: str, source_hash: str = "") -> LoadReport:
    """Bring the bank's items of `source` to `contents`. Idempotent; earlier versions stay for those who answered them.

    Raises `Invalid` for unsound items and a key given twice, `Conflict` for a key of another source, `Forbidden`.
    """
    LoadItems().demand(actor)
    wanted = list(contents)
    problems = [problem for content in wanted for problem in problems_of(content)]
    if problems:
        raise Invalid(problems)
    texts = {content.id: (content, to_text(content)) for content in wanted}
    if len(texts) < len(wanted):
        raise Invalid([Problem("items", "double_id")])
    with transaction.atomic():
        report = _load(texts, source)
        Source.objects.update_or_create(name=source, defaults={"hash": source_hash, "loaded_at": now()})
        if not report.nothing:
            counts = {"added": len(report.added), "changed": len(report.changed), "retired": len(report.retired)}
            record(actor=actor, action="items.loaded", object_kind="source", object_id=source, details=counts)
    return report


def _load(texts: dict[str, tuple[ItemContent, str]], source: str) -> LoadReport:
    items = {item.key: item for item in Item.objects.filter(key__in=list(texts)).select_for_update()}
    if any(item.source != source for item in items.values()):
        raise Conflict("an item with this key belongs to another source")
    rows = ItemVersion.objects.filter(item__in=list(items.values())).values_list("item__key", "number", "content_hash")
    numbers: dict[str, dict[str, int]] = {}
    for key, number, hash_ in rows:
        numbers.setdefault(key, {})[hash_] = number
    fresh: list[Item] = []
    changed: list[Item] = []
    versions: list[ItemVersion] = []
    for key, (content, text) in texts.items():
        address = digest(text.encode())
        known = numbers.get(key, {})
        number = known.get(address, max(known.values(), default=0) + 1)
        if (item := items.get(key)) is None:
            fresh.append(item := _new_item(content, source))
        elif item.current_number != number or item.retired:
            item.current_number, item.retired = number, False
            changed.append(item)
        if address not in known:
            versions.append(_new_version(item, number, content, text, address))
    _write(fresh, changed, versions)
    retired = _retire(texts, source)
    unchanged = len(texts) - len(fresh) - len(changed)
    return LoadReport(tuple(i.key for i in fresh), tuple(i.key for i in changed), unchanged, retired)


def _write(fresh: Sequence[Item], changed: Sequence[Item], versions: Sequence[ItemVersion]) -> None:
    Item.objects.bulk_create(fresh, batch_size=_BATCH)
    Item.objects.bulk_update(changed, ["current_number", "retired"], batch_size=_BATCH)
    ItemVersion.objects.bulk_create(versions, batch_size=_BATCH)


def _retire(kept: Iterable[str], source: str) -> tuple[str, ...]:
    gone = Item.objects.filter(source=source, retired=False).exclude(key__in=list(kept))
    keys = tuple(gone.order_by("key").values_list("key", flat=True))
    gone.update(retired=True)
    return keys


def _new_item(content: ItemContent, source: str) -> Item:
    return Item(key=content.id, facet=content.facet, purpose=content.purpose.value, source=source, current_number=1)


def _new_version(item: Item, number: int, content: ItemContent, text: str, address: str) -> ItemVersion:
    return ItemVersion(
        id=version_id(address),
        item=item,
        number=number,
        content=text,
        content_hash=address,
        level=content.level,
        type=content.type.value,
        state=content.state.value,
        stem=content.stem,
    )
