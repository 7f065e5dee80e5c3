"""Load the built-in pack: framework, items, release, lessons, all or nothing, and nothing at all when nothing changed."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from shuyang.frameworks import api as frameworks
from shuyang.itembank import api as itembank
from shuyang.kernel.errors import Invalid
from shuyang.learning import api as learning
from shuyang.packs.contracts import PackReport
from shuyang.packs.files import builtin_folder, pack_hash
from shuyang.packs.lessons import readable
from shuyang.packs.reading import read_pack
from shuyang.trust.api import Actor

BUILTIN = "builtin"


def load_builtin(*, actor: Actor, folder: Path | None = None) -> PackReport:
    """Load the pack shipped with the product (or the one in `folder` in its place).

    Idempotent; a second call with the same files reads one row. Raises `Invalid` with every problem of form.
    """
    place = folder or builtin_folder()
    address = pack_hash(place, recipe=itembank.release_recipe())
    if itembank.source_hash(source=BUILTIN) == address:
        return PackReport(address)
    pack, problems = read_pack(place)
    if pack is None or problems:
        raise Invalid(problems)
    with transaction.atomic():
        framework = frameworks.load_framework(actor=actor, framework=pack.framework)
        contents = [item.content for item in pack.items]
        items = itembank.load_items(actor=actor, contents=contents, source=BUILTIN, source_hash=address)
        release = itembank.publish_release(actor=actor)
        lessons = learning.load_lessons(actor=actor, lessons=readable(pack.lessons).values(), source_hash=address)
    return PackReport(address, framework, items, release, lessons)
