"""Reads settings from the environment; makes the secrets of a fresh installation."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from shuyang.kernel.secret_files import read_or_make


def home() -> Path:
    """Where the installation keeps its data: `SHUYANG_HOME`, else `var` below the present directory."""
    return Path(os.environ.get("SHUYANG_HOME", "var")).resolve()


def text_list(name: str, default: list[str]) -> list[str]:
    """A comma-separated list from the environment."""
    value = os.environ.get(name)
    return default if value is None else [part.strip() for part in value.split(",") if part.strip()]


def secret_key(directory: Path) -> str:
    """Django's secret key, kept in a file readable by its owner alone; made when missing."""
    return read_or_make(directory / "django.key", lambda: secrets.token_urlsafe(50).encode()).decode()


def database(where: Path) -> dict[str, Any]:
    """Database settings: `SHUYANG_DATABASE` (postgresql://user:password@host:port/name), else SQLite below `where`."""
    url = os.environ.get("SHUYANG_DATABASE", "")
    if url.startswith(("postgresql://", "postgres://")):
        return _postgresql(url)
    where.mkdir(parents=True, exist_ok=True)
    return sqlite(where / "shuyang.sqlite3")


def sqlite(path: Path) -> dict[str, Any]:
    """SQLite as a server's database: WAL, every commit on the disk, writers queue instead of failing."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
            ),
        },
        "CONN_MAX_AGE": None,
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "shuyang.kit.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # for the statements of `kit.statements` alone: the ORM's are bound on the client and never prepared
        "OPTIONS": {"prepare_threshold": 5},
    }


def mail(url: str) -> dict[str, Any]:
    """Mail settings of Django from smtp://user:password@host:port or smtps://…; empty: nothing is sent anywhere."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    encrypted = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if encrypted else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": encrypted,
        "EMAIL_USE_TLS": not encrypted and bool(parts.username),
        "EMAIL_TIMEOUT": 20,
    }
