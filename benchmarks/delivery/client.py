"""A simulated person with a browser's manners: keeps one connection, sends the page's own form, thinks in between."""

from __future__ import annotations

import http.client
import random
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_FIELD = re.compile(r'name="(position|key|type)" value="([^"]*)"')
_OPTION = re.compile(r'name="(choice|choices|order|cell|point)" value="([^"]+)"')
_PAIR = re.compile(r'name="(pair-[^"]+)">(.*?)</select>', re.S)


@dataclass
class Person:
    """One person in one sitting; `latencies` are seconds from handing in to the next item."""

    port: int
    session: str
    campaign: str
    seed: int
    latencies: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    finished: bool = False
    failures: int = 0

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.cookies = {"shuyang": self.session}
        self.html = ""

    def request(
        self, method: str, path: str, form: list[tuple[str, str]] | None = None, fetch: bool = False
    ) -> http.client.HTTPResponse:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Accept-Language": "zh-CN"}
        body = None
        if form is not None:
            body = urlencode([*form, ("csrfmiddlewaretoken", self.token)])
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"http://127.0.0.1:{self.port}/",
            }
        if fetch:
            headers["X-Requested-With"] = "fetch"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        self.html = response.read().decode("utf-8", "replace")
        for header in response.headers.get_all("Set-Cookie") or []:
            name, value = header.split(";")[0].split("=", 1)
            self.cookies[name] = value
        found = _TOKEN.search(self.html)
        if found:
            self.token = found.group(1)
        return response

    def begin(self) -> None:
        """Consent and begin, unless begun before; afterwards an item is at hand."""
        start = f"/sitting/start/{self.campaign}/"
        response = self.request("GET", start)
        if response.status == 200:  # else it was begun before, and the page sends him there
            response = self.request("POST", start, [("consent", "yes"), ("then", "begin")])
        self.path = response.headers["Location"]
        self.request("GET", self.path)

    def answer(self) -> None:
        """Hand in an answer to the item at hand and take the next."""
        started = time.perf_counter()
        response = self.request("POST", self.path + "answer/", self._form(), fetch=True)
        self.latencies.append(time.perf_counter() - started)
        self.sizes.append(len(self.html.encode()))
        if response.status == 204:
            self.finished = True
        elif response.status != 200:
            self.failures += 1
            self.request("GET", self.path)

    def _form(self) -> list[tuple[str, str]]:
        page = self.html.split("data-item", 1)[-1].split("</form>", 1)[0]
        fields = list(dict(_FIELD.findall(page)).items())
        options = _OPTION.findall(page)
        kind = dict(fields).get("type", "")
        if kind == "single":
            fields.append(self.rng.choice(options))
        elif kind in ("multiple", "mark", "chart"):
            fields += self.rng.sample(options, min(2, len(options)))
        elif kind == "order":
            fields += self.rng.sample(options, len(options))
        elif kind == "number":
            fields.append(("value", f"{self.rng.uniform(0, 100):.1f}"))
        for name, body in _PAIR.findall(page):
            values = [v for v in re.findall(r'value="([^"]*)"', body) if v]
            taken = {v for n, v in fields if n.startswith("pair-")}
            fields.append((name, self.rng.choice([v for v in values if v not in taken] or [""])))
        return fields
