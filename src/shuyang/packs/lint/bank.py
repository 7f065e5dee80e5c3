"""The items together: ids, enemies, duplicates, balance of keys, completeness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from shuyang.itembank.api import ItemContent, ItemType, MultipleItem, Purpose, ReviewState, SingleItem
from shuyang.kernel.errors import Problem
from shuyang.packs.contracts import Finding, Requirements, Severity
from shuyang.packs.lint.similarity import similar_pairs
from shuyang.packs.lint.text import bare, shown_text
from shuyang.packs.lint.wording import right_and_wrong

Coverage = Mapping[tuple[str, int], Counter[ItemType]]
SAME, ALIKE = 0.80, 0.35
# Shares are judged from this many items on.
_ENOUGH = 20
MOST_AT_ONE_PLACE, MOST_LONGEST = 0.40, 0.45


def bank_findings(items: Sequence[ItemContent], facets: Sequence[str], needed: Requirements) -> Iterator[Finding]:
    """Findings about all items together."""
    yield from _ids(items, facets)
    yield from _enemies(items)
    yield from _duplicates(items)
    yield from _balance(items)
    yield from _completeness(items, facets, needed)


def _error(where: str, code: str, **data: str) -> Finding:
    return Finding(Problem(where, code, tuple(data.items())))


def _ids(items: Sequence[ItemContent], facets: Sequence[str]) -> Iterator[Finding]:
    for key, count in Counter(item.id for item in items).items():
        if count > 1:
            yield _error(key, "double_id")
    for item in items:
        if item.facet not in facets:
            yield _error(f"{item.id}/facet", "unknown_facet", facet=item.facet)


def _enemies(items: Sequence[ItemContent]) -> Iterator[Finding]:
    by_id = {item.id: item for item in items}
    for item in items:
        for enemy in item.enemies:
            other = by_id.get(enemy)
            if other is None:
                yield _error(f"{item.id}/enemies", "enemy_unknown", enemy=enemy)
            elif other.purpose is not item.purpose:
                yield _error(f"{item.id}/enemies", "enemy_other_purpose", enemy=enemy)
            elif item.id not in other.enemies:
                yield _error(f"{item.id}/enemies", "enemy_one_sided", enemy=enemy)


def _duplicates(items: Sequence[ItemContent]) -> Iterator[Finding]:
    texts = [bare(shown_text(item)) for item in items]
    for i, j, likeness in similar_pairs(texts, least=ALIKE):
        one, other = items[i], items[j]
        data = {"other": other.id, "percent": f"{100 * likeness:.0f}"}
        if likeness >= SAME:
            yield _error(one.id, "near_duplicate", **data)
        elif one.purpose is not other.purpose:
            yield _error(one.id, "practice_gives_away", **data)
        elif other.id not in one.enemies:
            yield Finding(Problem(one.id, "similar_not_enemies", tuple(data.items())), Severity.WARNING)


def _balance(items: Sequence[ItemContent]) -> Iterator[Finding]:
    """Options are shuffled for everyone, but authors' habits show in print and in options of fixed order."""
    singles = [item for item in items if isinstance(item, SingleItem)]
    places = Counter([option.id for option in item.options].index(item.key) for item in singles if _has_key(item))
    yield from _uneven("single", places)
    several: Counter[int] = Counter()
    for item in items:
        if isinstance(item, MultipleItem):
            several.update(place for place, option in enumerate(item.options) if option.id in item.key)
    yield from _uneven("multiple", several)
    longest = sum(_key_is_longest(item) for item in singles)
    if len(singles) >= _ENOUGH and longest > MOST_LONGEST * len(singles):
        yield _error("bank", "keys_longest", percent=f"{100 * longest / len(singles):.0f}")


def _has_key(item: SingleItem) -> bool:
    return item.key in {option.id for option in item.options}


def _key_is_longest(item: SingleItem) -> bool:
    right, wrong = right_and_wrong(item)
    return bool(right and wrong) and len(bare(right[0])) > max(len(bare(text)) for text in wrong)


def _uneven(kind: str, places: Counter[int]) -> Iterator[Finding]:
    total = sum(places.values())
    for place, count in places.items():
        if total >= _ENOUGH and count > MOST_AT_ONE_PLACE * total:
            percent = f"{100 * count / total:.0f}"
            yield _error("bank", "key_places_uneven", type=kind, place="abcdefgh"[place], percent=percent)


def coverage_of(items: Sequence[ItemContent], purpose: Purpose) -> Coverage:
    """Items of a purpose by facet, level and type."""
    found: dict[tuple[str, int], Counter[ItemType]] = {}
    for item in items:
        if item.purpose is purpose:
            found.setdefault((item.facet, item.level), Counter())[item.type] += 1
    return found


def _completeness(items: Sequence[ItemContent], facets: Sequence[str], needed: Requirements) -> Iterator[Finding]:
    ready = [item for item in items if item.state is ReviewState.REVIEWED]
    secure = coverage_of(ready, Purpose.SECURE)
    for facet in facets:
        for level in range(1, 6):
            count = sum(secure.get((facet, level), Counter()).values())
            if count < needed.secure_per_cell:
                place = f"{facet}/L{level}"
                yield _error(place, "too_few_secure", count=str(count), needed=str(needed.secure_per_cell))
        practice = sum(item.purpose is Purpose.PRACTICE and item.facet == facet for item in ready)
        if practice < needed.practice_per_facet:
            yield _error(facet, "too_few_practice", count=str(practice), needed=str(needed.practice_per_facet))
    yield from _shares([item for item in ready if item.purpose is Purpose.SECURE], needed)


def _shares(secure: Sequence[ItemContent], needed: Requirements) -> Iterator[Finding]:
    if len(secure) < _ENOUGH:
        return
    single = sum(item.type is ItemType.SINGLE for item in secure) / len(secure)
    stimulus = sum(bool(item.stimulus) for item in secure) / len(secure)
    if single > needed.single_share:
        yield _error("bank", "too_many_single", percent=f"{100 * single:.0f}", most=f"{100 * needed.single_share:.0f}")
    if stimulus < needed.stimulus_share:
        least = f"{100 * needed.stimulus_share:.0f}"
        yield _error("bank", "too_little_stimulus", percent=f"{100 * stimulus:.0f}", least=least)
