"""Information systems of the departments, and one that does what another does already."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.practice.city.builders.administration import Administration
from shuyang.practice.city.calendar import date_of, day_number
from shuyang.practice.city.draws import Draws, Ints
from shuyang.practice.city.plan import Plan
from shuyang.practice.city.store import Store
from shuyang.practice.city.truths import Truth

# Department, name, functions.
SYSTEMS = (
    ("市政府办", "公文流转系统", "收文、发文、督办、归档"), ("发改委", "重大项目管理系统", "项目入库、进度填报、投资统计"),
    ("发改委", "公共信用信息平台", "信用归集、信用查询、联合奖惩"), ("教育局", "中小学学籍管理系统", "学籍登记、转学、毕业"),
    ("教育局", "义务教育招生系统", "网上报名、资格核验、派位、录取查询"), ("科技局", "科技项目申报系统", "申报、评审、验收"),
    ("工信局", "企业运行监测系统", "数据填报、指标统计、运行分析"), ("公安局", "人口管理系统", "户籍登记、居住登记、人口查询"),
    ("公安局", "交通管理系统", "车辆登记、违法处理、流量监测"), ("公安局", "视频图像平台", "视频接入、录像调阅、设备运维"),
    ("民政局", "社会救助系统", "救助申请、家庭核对、资金发放"), ("民政局", "养老服务平台", "高龄津贴、机构管理、探访记录"),
    ("民政局", "婚姻登记系统", "结婚登记、离婚登记、预约"), ("司法局", "公共法律服务平台", "法律咨询、援助申请"),
    ("财政局", "预算管理系统", "预算编制、指标下达、支付"), ("财政局", "惠民资金发放系统", "名册管理、资金发放、对账"),
    ("人社局", "社会保险系统", "参保登记、缴费、待遇计发"), ("人社局", "就业服务系统", "失业登记、岗位发布、培训补贴"),
    ("自然资源局", "不动产登记系统", "登记受理、审核、缮证、查询"), ("自然资源局", "空间规划一张图", "图层管理、规划查询、项目选址"),
    ("生态环境局", "环境质量监测系统", "监测接入、超标预警、数据发布"), ("住建局", "工程建设审批系统", "立项、许可、验收"),
    ("住建局", "住房保障系统", "资格申请、轮候、配租、租金"), ("交通局", "运输管理系统", "许可、车辆管理、执法"),
    ("水务局", "水情监测系统", "水位接入、预警、调度"), ("农业农村局", "农业补贴系统", "面积申报、核验、补贴发放"),
    ("商务局", "商贸流通统计系统", "数据填报、指标统计"), ("文旅局", "文旅公共服务平台", "场馆预约、活动报名、客流统计"),
    ("卫健委", "全民健康信息平台", "健康档案、诊疗共享、家庭医生"), ("卫健委", "妇幼保健系统", "孕产登记、儿童体检、出生证"),
    ("退役军人局", "退役军人管理系统", "建档立卡、优待证、就业推荐"), ("应急局", "应急指挥系统", "值班、预警发布、资源调度"),
    ("市场监管局", "企业登记系统", "设立、变更、注销、公示"), ("市场监管局", "食品安全监管系统", "许可、检查、抽检"),
    ("统计局", "统计联网直报系统", "数据填报、审核、汇总"), ("医保局", "医疗保障系统", "参保、结算、备案、慢特病"),
    ("信访局", "信访信息系统", "来信登记、转办、答复"), ("城管局", "城市管理平台", "事件上报、派单、处置、评价"),
    ("机关事务局", "公务用车管理系统", "用车申请、派车、里程、油耗"), ("机关事务局", "公共机构节能系统", "能耗采集、统计、定额、预警"),
    ("机关事务局", "国有资产管理系统", "资产登记、调配、处置"), ("数据局", "数据共享交换平台", "目录管理、接口发布、共享授权、调用统计"),
    ("数据局", "政务云管理平台", "资源申请、监控、计量"), ("政务服务局", "一体化政务服务平台", "事项管理、网上申报、统一受理、办件跟踪"),
    ("政务服务局", "大厅叫号系统", "取号、叫号、窗口调度"), ("政务服务局", "好差评系统", "评价采集、差评督办、统计分析"),
    ("残联", "残疾人服务系统", "证件办理、等级评定、补贴发放"), ("税务局", "税收征管系统", "申报、征收、票据"),
    ("公积金中心", "公积金系统", "缴存、提取、贷款"), ("审计局", "审计作业系统", "数据采集、疑点核查、底稿"),
)  # fmt: skip
# A system that someone built for what another department's system does, under another name: what it repeats, its owner, name, functions.
TWINS = (
    ("一体化政务服务平台", "住建局", "工程审批综合受理平台", "事项配置、在线填报、集中受理、过程跟踪"),
    ("好差评系统", "卫健委", "服务满意度管理系统", "满意度采集、不满意整改、报表分析"),
    ("商贸流通统计系统", "工信局", "商贸企业统计直报平台", "报表填报、指标汇总"),
    ("公务用车管理系统", "公安局", "执勤车辆调度系统", "出车申请、车辆调派、里程登记、燃油统计"),
    ("国有资产管理系统", "教育局", "校产资产管理平台", "资产台账、调拨、报废"),
    ("社会救助系统", "残联", "困难残疾人救助系统", "补助申请、经济状况核对、补助发放"),
)
TECHNOLOGY = (
    "Java、关系数据库",
    "国产数据库、微服务",
    "C/S 架构、关系数据库",
    "低代码平台",
    "Java、国产操作系统",
    "云原生、微服务",
)


@dataclass(frozen=True)
class Systems:
    """In the order of the table: department index, name, functions, and how many people have an account."""

    department: tuple[int, ...]
    name: tuple[str, ...]
    functions: tuple[str, ...]
    users: Ints

    def index(self, name: str) -> int:
        """The system of this name."""
        return self.name.index(name)


def draw_systems(draws: Draws, plan: Plan, admin: Administration) -> Systems:
    """The usual systems and the planted twin, in an order that does not give it away."""
    _, department, name, functions = TWINS[plan.twin]
    every = (*SYSTEMS, (department, name, functions))
    mixed = [every[i] for i in draws.order("system/order", len(every)).tolist()]
    staff = len(admin.staff_department)
    users = np.minimum(draws.lognormal("system/users", len(mixed), 0.14 * staff, 0.9).astype(np.int64) + 5, staff)
    return Systems(
        tuple(admin.index(s[0]) for s in mixed), tuple(s[1] for s in mixed), tuple(s[2] for s in mixed), users
    )


def write_systems(store: Store, draws: Draws, plan: Plan, systems: Systems) -> tuple[Truth, ...]:
    """The table `it_system`; returns the duplicate."""
    n = len(systems.name)
    twin, original = systems.index(TWINS[plan.twin][2]), systems.index(TWINS[plan.twin][0])
    cost = draws.lognormal("system/cost", n, 260.0, 0.8).round(2)
    share = np.clip(0.085 * np.exp(0.5 * draws.normal("system/upkeep", n)), 0.02, 0.4)
    users = systems.users
    active = (users * np.clip(0.2 + 0.7 * draws.uniform("system/active", n), 0, 0.95)).astype(int)
    built = day_number("2025-06-30") - draws.below("system/built", n, 4200)
    idle = draws.chance("system/idle", n, 0.08)
    idle[[twin, original]] = False
    levels = np.where(draws.chance("system/level", n, 0.28), 3, 2)
    technology = draws.below("system/technology", n, len(TECHNOLOGY)).tolist()
    store.write_rows("it_system", [
        (i + 1, systems.department[i] + 1, systems.name[i], systems.functions[i], TECHNOLOGY[technology[i]], int(levels[i]),
         date_of(int(built[i])), float(cost[i]), round(float(cost[i] * share[i]), 2), int(users[i]),
         0 if idle[i] else int(active[i]), "停用" if idle[i] else "在用")
        for i in range(n)
    ])  # fmt: skip
    return (_twin(systems, twin, original),)


def _twin(systems: Systems, twin: int, original: int) -> Truth:
    return Truth(
        "duplicate_system", f"“{systems.name[twin]}”与已有的“{systems.name[original]}”功能相同，只是换了名称和说法。",
        {"system_id": twin + 1, "same_as": original + 1},
    )  # fmt: skip
