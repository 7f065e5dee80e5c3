"""Django's PostgreSQL back end that asks a connection for its health only after it has been idle.

Django asks before every request: one more round trip for each answer of a sitting. A connection used a moment ago is
healthy as a rule; where the server died just now, the request fails, Django drops the connection, and the next one
works. A browser that hands in an answer tries again by itself.
"""

from __future__ import annotations

import time
from typing import Any

from django.db.backends.postgresql import base

IDLE_SECONDS = 5.0


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that remembers when it was last known to work."""

    _last_used = 0.0

    def close_if_health_check_failed(self) -> None:
        """As Django's, but a connection used within `IDLE_SECONDS` counts as healthy."""
        moment = time.monotonic()
        if moment - self._last_used < IDLE_SECONDS:
            self.health_check_done = True
        self._last_used = moment
        super().close_if_health_check_failed()

    def close(self) -> Any:
        self._last_used = 0.0
        return super().close()
