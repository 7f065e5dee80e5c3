"""Who may replace the framework. Reading is open: it names no one."""

from __future__ import annotations

from django.db.models import Q

from shuyang.frameworks.models import FrameworkVersion
from shuyang.trust.api import EVERYTHING, NOTHING, Actor, Policy, Role


class LoadFramework(Policy[FrameworkVersion]):
    """Administrators and the system itself."""

    def can(self, actor: Actor, row: FrameworkVersion | None) -> bool:
        return actor.has_anywhere(Role.ADMINISTRATOR)

    def visible_to(self, actor: Actor) -> Q:
        return EVERYTHING if self.can(actor, None) else NOTHING
