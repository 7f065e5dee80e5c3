"""The product started as its users start it, on a throw-away home, for browser tests and screenshots."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.on_postgres import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
DEMO_PERSON, ORGANISER, LEADER = "yc00020", "yc00001", "yc00002"


@dataclass
class Product:
    """A running installation. `kill_web` is a SIGKILL to every web process, as a power cut would be."""

    home: Path
    port: int
    administrator: str
    demo: str
    web: subprocess.Popen[bytes] | None = None
    worker: subprocess.Popen[bytes] | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `shuyang …` on this installation."""
        line = [sys.executable, "-m", "shuyang.cli", *arguments]
        return subprocess.run(line, env=self.environment, capture_output=True, text=True, check=False, cwd=self.home)

    def start_web(self) -> None:
        line = [sys.executable, "-m", "shuyang.cli", "serve", "--port", str(self.port), "--workers", "1"]
        log = (self.home / "web.log").open("ab")
        self.web = subprocess.Popen(
            line, env=self.environment, stdout=log, stderr=log, start_new_session=True, cwd=self.home
        )
        self._wait()

    def start_worker(self) -> None:
        log = (self.home / "worker.log").open("ab")
        line = [sys.executable, "-m", "shuyang.cli", "worker"]
        self.worker = subprocess.Popen(
            line, env=self.environment, stdout=log, stderr=log, start_new_session=True, cwd=self.home
        )

    def kill_web(self) -> None:
        assert self.web is not None
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()

    def stop(self) -> None:
        for process in (self.web, self.worker):
            if process is not None and process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _wait(self) -> None:
        for _ in range(300):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                connection.request("GET", "/ready/")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise RuntimeError("the web server did not start:\n" + (self.home / "web.log").read_text()[-3000:])


def start(home: Path) -> Product:
    """Prepare a fresh installation with its demonstration and start web server and worker."""
    environment = os.environ | {
        "SHUYANG_HOME": str(home),
        "PYTHONPATH": f"{ROOT / 'src'}",
        "DJANGO_SETTINGS_MODULE": "shuyang.config.settings",
        "PYTHONWARNINGS": "ignore",
    }
    environment.pop("SHUYANG_DATABASE", None)
    product = Product(home, free_port(), "", "", environment=environment)
    said = product.command("prepare")
    if said.returncode:
        raise RuntimeError(said.stdout + said.stderr)
    product.administrator = re.search(r"password:\s+(\S+)", said.stdout).group(1)  # type: ignore[union-attr]
    product.demo = re.search(r"yunchuan-\d+", said.stdout).group(0)  # type: ignore[union-attr]
    product.start_web()
    product.start_worker()
    return product
