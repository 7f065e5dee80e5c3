"""Information systems, the catalogue of data resources, and who was granted what."""

from __future__ import annotations

from shuyang.practice.city.fields import Table, internal, public

THEME = "数据资源与系统"
CATALOGUE = (
    Table(
        "it_system", "信息系统", "各部门已建的信息系统", THEME,
        (
            internal("system_id", "SMALLINT", "系统编号", "主键"),
            internal("department_id", "SMALLINT", "部门编号", "主管部门", references="department.department_id"),
            internal("name", "VARCHAR", "系统名称", "系统名称"),
            internal("functions", "VARCHAR", "功能清单", "用顿号分开的功能"),
            internal("technology", "VARCHAR", "技术路线", "主要技术"),
            internal("protection_level", "TINYINT", "等级保护级别", "定级备案的级别"),
            internal("built_on", "DATE", "建成日期", "验收日期"),
            internal("built_cost", "DECIMAL(12,2)", "建设投资", "累计投资", unit="万元"),
            internal("yearly_cost", "DECIMAL(10,2)", "年运维费", "上一年运维费用", unit="万元"),
            internal("registered_users", "INTEGER", "注册用户", "开通的账号数", unit="人"),
            internal("monthly_users", "INTEGER", "月活跃用户", "近三个月的平均值", unit="人"),
            internal("status", "VARCHAR", "状态", "在用、停用"),
        ),
    ),
    Table(
        "data_resource", "数据资源目录", "各部门编目的数据资源；编目人填写的内容可能有误", THEME,
        (
            internal("resource_id", "SMALLINT", "资源编号", "主键"),
            public("name", "VARCHAR", "资源名称", "名称"),
            internal("department_id", "SMALLINT", "提供部门", "责任部门", references="department.department_id"),
            internal("system_id", "SMALLINT", "来源系统", "产生数据的系统", references="it_system.system_id"),
            internal("table_name", "VARCHAR", "对应数据表", "本库中的表名；未汇聚的为空", optional=True),
            public("summary", "VARCHAR", "摘要", "内容简介；未填为空", optional=True),
            internal("sharing", "VARCHAR", "共享属性", "无条件共享、有条件共享、不予共享"),
            internal("sharing_basis", "VARCHAR", "共享依据或条件", "有条件、不予共享的应当写明；未填为空", optional=True),
            public("opening", "VARCHAR", "开放属性", "无条件开放、有条件开放、不予开放"),
            internal("update_cycle", "VARCHAR", "更新周期", "实时、每日、每月、每季度、每年"),
            internal("updated_on", "DATE", "最近更新", "最近一次更新"),
            internal("row_count", "INTEGER", "数据量", "编目时的行数", unit="行"),
            internal("contact_id", "INTEGER", "联系人", "编目联系人", references="staff.staff_id"),
        ),
    ),
    Table(
        "resource_field", "资源字段目录", "数据资源的信息项；级别是编目人标的，可能偏高偏低", THEME,
        (
            internal("field_id", "INTEGER", "信息项编号", "主键"),
            internal("resource_id", "SMALLINT", "资源编号", "所属资源", references="data_resource.resource_id"),
            public("name", "VARCHAR", "字段名", "英文名"),
            public("title", "VARCHAR", "信息项名称", "中文名"),
            public("type", "VARCHAR", "类型", "数据类型"),
            internal("declared_grade", "VARCHAR", "标注级别", "公开、内部、个人信息、敏感个人信息；未标为空",
                     optional=True),
        ),
    ),
    Table(
        "data_grant", "数据共享授权", "已批准的部门间数据共享", THEME,
        (
            internal("grant_id", "SMALLINT", "授权编号", "主键"),
            internal("resource_id", "SMALLINT", "资源编号", "授权的资源", references="data_resource.resource_id"),
            internal("to_department_id", "SMALLINT", "使用部门", "被授权部门", references="department.department_id"),
            internal("purpose", "VARCHAR", "用途", "申请书写明的用途"),
            internal("fields", "VARCHAR", "授权字段", "用顿号分开的字段名"),
            internal("granted_on", "DATE", "授权日期", "批准日期"),
            internal("expires_on", "DATE", "到期日期", "授权期限"),
            internal("monthly_calls", "INTEGER", "月调用量", "近三个月平均", unit="次"),
            internal("last_call_on", "DATE", "最近调用", "最近一次调用；没有调用为空", optional=True),
        ),
    ),
    Table(
        "published_case", "办件结果公示", "网上公开的办件结果，应当已经脱敏", THEME,
        (
            public("notice_no", "INTEGER", "公示序号", "主键"),
            public("item_id", "SMALLINT", "事项编号", "办理的事项", references="service_item.item_id"),
            public("applicant", "VARCHAR", "申请人", "只留姓氏"),
            public("subdistrict", "VARCHAR", "所在街道", "街道或镇"),
            public("decided_on", "DATE", "决定日期", "作出决定的日期"),
            public("result", "VARCHAR", "结果", "准予、不予"),
            public("query_code", "VARCHAR", "查询码", "供申请人查询结果"),
            public("note", "VARCHAR", "备注", "办理说明；没有为空", optional=True),
        ),
    ),
)  # fmt: skip
