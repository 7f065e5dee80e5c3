"""Secrets of an installation: kept as files beside the data (`SHUYANG_SECRETS`), made once, never in the repository."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings


def _directory() -> Path:
    return Path(settings.SHUYANG_SECRETS)


def _read_or_make(name: str, make: bytes) -> bytes:
    """The secret in file `name`; a missing one is made. O_EXCL lets only one of two starting processes win."""
    path = _directory() / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        with os.fdopen(handle, "wb") as file:
            file.write(make)
            file.flush()
            os.fsync(file.fileno())
    return path.read_bytes()


@cache
def master_key() -> bytes:
    """32 bytes that wrap the keys of persons."""
    return _read_or_make("master.key", os.urandom(32))


@cache
def signing_key() -> Ed25519PrivateKey:
    """Signs exported chain heads and receipts."""
    fresh = Ed25519PrivateKey.generate().private_bytes_raw()
    return Ed25519PrivateKey.from_private_bytes(_read_or_make("signing.key", fresh))


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
