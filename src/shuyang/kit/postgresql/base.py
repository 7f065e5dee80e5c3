"""Django's PostgreSQL back end that asks a connection for its health only after it has been idle, and keeps its
prepared statements.

Django asks before every request: one more round trip for each answer of a sitting. A connection used a moment ago is
healthy as a rule; where the server died just now, the request fails, Django drops the connection, and the next one
works. A browser that hands in an answer tries again by itself.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Cursor
from psycopg.pq import TransactionStatus

from shuyang.kit.postgresql.prepared import Found, Prepared

IDLE_SECONDS = 5.0


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that remembers when it was last known to work."""

    _last_used = 0.0
    _prepared: Prepared | None = None

    def get_new_connection(self, conn_params: Any) -> Any:
        made = super().get_new_connection(conn_params)
        self._prepared = Prepared(made)
        return made

    def run_prepared(self, sql: str, parameters: Sequence[Any]) -> Found:
        """Execute a fixed statement that the server parses and plans once per connection (`Prepared.run`)."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        self.validate_no_broken_transaction()
        with self.wrap_database_errors:
            pending = self.connection.pgconn.transaction_status == TransactionStatus.IDLE
            if self._prepared is None or (pending and not self.connection.autocommit):
                return self._by_cursor(sql, parameters)  # its transaction has yet to begin: psycopg begins it
            return self._prepared.run(sql, parameters)

    def _by_cursor(self, sql: str, parameters: Sequence[Any]) -> Found:
        with Cursor(self.connection) as cursor:
            cursor.execute(sql, parameters, prepare=True)
            return (cursor.fetchall() if cursor.description else []), cursor.rowcount

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
