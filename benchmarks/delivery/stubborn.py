"""A simulated person whose browser never gives up, and who writes down what was acknowledged.

Every answer gets one key. Until a reply of ours comes, the same bytes are sent again, as `static/js/sitting.js` does.
"""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass, field

from benchmarks.delivery.client import Person

PATIENCE = 0.5
TIMEOUT = 8.0


@dataclass
class Record:
    """What a person knows: answers handed in, in order, as (position, key); how many of them were acknowledged."""

    sent: list[tuple[int, str]] = field(default_factory=list)
    acknowledged: list[tuple[int, str]] = field(default_factory=list)
    repeats: int = 0
    refused: list[str] = field(default_factory=list)


class Stubborn(Person):
    """A person who tries again until `deadline` (monotonic seconds), over a new connection each time."""

    def __init__(self, port: int, session: str, campaign: str, seed: int, deadline: float) -> None:
        super().__init__(port, session, campaign, seed)
        self.deadline, self.record = deadline, Record()

    def insist(
        self, method: str, path: str, form: list[tuple[str, str]] | None = None, fetch: bool = False
    ) -> http.client.HTTPResponse:
        """A reply of ours that is no failure of the server. Raises `TimeoutError` at the deadline."""
        while time.monotonic() < self.deadline:
            try:
                response = self.request(method, path, form, fetch)
                if response.headers.get("X-Shuyang") == "1" and response.status < 500:
                    return response
            except (OSError, http.client.HTTPException):
                pass
            self.record.repeats += 1
            self.connection.close()
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
            time.sleep(PATIENCE * (0.5 + self.rng.random()))
        raise TimeoutError(f"{method} {path}: no reply until the end")

    def begin(self) -> None:
        """Consent and begin; asking twice begins once."""
        start = f"/sitting/start/{self.campaign}/"
        response = self.insist("GET", start)
        if response.status != 302:
            response = self.insist("POST", start, [("consent", "yes"), ("then", "begin")])
        self.path = response.headers["Location"]
        self.insist("GET", self.path)

    def answer(self) -> None:
        """Hand in an answer until it is acknowledged; note it before it is sent and when it is acknowledged."""
        form = self._form()
        fields = dict(form)
        place = int(fields["position"]), fields["key"]
        self.record.sent.append(place)
        response = self.insist("POST", self.path + "answer/", form, fetch=True)
        if response.status in (200, 204):
            self.record.acknowledged.append(place)
            self.finished = response.status == 204
        else:
            self.record.refused.append(f"{response.status} at {place[0]}")
            self.finished = self.insist("GET", self.path).status == 302
