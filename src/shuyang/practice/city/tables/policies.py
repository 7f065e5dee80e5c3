"""Policies, who gets them, and whom the present screening found."""

from __future__ import annotations

from shuyang.practice.city.fields import Table, internal, personal, public

THEME = "惠民政策"
POLICIES = (
    Table(
        "policy", "惠民政策", "面向居民的补贴和服务；条件和金额均为虚构", THEME,
        (
            public("policy_id", "SMALLINT", "政策编号", "主键"),
            public("name", "VARCHAR", "政策名称", "名称"),
            public("department_id", "SMALLINT", "主管部门", "负责发放的部门", references="department.department_id"),
            public("conditions", "VARCHAR", "享受条件", "政策原文中的条件"),
            public("benefit", "VARCHAR", "待遇", "待遇内容"),
            public("monthly_amount", "INTEGER", "月标准", "没有现金待遇的为 0", unit="元"),
            public("since", "DATE", "施行日期", "开始施行"),
        ),
    ),
    Table(
        "policy_recipient", "政策享受名单", "正在享受的人：有符合条件而没有享受的，也有已不符合仍在享受的", THEME,
        (
            internal("policy_id", "SMALLINT", "政策编号", "享受的政策", references="policy.policy_id"),
            personal("resident_id", "INTEGER", "居民编号", "享受人", references="resident.resident_id"),
            internal("since", "DATE", "起始日期", "开始享受"),
            internal("way", "VARCHAR", "来源", "本人申请、社区代办、系统比对"),
        ),
        key=("policy_id", "resident_id"),
    ),
    Table(
        "policy_screening", "政策系统比对结果", "现行系统自动比对的结论：条件判断由系统内置的规则作出", THEME,
        (
            internal("policy_id", "SMALLINT", "政策编号", "比对的政策", references="policy.policy_id"),
            personal("resident_id", "INTEGER", "居民编号", "被比对的人", references="resident.resident_id"),
            internal("screened_on", "DATE", "比对日期", "批次日期"),
            internal("passed", "BOOLEAN", "是否通过", "系统的结论"),
        ),
        key=("policy_id", "resident_id"),
    ),
)  # fmt: skip
