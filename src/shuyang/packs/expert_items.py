"""The secure items of a pack as the engine takes them, by their experts' priors."""

from __future__ import annotations

from collections.abc import Sequence

from shuyang.frameworks.api import Framework
from shuyang.itembank.api import ItemContent, Purpose, ReviewState, expert_item
from shuyang.measurement.cat.contracts import CatItem
from shuyang.packs.contracts import Pack


def secure_contents(pack: Pack) -> list[ItemContent]:
    """The reviewed secure items: those that would enter a release."""
    return [
        item.content
        for item in pack.items
        if item.content.purpose is Purpose.SECURE and item.content.state is ReviewState.REVIEWED
    ]


def cat_items(contents: Sequence[ItemContent], framework: Framework) -> list[CatItem]:
    """The items as the engine takes them, by their experts' priors and with their enemies among `contents`."""
    forces = [force.id for force in framework.forces]
    force_of = {facet.id: facet.force for facet in framework.facets}
    known = {one.id for one in contents}
    return [
        expert_item(
            one,
            item_id=one.id,
            dim=forces.index(force_of[one.facet]),
            enemies=tuple(enemy for enemy in one.enemies if enemy in known),
        )
        for one in contents
    ]
