"""The names by which badges go; apart from `badges`, whose library only the making of a badge needs."""

from __future__ import annotations

from shuyang.feedback.contracts import CredentialKind, Statement

_SYNTHETIC = "【模拟数据 Synthetic】"
_NAMES = {
    CredentialKind.DIAGNOSIS: "数字素养诊断测评凭证（非认证）",
    CredentialKind.CERTIFICATION: "数字素养等级认证证书",
}


def badge_name(statement: Statement) -> str:
    """The name by which the badge goes; that of a synthetic person says so first."""
    return (_SYNTHETIC if statement.synthetic else "") + _NAMES[statement.kind]
