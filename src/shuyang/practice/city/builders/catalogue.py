"""The catalogue of data resources as its clerks filled it in, and the grants of sharing."""

from __future__ import annotations

from typing import Any

from shuyang.practice.city.builders.administration import Administration
from shuyang.practice.city.builders.systems import Systems
from shuyang.practice.city.calendar import DAYS, date_of
from shuyang.practice.city.draws import Draws
from shuyang.practice.city.fields import Grade
from shuyang.practice.city.plan import Plan
from shuyang.practice.city.schema import TABLES
from shuyang.practice.city.store import Store
from shuyang.practice.city.truths import Truth

# Table, name of the resource, system, sharing, condition or basis, opening, cycle, summary.
HELD = (
    ("police_register", "户籍人口信息", "人口管理系统", 1, "用于行政审批中的身份核验，须本人授权或有法定职责", 2, 1, "本市户籍人口的基本信息"),
    ("social_insured", "养老保险参保信息", "社会保险系统", 1, "用于待遇资格核验", 2, 1, "参保人员的险种、单位和缴费"),
    ("medical_insured", "医疗保险参保信息", "医疗保障系统", 1, "用于救助和待遇核验", 2, 1, "参保人员和门诊慢特病认定"),
    ("civil_aid", "社会救助对象信息", "社会救助系统", 1, "用于其他救助、减免的资格核验", 2, 2, "低保家庭成员名册"),
    ("disabled_register", "残疾人持证信息", "残疾人服务系统", 1, "用于残疾人优惠和补贴核验", 2, 2, "持证人的类别和等级"),
    ("school_roll", "中小学学籍信息", "中小学学籍管理系统", 1, "用于入学和资助核验", 2, 3, "在校生的学校和年级"),
    ("property_register", "不动产登记信息", "不动产登记系统", 1, "用于入学、住房保障核验", 2, 1, "住宅的登记权利人和面积"),
    ("firm", "市场主体登记信息", "企业登记系统", 0, "", 0, 1, "企业、个体工商户和合作社的登记事项"),
    ("application", "政务服务办件信息", "一体化政务服务平台", 1, "用于服务评估", 2, 0, "办件的申请、受理、决定"),
    ("rating", "政务服务评价信息", "好差评系统", 1, "用于服务评估", 1, 1, "办件的评分和留言"),
    ("service_item", "政务服务事项清单", "一体化政务服务平台", 0, "", 0, 3, "事项、时限和材料数"),
    ("policy", "惠民政策清单", "惠民资金发放系统", 0, "", 0, 3, "补贴政策的条件和标准"),
)  # fmt: skip
# Not gathered yet: name, system, fields (name:title:grade index).
LISTED = (
    ("公交站点和线路", "运输管理系统", "line:线路:0 stop:站点:0 longitude:经度:0 latitude:纬度:0"),
    ("空气质量监测数据", "环境质量监测系统", "station:站点:0 measured_at:时间:0 pm25:PM2.5:0 ozone:臭氧:0"),
    ("水位雨量监测数据", "水情监测系统", "station:站点:0 measured_at:时间:0 level:水位:0 rain:雨量:0"),
    ("机动车登记信息", "交通管理系统", "plate_no:号牌:2 owner:所有人:2 id_number:身份号码:3 model:车型:1"),
    ("城市事件处置记录", "城市管理平台", "event_no:事件号:1 place:地点:1 kind:类别:0 reporter_phone:上报人电话:2"),
    ("居民健康档案", "全民健康信息平台", "id_number:身份号码:3 name:姓名:2 diagnosis:诊断:3 visited_on:就诊日期:3"),
    ("出生医学证明", "妇幼保健系统", "certificate_no:证号:2 mother_id:母亲身份号码:3 birth_date:出生日期:3 weight:体重:3"),
    ("婚姻登记信息", "婚姻登记系统", "register_no:登记号:2 husband_id:男方身份号码:3 wife_id:女方身份号码:3 registered_on:登记日期:2"),
    ("食品抽检结果", "食品安全监管系统", "sample:样品:0 firm:企业:0 result:结论:0 sampled_on:抽样日期:0"),
    ("公积金缴存信息", "公积金系统", "account_no:账号:3 id_number:身份号码:3 employer:单位:2 monthly:月缴存:3"),
    ("法律援助案件", "公共法律服务平台", "case_no:案号:1 applicant:申请人:2 reason:事由:3 decided_on:决定日期:1"),
    ("文化场馆预约记录", "文旅公共服务平台", "hall:场馆:0 booked_on:日期:0 name:姓名:2 phone:手机号:2"),
    ("重大项目进展", "重大项目管理系统", "project:项目:0 invested:完成投资:1 stage:阶段:0 contact:联系人:2"),
    ("公共信用评价", "公共信用信息平台", "credit_code:信用代码:0 firm:企业:0 level:信用等级:1 reason:原因:1"),
    ("公共机构能耗", "公共机构节能系统", "building:建筑:0 month:月份:0 electricity:用电量:1 water:用水量:1"),
    ("国有资产台账", "国有资产管理系统", "asset_no:资产号:1 name:名称:1 value:原值:1 user:使用人:2"),
    ("视频点位信息", "视频图像平台", "camera_no:点位号:1 place:位置:1 direction:朝向:1 maintainer:维护单位:1"),
    ("退役军人信息", "退役军人管理系统", "id_number:身份号码:3 name:姓名:2 unit:原单位:3 retired_on:退役日期:2"),
)  # fmt: skip
SHARING = ("无条件共享", "有条件共享", "不予共享")
OPENING = ("无条件开放", "有条件开放", "不予开放")
CYCLES, CYCLE_DAYS = ("实时", "每日", "每月", "每季度", "每年"), (0, 1, 31, 92, 366)
GRADES = (Grade.PUBLIC, Grade.INTERNAL, Grade.PERSONAL, Grade.SENSITIVE)
# Who uses what, for what, and the fields that this takes.
USES = (
    ("police_register", "民政局", "高龄津贴核验是否健在", "id_number、status"),
    ("police_register", "教育局", "入学登记核验户籍地址", "id_number、name、address"),
    ("police_register", "人社局", "养老待遇资格认证", "id_number、status"),
    ("social_insured", "住建局", "租房补贴核验参保单位", "id_number、employer、status"),
    ("social_insured", "医保局", "医保缴费衔接", "id_number、kind、status"),
    ("medical_insured", "民政局", "医疗救助核验", "id_number、paid_by"),
    ("civil_aid", "残联", "困难残疾人补贴核验", "id_number、since"),
    ("civil_aid", "教育局", "困难学生资助核验", "id_number、since"),
    ("civil_aid", "医保局", "资助参保核验", "id_number、since"),
    ("disabled_register", "交通局", "残疾人乘车优惠核验", "id_number、grade"),
    ("disabled_register", "人社局", "残疾人就业扶持", "id_number、kind、grade"),
    ("school_roll", "公积金中心", "子女教育提取核验", "id_number、school"),
    ("school_roll", "文旅局", "学生票核验", "id_number"),
    ("property_register", "教育局", "入学登记核验房产", "id_number、address"),
    ("property_register", "住建局", "公租房资格核验", "id_number、area"),
    ("firm", "税务局", "税务登记信息确认", "credit_code、name、status"),
    ("firm", "人社局", "稳岗返还核验", "credit_code、name、status"),
    ("rating", "政务服务局", "差评督办", "application_id、score、comment"),
    ("application", "审计局", "时限合规审计", "item_id、submitted_at、decided_at"),
)  # fmt: skip


