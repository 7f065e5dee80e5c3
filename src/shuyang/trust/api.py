"""The door of `trust`."""

from shuyang.trust.contracts import NOBODY, SYSTEM, Actor, ChainProblem, ChainReport, Grant, Head, Role
from shuyang.trust.crypto import (
    blind_index,
    decrypt_for,
    destroy_person_key,
    encrypt_for,
    make_person_keys,
    open_for_many,
    person_keys,
    pseudonym,
    sign,
    sign_jws,
    signature_holds,
)
from shuyang.trust.keys import public_key_pem
from shuyang.trust.policies import EVERYTHING, NOTHING, Policy, within
from shuyang.trust.queries import audit_heads, check_audit, has_consented, heads_document, read_heads_document
from shuyang.trust.rules import GENESIS, check_chain, link
from shuyang.trust.services import answer_consent, record

__all__ = [
    "EVERYTHING",
    "GENESIS",
    "NOBODY",
    "NOTHING",
    "SYSTEM",
    "Actor",
    "ChainProblem",
    "ChainReport",
    "Grant",
    "Head",
    "Policy",
    "Role",
    "answer_consent",
    "audit_heads",
    "blind_index",
    "check_audit",
    "check_chain",
    "decrypt_for",
    "destroy_person_key",
    "encrypt_for",
    "has_consented",
    "heads_document",
    "link",
    "make_person_keys",
    "open_for_many",
    "person_keys",
    "pseudonym",
    "public_key_pem",
    "read_heads_document",
    "record",
    "sign",
    "sign_jws",
    "signature_holds",
    "within",
]
