"""Encryption under a person's own key, pseudonyms, and signatures."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shuyang.kernel.canonical import canonical_json
from shuyang.kernel.errors import NotFound, Tampered
from shuyang.trust.keys import master_key, public_key, signing_key
from shuyang.trust.models import PersonKey

_NONCE = 12


def _seal(key: bytes, data: bytes, context: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, context)


def _open(key: bytes, sealed: bytes, context: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], context)
    except InvalidTag as error:
        raise Tampered("ciphertext does not fit its key or context") from error


def make_person_keys(person_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """Make and store a key for each new person; returns them unwrapped for use in the same transaction."""
    keys = {person_id: AESGCM.generate_key(256) for person_id in person_ids}
    PersonKey.objects.bulk_create(
        [PersonKey(person_id=p, wrapped=_seal(master_key(), key, p.bytes)) for p, key in keys.items()], batch_size=500
    )
    return keys


def person_keys(person_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """Unwrapped keys of those persons whose key still exists."""
    rows = PersonKey.objects.filter(person_id__in=list(person_ids))
    return {row.person_id: _open(master_key(), bytes(row.wrapped), row.person_id.bytes) for row in rows}


def destroy_person_key(person_id: UUID) -> None:
    """Deletion under the Personal Information Protection Law: what was sealed for this person can't be read again."""
    PersonKey.objects.filter(person_id=person_id).delete()


def encrypt_for(key: bytes, text: str, *, field: str) -> bytes:
    """Seal `text` under a person's key; `field` binds it to its place."""
    return _seal(key, text.encode(), field.encode())


def decrypt_for(person_id: UUID, sealed: bytes, *, field: str) -> str:
    """Open what `encrypt_for` sealed. Raises `NotFound` after the key was destroyed, `Tampered` if it was altered."""
    keys = person_keys([person_id])
    if person_id not in keys:
        raise NotFound("the person's key was destroyed")
    return _open(keys[person_id], bytes(sealed), field.encode()).decode()


def open_for_many(sealed: Mapping[UUID, bytes], *, field: str) -> dict[UUID, str]:
    """`decrypt_for` for many persons in one statement; those whose key was destroyed are missing."""
    keys = person_keys(sealed)
    return {p: _open(keys[p], data, field.encode()).decode() for p, data in sealed.items() if p in keys}


def blind_index(text: str, *, field: str) -> str:
    """A keyed hash by which equal secret values are found without being readable."""
    return hmac.digest(master_key(), f"{field}\n{text}".encode(), "sha256").hex()


def pseudonym_from(key: bytes, person_id: UUID) -> str:
    return hmac.new(key, b"pseudonym" + person_id.bytes, hashlib.sha256).hexdigest()[:32]


def pseudonym(person_id: UUID) -> str:
    """The name under which a person stands in audit chains; unlinkable once his key is destroyed."""
    keys = person_keys([person_id])
    return pseudonym_from(keys[person_id], person_id) if person_id in keys else "gone"


def sign(data: bytes) -> str:
    """Ed25519 signature of the installation, in hexadecimal."""
    return signing_key().sign(data).hex()


def sign_jws(payload: Mapping[str, Any]) -> str:
    """`payload` as a compact JWS (RFC 7515, EdDSA), with the installation's public key in its header."""
    public = {"kty": "OKP", "crv": "Ed25519", "x": _base64url(public_key().public_bytes_raw())}
    header = {"alg": "EdDSA", "typ": "JWT", "jwk": public}
    data = b".".join(_base64url(canonical_json(part)).encode() for part in (header, dict(payload)))
    return f"{data.decode()}.{_base64url(signing_key().sign(data))}"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signature_holds(data: bytes, signature: str) -> bool:
    try:
        public_key().verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError):
        return False
    return True
