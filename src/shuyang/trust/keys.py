"""Secrets of an installation: kept as files beside the data (`SHUYANG_SECRETS`), made once, never in the repository."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from shuyang.kernel.secret_files import read_or_make


def _read_or_make(name: str, make: Callable[[], bytes]) -> bytes:
    return read_or_make(Path(settings.SHUYANG_SECRETS, name), make)


@cache
def master_key() -> bytes:
    """32 bytes that wrap the keys of persons."""
    return _read_or_make("master.key", lambda: os.urandom(32))


@cache
def signing_key() -> Ed25519PrivateKey:
    """Signs exported chain heads and receipts."""
    raw = _read_or_make("signing.key", lambda: Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(raw)


def public_key() -> Ed25519PublicKey:
    return signing_key().public_key()


def public_key_pem() -> str:
    """The public half, for those who verify signatures elsewhere."""
    return (
        public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    )


def forget_cached() -> None:
    """Drop cached keys (tests change the directory; a restored backup brings its own)."""
    master_key.cache_clear()
    signing_key.cache_clear()
