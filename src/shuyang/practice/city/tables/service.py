"""Government services: items, halls, applications with their events, ratings."""

from __future__ import annotations

from shuyang.practice.city.fields import Table, internal, personal, public

SERVICE = (
    Table(
        "service_item", "政务服务事项", "可以办理的事项", "政务服务",
        (
            public("item_id", "SMALLINT", "事项编号", "主键"),
            public("name", "VARCHAR", "事项名称", "事项名称"),
            public("department_id", "SMALLINT", "主管部门", "负责办理的部门", references="department.department_id"),
            public("audience", "VARCHAR", "服务对象", "个人、企业"),
            public("theme", "VARCHAR", "主题", "社保、户政、企业开办等"),
            public("legal_days", "SMALLINT", "法定时限", "工作日", unit="工作日"),
            public("promised_days", "SMALLINT", "承诺时限", "工作日", unit="工作日"),
            public("documents", "TINYINT", "材料数", "需要提交的材料", unit="份"),
            public("steps", "TINYINT", "审批环节", "受理到办结的环节", unit="个"),
            public("online", "BOOLEAN", "可否网上办", "能否全程网办"),
        ),
    ),
    Table(
        "service_hall", "办事大厅", "政务服务中心和便民服务站", "政务服务",
        (
            public("hall_id", "SMALLINT", "大厅编号", "主键"),
            public("name", "VARCHAR", "名称", "大厅名称"),
            public("district_id", "SMALLINT", "区县编号", "所在区县", references="district.district_id"),
            public("windows", "SMALLINT", "窗口数", "开放的综合窗口", unit="个"),
        ),
    ),
    Table(
        "application", "办件", "2025 年提交的申请；截止日未办完的为办理中", "政务服务",
        (
            internal("application_id", "INTEGER", "办件编号", "主键"),
            internal("case_no", "VARCHAR", "办件号", "YC + 年份 + 流水号"),
            internal("item_id", "SMALLINT", "事项编号", "办理的事项", references="service_item.item_id"),
            personal("resident_id", "INTEGER", "申请人", "个人申请才有", references="resident.resident_id",
                     optional=True),
            internal("firm_id", "INTEGER", "申请企业", "企业申请才有", references="firm.firm_id", optional=True),
            internal("channel", "VARCHAR", "渠道", "网上、窗口"),
            internal("hall_id", "SMALLINT", "大厅编号", "窗口办理才有", references="service_hall.hall_id",
                     optional=True),
            internal("window_no", "SMALLINT", "窗口号", "窗口办理才有", optional=True),
            internal("submitted_at", "TIMESTAMP", "提交时间", "取号或网上提交的时间"),
            internal("waited", "SMALLINT", "等候时间", "取号到叫号；网上为空", unit="分钟", optional=True),
            internal("accepted_at", "TIMESTAMP", "受理时间", "材料齐全后受理；未受理为空", optional=True),
            internal("decided_at", "TIMESTAMP", "决定时间", "作出决定；未决定为空", optional=True),
            internal("finished_at", "TIMESTAMP", "办结时间", "送达；未办结为空", optional=True),
            internal("returns", "TINYINT", "补正次数", "因缺材料退回的次数", unit="次"),
            internal("working_days", "SMALLINT", "用时", "受理到决定的工作日；未决定为空", unit="工作日",
                     optional=True),
            internal("result", "VARCHAR", "结果", "准予、不予、办理中"),
            internal("staff_id", "INTEGER", "经办人", "审核人员", references="staff.staff_id"),
        ),
    ),
    Table(
        "application_event", "办件事件", "办件的全过程记录，可用于流程分析", "政务服务",
        (
            internal("application_id", "INTEGER", "办件编号", "所属办件", references="application.application_id"),
            internal("sequence", "TINYINT", "序号", "从 1 起"),
            internal("event", "VARCHAR", "事件", "提交、叫号、退回补正、补正提交、受理、审核、会签、决定、送达"),
            internal("happened_at", "TIMESTAMP", "时间", "发生时间"),
            internal("staff_id", "INTEGER", "经办人", "申请人自己的动作为空", references="staff.staff_id",
                     optional=True),
        ),
        key=("application_id", "sequence"),
    ),
    Table(
        "rating", "评价", "办结后的“好差评”：五级，后两级为差评", "政务服务",
        (
            internal("rating_id", "INTEGER", "评价编号", "主键"),
            internal("application_id", "INTEGER", "办件编号", "评价的办件", references="application.application_id"),
            internal("score", "TINYINT", "评分", "5 非常满意、4 满意、3 基本满意、2 不满意、1 非常不满意"),
            internal("rated_at", "TIMESTAMP", "评价时间", "提交评价的时间"),
            internal("comment", "VARCHAR", "留言", "未写为空", optional=True),
        ),
    ),
)  # fmt: skip
