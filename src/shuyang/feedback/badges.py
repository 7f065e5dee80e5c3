"""A credential as an Open Badge 3.0: a W3C verifiable credential, to be signed as a JWT and checked without us."""

from __future__ import annotations

from typing import Any

from openbadgeslib.ob3 import (
    Achievement,
    Evidence,
    IdentityObject,
    Issuer,
    OpenBadgeCredential,
    Result,
    did_key_from_pem,
)
from openbadgeslib.ob3 import ResultDescription as Description

from shuyang.feedback.badge_names import badge_name
from shuyang.feedback.contracts import CertifiedForce, CredentialKind, Statement

_DESCRIPTIONS = {
    CredentialKind.DIAGNOSIS: (
        "持有人完成数字素养诊断测评，五力均达到规定的测量精度。本凭证只记录测量结果，不认定等级，不作为录用、考核或晋升的依据。"
    ),
    CredentialKind.CERTIFICATION: "持有人通过数字素养认证测评；所列等级均以不低于 80% 的概率达到。",
}
_CRITERIA = {
    CredentialKind.DIAGNOSIS: "五力的标准误均不超过诊断蓝图的目标值；分数为 0—1000 报告量尺，附 95% 区间。",
    CredentialKind.CERTIFICATION: "五力的标准误均不超过认证蓝图的目标值；等级分界经标准设定确认；达到所列等级的概率不低于 80%。",
}


def badge_payload(statement: Statement, force_names: dict[str, str], public_key_pem: str) -> dict[str, Any]:
    """The payload of the badge's JWT. The issuer is the installation's own key (did:key): it can be checked offline."""
    return _credential(statement, force_names, did_key_from_pem(public_key_pem)).to_jwt_payload()


def _credential(statement: Statement, names: dict[str, str], issuer: str) -> OpenBadgeCredential:
    return OpenBadgeCredential(
        id=statement.address,
        issuer=Issuer(id=issuer, name=statement.organisation),
        recipient_id=None,
        identifiers=[IdentityObject(identity_hash=statement.name, identity_type="name", hashed=False)],
        achievement=_achievement(statement, names),
        results=[_result(statement, f) for f in statement.forces],
        evidence=[
            Evidence(
                id=statement.address,
                name="核验页 Verification page",
                narrative=f"测评日期 {statement.measured_on.isoformat()}",
            )
        ],
        issuance_date=statement.issued_at,
    )


def _achievement(statement: Statement, names: dict[str, str]) -> Achievement:
    return Achievement(
        id=f"urn:shuyang:{statement.kind.value}:{statement.release_hash}",
        name=badge_name(statement),
        description=_DESCRIPTIONS[statement.kind],
        criteria_narrative=_CRITERIA[statement.kind],
        achievement_type="Certificate" if statement.kind is CredentialKind.CERTIFICATION else "Assessment",
        result_descriptions=[
            Description(
                id=_description_id(statement, f), name=f"{names[f.force]}：0—1000 分，95% 区间", result_type="Result"
            )
            for f in statement.forces
        ],
    )


def _result(statement: Statement, force: CertifiedForce) -> Result:
    level = "" if force.level is None else f" L{force.level}"
    value = f"{force.score} ({force.low}–{force.high}){level}"
    return Result(value=value, result_description=_description_id(statement, force))


def _description_id(statement: Statement, force: CertifiedForce) -> str:
    return f"urn:shuyang:{statement.release_hash}:{force.force}"
