"""Information technology: projects, inventory, contractors and their people, accounts, security events."""

from __future__ import annotations

from shuyang.practice.city.fields import Table, internal, personal, public, sensitive

THEME = "信息化与安全"
TECHNOLOGY = (
    Table(
        "it_project", "信息化项目申报", "2026 年度申报的信息化项目", THEME,
        (
            internal("project_id", "SMALLINT", "项目编号", "主键"),
            internal("department_id", "SMALLINT", "申报部门", "申报部门", references="department.department_id"),
            internal("name", "VARCHAR", "项目名称", "名称"),
            internal("kind", "VARCHAR", "类型", "新建、升级改造、运行维护"),
            internal("system_id", "SMALLINT", "相关系统", "升级和运维才有", references="it_system.system_id",
                     optional=True),
            internal("functions", "VARCHAR", "建设内容", "用顿号分开的功能"),
            internal("budget", "DECIMAL(10,2)", "申报金额", "总投资", unit="万元"),
            internal("submitted_on", "DATE", "申报日期", "申报日期"),
        ),
    ),
    Table(
        "it_asset", "信息化资产", "服务器、许可、设备台账", THEME,
        (
            internal("asset_id", "INTEGER", "资产编号", "主键"),
            internal("system_id", "SMALLINT", "所属系统", "使用的系统", references="it_system.system_id"),
            internal("kind", "VARCHAR", "类别", "服务器、数据库许可、存储、网络设备、安全设备"),
            internal("bought_on", "DATE", "购置日期", "购置日期"),
            internal("price", "DECIMAL(8,2)", "原值", "购置价", unit="万元"),
            internal("use_share", "DECIMAL(4,1)", "利用率", "近三个月平均", unit="%"),
        ),
    ),
    Table(
        "contractor", "外包服务合同", "技术服务外包合同", THEME,
        (
            internal("contract_id", "SMALLINT", "合同编号", "主键"),
            internal("firm_id", "INTEGER", "服务商", "企业编号", references="firm.firm_id"),
            internal("department_id", "SMALLINT", "委托部门", "委托部门", references="department.department_id"),
            internal("system_id", "SMALLINT", "服务的系统", "运维或开发的系统", references="it_system.system_id"),
            internal("service", "VARCHAR", "服务内容", "开发、运维、数据处理、安全服务"),
            internal("starts_on", "DATE", "开始日期", "合同期"),
            internal("ends_on", "DATE", "结束日期", "合同期"),
            public("amount", "DECIMAL(10,2)", "合同金额", "金额", unit="万元"),
        ),
    ),
    Table(
        "contractor_person", "外包人员登记", "驻场和远程的外包人员", THEME,
        (
            internal("person_id", "SMALLINT", "人员编号", "主键"),
            internal("contract_id", "SMALLINT", "合同编号", "所属合同", references="contractor.contract_id"),
            personal("name", "VARCHAR", "姓名", "虚构"),
            sensitive("id_number", "VARCHAR", "公民身份号码", "虚构"),
            personal("phone", "VARCHAR", "手机号", "虚构"),
            internal("arrived_on", "DATE", "到岗日期", "到岗日期"),
            internal("left_on", "DATE", "离岗日期", "在岗为空", optional=True),
            internal("confidential", "BOOLEAN", "是否签保密协议", "已签为是"),
        ),
    ),
    Table(
        "account", "系统账号", "各系统开通的账号", THEME,
        (
            internal("account_id", "INTEGER", "账号编号", "主键"),
            internal("system_id", "SMALLINT", "系统编号", "所属系统", references="it_system.system_id"),
            internal("staff_id", "INTEGER", "工作人员", "工作人员的账号才有", references="staff.staff_id",
                     optional=True),
            internal("person_id", "SMALLINT", "外包人员", "外包人员的账号才有",
                     references="contractor_person.person_id", optional=True),
            internal("role", "VARCHAR", "角色", "普通用户、审核员、管理员、运维"),
            internal("opened_on", "DATE", "开通日期", "开通日期"),
            internal("last_login_on", "DATE", "最近登录", "从未登录为空", optional=True),
            internal("enabled", "BOOLEAN", "是否启用", "停用为否"),
        ),
    ),
    Table(
        "security_event", "安全事件", "2025 年下半年安全设备和系统日志的告警", THEME,
        (
            internal("event_id", "INTEGER", "事件编号", "主键"),
            internal("system_id", "SMALLINT", "系统编号", "涉及的系统", references="it_system.system_id"),
            internal("account_id", "INTEGER", "账号编号", "涉及账号的才有", references="account.account_id",
                     optional=True),
            internal("happened_at", "TIMESTAMP", "时间", "发生时间"),
            internal("kind", "VARCHAR", "类别", "扫描、登录、恶意程序、权限变更、批量导出、日志清除等"),
            internal("severity", "VARCHAR", "级别", "低、中、高"),
            internal("source_ip", "VARCHAR", "来源地址", "内网地址，或保留给文档使用的地址"),
            internal("repeats", "INTEGER", "次数", "合并的告警次数", unit="次"),
            internal("handled", "BOOLEAN", "是否已处置", "已处置为是"),
        ),
    ),
)  # fmt: skip
