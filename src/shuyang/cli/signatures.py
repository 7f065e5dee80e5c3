"""Check what the installation has signed, receipts and badges, with nothing but the file and the public key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier, OpenBadgeCredential, did_key_from_pem, resolve_did

from shuyang.cli.verifying import Verification, line
from shuyang.kernel.canonical import canonical_json, content_hash
from shuyang.kernel.errors import Invalid, Problem


def read_key(path: Path | None) -> bytes | None:
    """A public key in PEM. Raises `Invalid` for another kind of file."""
    if path is None:
        return None
    pem = path.read_bytes()
    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise Invalid([Problem("key", "not_a_public_key")]) from error
    if not isinstance(key, Ed25519PublicKey):
        raise Invalid([Problem("key", "not_a_public_key")])
    return pem


def verify_receipt(document: Mapping[str, Any], pem: bytes | None) -> Verification:
    """Does the signature of a receipt hold? Raises `Invalid` for a file that is none."""
    try:
        body, signature, named = document["receipt"], bytes.fromhex(document["signature"]), document.get("key", "")
        fits = content_hash(body) == document["hash"]
        responses, forces = len(body["responses"]), list(zip(body["forces"], body["mean"], body["sd"], strict=True))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid([Problem("file", "not_a_receipt")]) from error
    used = pem or _from_did(named)
    holds = _holds(used, signature, canonical_json(body))
    lines = [
        line(fits, "回执内容与指纹一致", "the receipt fits its fingerprint"),
        line(holds, "签名成立", "the signature holds"),
        *_key_lines(used, given=pem is not None),
        f"    {responses} 条评分作答 graded answers; release {str(body.get('release', ''))[:16]}…",
        *(f"    {force}: {float(m):.2f} ± {1.96 * float(s):.2f} (logit)" for force, m, s in forces),
    ]
    return Verification(fits and holds, tuple(lines))


def verify_badge(token: str, pem: bytes | None) -> Verification:
    """Does an Open Badge (a JWT) hold? Without a key, that of its own issuer (did:key) is used, and said."""
    used = pem or _from_did(_issuer(token))
    try:
        badge = OB3Verifier(used).verify(token)
    except OB3VerificationError as error:
        return Verification(False, (line(False, "徽章不成立", "the badge does not hold"), f"    {error}"))
    bound = badge.issuer.id == did_key_from_pem(used)
    lines = [
        line(True, "签名成立，未过期", "the signature holds, and it is in its time"),
        line(bound, "签发者与密钥一致", "the issuer is the holder of the key"),
        *_key_lines(used, given=pem is not None),
        *_said(badge),
        "    是否已撤销须联网核验 whether it was revoked is said by its page only",
    ]
    return Verification(bound, tuple(lines))


def _said(badge: OpenBadgeCredential) -> list[str]:
    holder = badge.identifiers[0].identity_hash if badge.identifiers else ""
    values = [f"{d.name} {r.value}" for d, r in zip(badge.achievement.result_descriptions, badge.results, strict=False)]
    said = [badge.achievement.name, f"{holder} · {badge.issuer.name}", *values, badge.id]
    return [f"    {text}" for text in said]


def _issuer(token: str) -> str:
    """The issuer that a token claims, to look up its key; nothing else of it is believed yet."""
    import jwt

    try:
        claimed = jwt.decode(token, options={"verify_signature": False}).get("iss", "")
    except jwt.PyJWTError as error:
        raise Invalid([Problem("file", "not_a_badge")]) from error
    return str(claimed)


def _from_did(did: object) -> bytes:
    """The key that a did:key is; nothing is fetched."""
    if not isinstance(did, str) or not did.startswith("did:key:"):
        raise Invalid([Problem("key", "key_needed")])
    try:
        return resolve_did(did)
    except OB3VerificationError as error:
        raise Invalid([Problem("key", "key_needed")]) from error


def _holds(pem: bytes, signature: bytes, data: bytes) -> bool:
    key = load_pem_public_key(pem)
    assert isinstance(key, Ed25519PublicKey)
    try:
        key.verify(signature, data)
    except InvalidSignature:
        return False
    return True


def _key_lines(pem: bytes, *, given: bool) -> list[str]:
    said = [f"    {did_key_from_pem(pem)}"]
    if not given:
        said.append(
            "    密钥取自文件本身，请与单位公布的公钥核对 the key is the file's own: compare it with the published one"
        )
    return said
