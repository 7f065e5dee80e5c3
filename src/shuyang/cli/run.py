"""`shuyang up`, `serve`, `worker`, `prepare`: start the product."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from shuyang.cli.main import example, setup


def register(commands: Any) -> None:
    up = commands.add_parser(
        "up", help="prepare and start web server and job worker", **example("  shuyang up --port 8000")
    )
    _address(up)
    up.add_argument("--no-demo", action="store_true", help="make no demonstration people")
    up.set_defaults(run=run_up)
    prepare = commands.add_parser(
        "prepare",
        help="make or upgrade database and built-in content, start nothing",
        **example("  shuyang prepare --no-demo"),
    )
    prepare.add_argument("--no-demo", action="store_true", help="make no demonstration people")
    prepare.set_defaults(run=run_prepare)
    serve = commands.add_parser("serve", help="the web server alone", **example("  shuyang serve --workers 4"))
    _address(serve)
    serve.set_defaults(run=run_serve)
    worker = commands.add_parser("worker", help="the job worker alone", **example("  shuyang worker"))
    worker.set_defaults(run=run_worker)


def _address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port (default 8000)")
    parser.add_argument("--workers", type=int, default=2, help="web processes (default 2)")


def run_prepare(args: argparse.Namespace) -> int:
    """Migrate, load the built-in content, make the administrator and the demonstration; each only where missing."""
    setup()
    from django.core.management import call_command

    from shuyang.packs.api import load_builtin
    from shuyang.people.api import create_administrator, has_administrator
    from shuyang.trust.api import SYSTEM, Role

    if _migrations_missing():
        call_command("migrate", interactive=False, verbosity=0)
    load_builtin(actor=SYSTEM)
    if not has_administrator():
        password = create_administrator(roles=(Role.ADMINISTRATOR, Role.ORGANISER, Role.AUDITOR, Role.PSYCHOMETRICIAN))
        print(
            f"\n  管理员 administrator: admin\n  密码 password:      {password}   （只显示这一次 shown only once）\n",
            flush=True,
        )
    if not args.no_demo:
        _make_demo()
    _collect_static()
    _compile_numerics()
    return 0


def _compile_numerics() -> None:
    """Do it once here, so that every web process finds compiled code instead of making its own."""
    from shuyang.delivery.api import warm_up
    from shuyang.itembank.api import current_release

    warm_up(current_release().hash)


def _migrations_missing() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _make_demo() -> None:
    from django.db import transaction

    from shuyang.cli.demo import make_demo

    with transaction.atomic():
        people, password = make_demo()
    if people:
        print(f"  演示人员 demonstration people: {people} （模拟数据 synthetic）", flush=True)
        print(
            f"  以演示学员登录 sign in as one: yc00020，密码 password: {password} （只显示这一次 shown only once）\n",
            flush=True,
        )


def _collect_static() -> None:
    """Copy the static files under hashed names where the web server finds them; only when they changed."""
    from django.conf import settings
    from django.core.management import call_command

    from shuyang import __version__

    root = Path(settings.STATIC_ROOT)
    source = Path(settings.STATICFILES_DIRS[0])
    newest = max(p.stat().st_mtime_ns for p in source.rglob("*") if p.is_file())
    stamp, mark = root / ".stamp", f"{__version__} {newest}"
    if stamp.exists() and stamp.read_text() == mark:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(mark)


def run_serve(args: argparse.Namespace) -> int:
    """Granian with WSGI workers; it replaces this process."""
    command = serve_command(args.host, args.port, args.workers)
    os.execve(command[0], command, server_environment())  # noqa: S606
    return 0


def server_environment() -> dict[str, str]:
    """One thread of linear algebra per request: the matrices are small, and many threads would fight for the cores."""
    return {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **os.environ}


def serve_command(host: str, port: int, workers: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        "4",
        "--backlog",
        "2048",
        "--log-level",
        "warning",
        "--no-ws",
        "--respawn-failed-workers",
        "--workers-kill-timeout",
        "10",
        "shuyang.config.wsgi:application",
    ]


def run_worker(args: argparse.Namespace) -> int:
    """Do jobs until told to stop; start the scheduled ones when they are due."""
    setup()
    from django.core.management import call_command

    threading.Thread(target=_keep_schedule, daemon=True).start()
    call_command("db_worker", interval=0.5, startup_delay=False, verbosity=0)
    return 0


def _keep_schedule() -> None:
    from django.db import close_old_connections

    from shuyang.kit.api import start_due

    while True:
        try:
            start_due()
        except Exception as error:  # the database may be restarting: say it and try again
            print(f"schedule: {error}", file=sys.stderr)
        finally:
            close_old_connections()
        time.sleep(5)


def run_up(args: argparse.Namespace) -> int:
    """Prepare, then run web server and worker until Ctrl-C; a child that dies is started again."""
    run_prepare(args)
    commands = [serve_command(args.host, args.port, args.workers), [sys.executable, "-m", "shuyang.cli", "worker"]]
    children = [subprocess.Popen(command, env=server_environment()) for command in commands]  # noqa: S603
    _wait_until_ready(args.host, args.port, children[0])
    print(f"  数养已启动 ready: http://{args.host}:{args.port}/   （Ctrl-C 停止 stops it）", flush=True)
    stopping = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopping.set())
    while not stopping.wait(1.0):
        for i, child in enumerate(children):
            if child.poll() is not None:
                time.sleep(1)
                children[i] = subprocess.Popen(commands[i], env=server_environment())  # noqa: S603
    for child in children:
        child.terminate()
    for child in children:
        _see_off(child)
    return 0


def _see_off(child: subprocess.Popen[bytes]) -> None:
    """Wait for a child to end its work; what it has acknowledged is on the disk, so a slow one may be stopped by force."""
    try:
        child.wait(timeout=15)
    except subprocess.TimeoutExpired:
        child.kill()


def _wait_until_ready(host: str, port: int, server: subprocess.Popen[bytes]) -> None:
    """Return when the server answers; raise `SystemExit` when it gave up (the port is taken, say)."""
    import http.client

    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit(f"shuyang: the web server did not start (is port {port} in use? try --port)")
        try:
            connection = http.client.HTTPConnection(host, port, timeout=2)
            connection.request("GET", "/ready/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