class Catalogue:
    """Writes the catalogue; remembers what is wrong in it."""

    def __init__(self, store: Store, draws: Draws, plan: Plan, admin: Administration, systems: Systems) -> None:
        self.store, self.draws, self.plan, self.admin, self.systems = store, draws, plan, admin, systems

    def write(self) -> tuple[Truth, ...]:
        """The tables `data_resource`, `resource_field`, `data_grant`."""
        return (*self._resources(), self._fields(), *self._grants())

    def _resources(self) -> tuple[Truth, ...]:
        n = len(HELD) + len(LISTED)
        fresh, silent = self.draws.uniform("resource/fresh", n), self.draws.uniform("resource/silent", n)
        stale, refused = self.plan.stale_resource, len(HELD) + (self.plan.stale_resource * 5 + 2) % len(LISTED)
        records = []
        for i in range(n):
            table, name, system, sharing, basis, opening, cycle, summary = self._row(i)
            behind = CYCLE_DAYS[cycle] * float(fresh[i]) + (200 if i == stale else 0)
            if i == refused:
                sharing, basis = 2, ""
            rows = self._count(table) if table else int(2000 + 90_000 * fresh[i])
            owner = self.systems.department[self.systems.index(system)]
            records.append((
                i + 1, name, owner + 1, self.systems.index(system) + 1, table, None if silent[i] < 0.12 else summary,
                SHARING[sharing], basis or None, OPENING[opening], CYCLES[cycle], date_of(DAYS - 1 - int(behind)), rows,
                int(self.admin.staff_of[owner][0]) + 1,
            ))  # fmt: skip
        self.store.write_rows("data_resource", records)
        return (
            Truth(
                "stale_resource",
                f"“{records[stale][1]}”标称按周期更新，实际已半年多没有更新。",
                {"resource_id": stale + 1},
            ),
            Truth(
                "unfounded_refusal",
                f"“{records[refused][1]}”标为不予共享，却没有写依据。",
                {"resource_id": refused + 1},
            ),
        )

    def _row(self, i: int) -> tuple[Any, ...]:
        if i < len(HELD):
            return HELD[i]
        name, system, fields = LISTED[i - len(HELD)]
        worst = max(int(part.rsplit(":", 1)[1]) for part in fields.split())
        basis = "按部门申请审核" if worst > 1 else ""
        return None, name, system, min(1, worst // 2), basis, min(2, worst), 1 + i % 4, f"{name}的明细"

    def _count(self, table: str) -> int:
        row = self.store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        assert row is not None
        return int(row[0])

    def _fields(self) -> Truth:
        """What clerks declared: some fields without a grade, some too low, a few too high."""
        fields = []
        for i, held in enumerate(HELD):
            fields += [(i + 1, f.name, f.title, f.type, f.grade) for f in TABLES[held[0]].fields]
        for i, (_, _, listed) in enumerate(LISTED):
            for part in listed.split():
                name, title, grade = part.split(":")
                fields.append((len(HELD) + i + 1, name, title, "VARCHAR", GRADES[int(grade)]))
        u = self.draws.uniform("field/grade", len(fields))
        records, low = [], []
        for i, (resource, name, title, kind, grade) in enumerate(fields):
            declared = _declared(grade, float(u[i]))
            low += [i + 1] if declared is not None and GRADES.index(declared) < GRADES.index(grade) else []
            records.append((i + 1, resource, name, title, kind, declared))
        self.store.write_rows("resource_field", records)
        return Truth("undergraded_fields", "有信息项的级别标低了。", {"field_ids": low})

    def _grants(self) -> tuple[Truth, ...]:
        n = len(USES)
        start, calls = self.draws.below("grant/start", n, 500), self.draws.lognormal("grant/calls", n, 900.0, 1.3)
        wide = [i for i, use in enumerate(USES) if use[0] not in ("firm", "rating", "application")][
            self.plan.wide_grant * 2
        ]
        late = (wide + 5) % n
        records = []
        for i, (table, department, purpose, needed) in enumerate(USES):
            resource = next(k for k, held in enumerate(HELD) if held[0] == table)
            given = "、".join(f.name for f in TABLES[table].fields) if i == wide else needed
            granted = DAYS - 700 + int(start[i])
            expires = DAYS - 40 - int(start[i]) % 90 if i == late else max(granted + 730, DAYS + 20)
            records.append((
                i + 1, resource + 1, self.admin.index(department) + 1, purpose, given, date_of(granted), date_of(expires),
                int(calls[i]), date_of(DAYS - 1 - i % 3),
            ))  # fmt: skip
        self.store.write_rows("data_grant", records)
        return (
            Truth("overwide_grant", f"“{USES[wide][2]}”只需要几个字段，却授权了整张表。",
                  {"grant_id": wide + 1, "needed": USES[wide][3].split("、")}),
            Truth("expired_grant", f"“{USES[late][2]}”的授权已到期，仍在调用。", {"grant_id": late + 1}),
        )  # fmt: skip


def _declared(grade: Grade, u: float) -> str | None:
    place = GRADES.index(grade)
    if u < 0.05:
        return None
    if u < 0.14:
        return GRADES[max(place - 1, 0)].value
    if u < 0.18:
        return GRADES[min(place + 1, 3)].value
    return grade.value
