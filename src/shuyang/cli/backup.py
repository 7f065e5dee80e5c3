"""Backup and restore: one tar file with a consistent copy of the database, the secrets, the files, and a manifest."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

from shuyang import __version__
from shuyang.kernel.clock import BEIJING, now
from shuyang.kernel.errors import Conflict, Invalid, Problem, ShuyangError, Tampered
from shuyang.trust.api import SYSTEM, record

DATABASE, MANIFEST = "database", "manifest.json"


class BackupFailed(ShuyangError):
    """The database's own tool failed; `data["said"]` is what it printed."""

    code = "backup_failed"


def make_backup(target: Path | None) -> tuple[Path, int]:
    """Write a backup while the product runs; returns the file and its size in bytes. Readable by its owner alone."""
    moment = now().astimezone(BEIJING)
    path = target or Path(settings.SHUYANG_HOME, "backups", f"shuyang-{moment:%Y%m%d-%H%M%S}.tar.gz")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        copy = Path(folder, DATABASE)
        _copy_database(copy)
        parts = {DATABASE: copy, **_tree("secrets", settings.SHUYANG_SECRETS), **_tree("files", settings.SHUYANG_FILES)}
        unfinished = Path(folder, "backup")
        _write(unfinished, parts, moment)
        os.replace(unfinished, path)
    _note("backup.made")
    return path, path.stat().st_size


def _note(action: str) -> None:
    from django.db import transaction

    with transaction.atomic():
        record(actor=SYSTEM, action=action, object_kind="installation", object_id="backup")


def _copy_database(target: Path) -> None:
    """SQLite's online backup, or pg_dump: both give the state of one moment without stopping anyone."""
    if connection.vendor == "sqlite":
        source = sqlite3.connect(f"file:{settings.DATABASES['default']['NAME']}?mode=ro", uri=True)
        copy = sqlite3.connect(target)
        with source, copy:
            source.backup(copy)
        source.close()
        copy.close()
        return
    _postgres("pg_dump", "--format=custom", f"--file={target}")


def _postgres(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's tools; the password goes through the environment, not the command line."""
    d = settings.DATABASES["default"]
    env = os.environ | {
        "PGHOST": d["HOST"],
        "PGPORT": d["PORT"] or "5432",
        "PGUSER": d["USER"],
        "PGPASSWORD": d["PASSWORD"],
        "PGDATABASE": d["NAME"],
    }
    done = subprocess.run([program, *arguments], env=env, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupFailed(f"{program}: {done.stderr.strip()}", said=done.stderr.strip())


def _tree(name: str, folder: str) -> dict[str, Path]:
    root = Path(folder)
    return {f"{name}/{p.relative_to(root).as_posix()}": p for p in sorted(root.rglob("*")) if p.is_file()}


def _sha(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(target: Path, parts: dict[str, Path], moment: datetime) -> None:
    manifest: dict[str, Any] = {
        "kind": "shuyang-backup",
        "version": __version__,
        "at": moment.isoformat(),
        "vendor": connection.vendor,
        "parts": {name: _sha(path) for name, path in parts.items()},
    }
    text = json.dumps(manifest, indent=1).encode()
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file, tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(text)
        archive.addfile(info, io.BytesIO(text))
        for name, path in parts.items():
            archive.add(path, name)


def restore_backup(source: Path, *, replace: bool) -> None:
    """Put a backup in place of the installation's data, after every part was checked against the manifest.

    Raises `Invalid` for a file that is no backup, `Tampered` for a damaged one, `Conflict` where data would be lost.
    """
    with tempfile.TemporaryDirectory(dir=_parent()) as folder:
        root = Path(folder)
        manifest = _unpack(source, root)
        if manifest["vendor"] != connection.vendor:
            raise Conflict(f"the backup is of {manifest['vendor']}, this installation runs on {connection.vendor}")
        if _has_data() and not replace:
            raise DataInTheWay("there is data already")
        connections.close_all()
        _put_database(root / DATABASE)
        _put_folder(root / "secrets", Path(settings.SHUYANG_SECRETS))
        _put_folder(root / "files", Path(settings.SHUYANG_FILES))


class DataInTheWay(Conflict):
    """Restoring would replace data; the user has to say so."""

    code = "data_in_the_way"


def _parent() -> Path:
    home = Path(settings.SHUYANG_HOME)
    home.mkdir(parents=True, exist_ok=True)
    return home


def _unpack(source: Path, root: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source) as archive:
            archive.extractall(root, filter="data")
        manifest: dict[str, Any] = json.loads((root / MANIFEST).read_text())
        parts = dict(manifest["parts"])
        if DATABASE not in parts or "vendor" not in manifest:
            raise ValueError("the manifest lacks what every backup has")
    except (OSError, tarfile.TarError, zlib.error, ValueError, KeyError, TypeError, EOFError) as error:
        raise Invalid([Problem(str(source), "not_a_backup")]) from error
    for name, expected in parts.items():
        if not (root / name).is_file() or _sha(root / name) != expected:
            raise Tampered(f"{name} is damaged", part=name)
    for path in root.rglob("*"):  # what the manifest does not name would come in unchecked
        if not path.is_dir() and path.relative_to(root).as_posix() not in {MANIFEST, *parts}:
            raise Tampered(f"{path.name} does not belong to the backup", part=path.name)
    return manifest


def _has_data() -> bool:
    from shuyang.people.api import has_administrator

    tables = connection.introspection.table_names()
    return "people_account" in tables and has_administrator()


def _put_database(copy: Path) -> None:
    if connection.vendor != "sqlite":
        _postgres(
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--exit-on-error",
            "--single-transaction",
            "--dbname",
            str(settings.DATABASES["default"]["NAME"]),
            str(copy),
        )
        return
    target = Path(settings.DATABASES["default"]["NAME"])
    aside = _set_aside(target)
    for suffix in ("-wal", "-shm"):  # a server that is not stopped leaves its last commits there
        if Path(f"{target}{suffix}").exists():
            os.replace(f"{target}{suffix}", f"{aside}{suffix}")
    shutil.move(copy, target)


def _put_folder(source: Path, target: Path) -> None:
    if not source.exists():
        return
    _set_aside(target)
    shutil.move(source, target)
    target.chmod(0o700)


def _set_aside(path: Path) -> Path:
    """Keep what is replaced beside it: a restore of the wrong file can be undone. Returns where."""
    aside = path.with_name(f"{path.name}.before-{now():%Y%m%d%H%M%S%f}")
    if path.exists():
        path.rename(aside)
    return aside
