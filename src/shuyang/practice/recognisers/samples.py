"""Texts full of identifiers and of numbers that only look like them, with what is where: to measure the recognisers.

Identifiers are those of the invented city. `TUNING` templates were at hand while the rules were written; `HELD_OUT` ones were
written afterwards and changed no rule for the kinds that can be checked: figures are told for these.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from shuyang.practice.city import identifiers
from shuyang.practice.city.draws import Draws
from shuyang.practice.city.names import Names, given_names, surnames
from shuyang.practice.city.places import CITY, DISTRICTS, draw_map
from shuyang.practice.recognisers.found import Kind

TUNING = (
    "申请人{name}（身份号码{id}），住{address}，联系电话{phone}。办件号{case}，于{date}受理。",
    "{date}，{name}同志来电反映，其车辆{plate}在{road}被误拍，工单号{order}。",
    "经核，{name}，男，{id}，补贴发放至银行卡{card}，金额{amount}元，凭证号{serial}。",
    "请{name}女士于{date}前携带护照{passport}到窗口，咨询电话{phone}。",
    "企业统一社会信用代码{credit}，法定代表人：{name}，注册资本{amount}万元，文号{docno}。",
    "系统提示：身份号码{badid}校验不通过，订单号{order}已退回，设备编号{device}。",
    "水表表号{meter}，{month}读数{reading}，地址{address}，户主{name}。",
    "卡号{badcard}不能识别，请核对；流水号{serial}，时间{time}。",
    "合同编号{docno}，项目编号{order}，合计￥{amount}，发票代码{invoice}。",
    "收件人：{name}，{phone}，{address}，运单号{order}。",
    "网上办理请访问 {ip}，版本{version}，热线{hotline}。",
    "{name}先生反映{address}路灯不亮，已派单（{serial}）。",
    "固定资产{device}，{credit}，验收日期{date}，金额{amount}元。",
)
HELD_OUT = (
    "【回访记录】{date} {time} 致电{phone}，接听人为{name}本人，证件{id}，对办理结果表示认可。",
    "兹证明{name}，{id}，系我街道居民，现居住于{address}，特此证明。",
    "驾驶员：{name} 车号：{plate} 出车时间：{time} 里程表{reading}公里 加油金额{amount}元",
    "退款账户 {card}，开户人 {name}，原交易流水 {serial}，金额 {amount}",
    "关于{docno}号文的办理情况：涉及企业1家（代码{credit}），罚款{amount}元，票据号码{invoice}。",
    "出入境窗口今日补录：护照号{passport}，姓名{name}，有效期至{date}。",
    "采购清单：机身号{device}，数量3，单价{amount}；送货至{address}，签收电话{phone}。",
    "条形码{order}，批次{serial}，生产日期{date}，客服{hotline}。",
    "监护人{name}，联系方式{phone}；学生学籍号{case}，原身份号码{badid}有误，已更正为{id}。",
    "昨日{time}，{plate}与另一车辆在{road}发生剐蹭，报案号{order}。",
    "受委托人：{name}\n电话：{phone}\n证件号码：{id}\n回执编号：{serial}",
    "银行退票：户名与卡号{badcard}不符，正确卡号应为{card}。",
    "ISBN {isbn}，定价{amount}元；坐标{coordinate}；服务器{ip}。",
    "{name}老师您好，您预约的{date}{time}时段已确认，预约码{case}。",
    "纳税人识别号 {credit}，开票日期 {date}，校验码 {serial}。",
    "拟对{address}的违建予以拆除，当事人{name}于{date}签收，文书{docno}。",
)
# Written after the rules for names in running text had been changed, with a look at the figures of HELD_OUT.
UNSEEN = (
    "经查，{name}于{date}将{plate}停放在{road}路口，民警已电话联系{phone}，成功劝离。",
    "会议由{name}主持，安排{date}前完成全市台账核对，任务号{serial}。",
    "{name}、{name}等居民反映高龄津贴未到账，卡号{card}，请市民政局核实，时限{date}。",
    "应急值守：白天{name}，夜间 {name}，值班电话{phone}；车辆{plate}已加满油。",
    "关于和平社区古城改造，户主{name}（{address}）已签约，金额{amount}元，文号{docno}。",
    "华东物流回执：{order}，单位{credit}，方式快递，包括原件一份。",
    "护照{passport}的持有人为{name}，于{date}出境，简单查验后放行。",
    "万元以上项目须经{name}审批；常见问题见{ip}，温馨提示：热线{hotline}。",
    "请将补贴转入{name}账户{card}，并把{id}的复印件交窗口，单号{order}。",
    "施工许可编号{docno}，项目经理{name}，管理人员{name}，地址{address}。",
)
# Written last; measured after each of the last variants of the rules for names.
FRESH = (
    "村委会出具材料：{name}系本村村民，常年在外务工，补助{amount}元由其父{name}代领。",
    "本次抽查由{name}、{name}两人负责，车号{plate}，里程{reading}公里，凭据{invoice}。",
    "患者{name}复诊，家属{name}陪同，取药单号{order}，请于{time}前到药房。",
    "{name}在{road}开办小吃店，信用代码{credit}，申请减免{amount}元，安全检查合格。",
    "感谢{name}同志多年来为社区服务，白天黑夜从不计较，家长们都很满意。",
    "今收到{name}交来保证金{amount}元，开户账号{card}，经手人{name}。",
    "高新技术企业名单：{credit}；联系人{name}，手机{phone}，应当于{date}前补正。",
    "马上就办：{address}的{name}反映楼道灯不亮，已通知物业，工单{serial}。",
)
KINDS = {
    "id": Kind.RESIDENT_ID, "credit": Kind.CREDIT_CODE, "phone": Kind.PHONE, "card": Kind.BANK_CARD,
    "passport": Kind.PASSPORT, "plate": Kind.PLATE, "address": Kind.ADDRESS, "name": Kind.NAME,
}  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """A text and what is in it: (kind, start, end), in order."""

    text: str
    spans: tuple[tuple[Kind, int, int], ...]


def samples(seed: int, n: int, templates: tuple[str, ...] = HELD_OUT) -> list[Sample]:
    """n texts in the order of the templates, over and over, with ever new values."""
    maker = _Maker(seed, n)
    return [_fill(templates[i % len(templates)], maker, i) for i in range(n)]


def _fill(template: str, maker: _Maker, row: int) -> Sample:
    text, spans, at = "", [], 0
    for slot in re.finditer(r"\{(\w+)\}", template):
        text += template[at : slot.start()]
        value = maker.value(slot[1], row)
        if slot[1] in KINDS:
            spans.append((KINDS[slot[1]], len(text), len(text) + len(value)))
        text, at = text + value, slot.end()
    return Sample(text + template[at:], tuple(spans))


class _Maker:
    """Values for the slots, drawn column by column."""

    def __init__(self, seed: int, n: int) -> None:
        self.draws, self.n = Draws(seed), n
        self.map = draw_map(self.draws, 200_000)
        self.names = self._names()
        self._u: dict[str, np.ndarray] = {}

    def u(self, name: str, row: int, below: int) -> int:
        """A whole number below a limit, for a name and a row."""
        if name not in self._u:
            self._u[name] = self.draws.uniform(f"sample/{name}", self.n)
        return int(self._u[name][row] * below)

    def value(self, slot: str, row: int) -> str:
        """The text for a slot in a row."""
        maker: Callable[[int], str] = getattr(self, f"_{slot}")
        return maker(row)

    def _names(self) -> Names:
        male = self.draws.chance("sample/male", self.n, 0.5)
        born = 1940 + self.draws.below("sample/born", self.n, 80)
        return given_names(self.draws, "sample/name", surnames(self.draws, "sample/surname", self.n), male, born)

    def _name(self, row: int) -> str:
        return self.names.text(row)

    def _first17(self, row: int) -> str:
        region = DISTRICTS[self.u("district", row, 5)][1]
        born = f"{1935 + self.u('year', row, 85)}{1 + self.u('month', row, 12):02d}{1 + self.u('day', row, 28):02d}"
        return f"{region}{born}{self.u('sequence', row, 1000):03d}"

    def _id(self, row: int) -> str:
        first = self._first17(row)
        whole = first + identifiers.resident_check(first)
        form = self.u("id form", row, 20)
        return whole.lower() if form == 0 else f"{whole[:6]} {whole[6:14]} {whole[14:]}" if form == 1 else whole

    def _badid(self, row: int) -> str:
        first = self._first17(row)
        right = identifiers.RESIDENT_CHECKS.index(identifiers.resident_check(first))
        return first + identifiers.RESIDENT_CHECKS[(right + 1 + self.u("wrong", row, 9)) % 11]

    def _credit(self, row: int) -> str:
        region = np.array([DISTRICTS[self.u("firm", row, 5)][1]])
        return identifiers.credit_codes(np.array([self.u("credit", row, 10**7)]), region, "91")[0]

    def _phone(self, row: int) -> str:
        number = str(identifiers.phone_numbers(np.array([self.u("phone", row, 4 * 10**8)]))[0])
        form = self.u("phone form", row, 12)
        groups = f"{number[:3]}{' -'[form % 2]}{number[3:7]}{' -'[form % 2]}{number[7:]}"
        return groups if form < 2 else f"+86{number}" if form == 2 else number

    def _card(self, row: int) -> str:
        whole = identifiers.CARD_PREFIX + f"{identifiers.card_numbers(np.array([self.u('card', row, 10**9)]))[0]:013d}"
        return " ".join(re.findall(r"\d{1,4}", whole)) if self.u("card form", row, 8) == 0 else whole

    def _badcard(self, row: int) -> str:
        whole = (
            identifiers.CARD_PREFIX + f"{identifiers.card_numbers(np.array([self.u('bad card', row, 10**9)]))[0]:013d}"
        )
        return whole[:-1] + str((int(whole[-1]) + 1 + self.u("bad digit", row, 9)) % 10)

    def _passport(self, row: int) -> str:
        return f"E{'IO'[row % 2]}{self.u('passport', row, 10**7):07d}"

    def _plate(self, row: int) -> str:
        letters = identifiers.PLATE_LETTERS
        a, b = letters[self.u("plate a", row, 24)], letters[self.u("plate b", row, 24)]
        number = f"{self.u('plate', row, 10**4):04d}"
        dot = "·" if self.u("plate dot", row, 5) == 0 else ""
        electric = self.u("plate form", row, 4) == 0
        return f"{identifiers.PLATE_SIGN}{a}{dot}{'D' if electric else ''}{b}{number}"

    def _address(self, row: int) -> str:
        town = self.u("town", row, len(self.map.subdistricts))
        place = DISTRICTS[self.map.district_of[town]][0] + self.map.subdistricts[town]
        city = CITY if self.u("with city", row, 4) else ""
        home = self.map.communities[town * 14 + self.u("community", row, 14)]
        if self.map.rural[town]:
            return f"{city}{place}{home}{1 + self.u('group', row, 12)}组{1 + self.u('house', row, 200)}号"
        road, flat = self.map.roads[town * 6 + self.u("road", row, 6)], self.u("floor", row, 20) + 1
        block, stair = 1 + self.u("block", row, 28), 1 + self.u("stair", row, 4)
        inside = f"{block}-{stair}-{flat}01" if row % 3 == 0 else f"{block}幢{stair}单元{flat}01室"
        return f"{city}{place}{road}{1 + self.u('house', row, 260)}号{home}{inside}"

    # --- what only looks like an identifier --------------------------------------------------------------------------

    def _digits(self, name: str, row: int, length: int) -> str:
        high, low = self.u(f"{name} high", row, 10**9), self.u(f"{name} low", row, 10**9)
        return f"{high:09d}{low:09d}000000"[:length]

    def _order(self, row: int) -> str:
        form = self.u("order form", row, 5)
        day = f"2025{1 + self.u('order month', row, 12):02d}{1 + self.u('order day', row, 28):02d}"
        length = 10 + self.u("order length", row, 12)
        plain = f"{1 + self.u('order first', row, 9)}{self._digits('order', row, length - 1)}"
        mobile = f"1{3 + self.u('order second', row, 7)}{self._digits('order', row, 9)}"
        return (plain, day + self._digits("order", row, 6), f"DD{day}{self._digits('order', row, 6)}", mobile, plain)[
            form
        ]

    def _serial(self, row: int) -> str:
        return self._digits("serial", row, 12 + self.u("serial length", row, 9))

    def _case(self, row: int) -> str:
        return f"YC2025{self.u('case', row, 10**7):07d}"

    def _device(self, row: int) -> str:
        return f"{'ABCEGKS'[self.u('device letter', row, 7)]}{self._digits('device', row, 7 + self.u('device length', row, 3))}"

    def _date(self, row: int) -> str:
        y, m, d = 2015 + self.u("y", row, 11), 1 + self.u("m", row, 12), 1 + self.u("d", row, 28)
        return (f"{y}年{m}月{d}日", f"{y}-{m:02d}-{d:02d}", f"{y}{m:02d}{d:02d}", f"{y}.{m}.{d}")[
            self.u("date form", row, 4)
        ]

    def _month(self, row: int) -> str:
        return f"2025年{1 + self.u('m', row, 12)}月"

    def _time(self, row: int) -> str:
        return f"{self.u('hour', row, 24):02d}:{self.u('minute', row, 60):02d}"

    def _amount(self, row: int) -> str:
        value = self.u("amount", row, 10**8) / 100
        return f"{value:,.2f}" if self.u("amount form", row, 2) else f"{value:.2f}"

    def _docno(self, row: int) -> str:
        return f"云政{'发办函'[row % 3]}〔2025〕{1 + self.u('doc', row, 300)}号"

    def _invoice(self, row: int) -> str:
        return self._digits("invoice", row, 20 if row % 2 else 12)

    def _meter(self, row: int) -> str:
        return self._digits("meter", row, 11)

    def _reading(self, row: int) -> str:
        return f"{self.u('reading', row, 10**6)}"

    def _ip(self, row: int) -> str:
        return f"192.0.2.{self.u('ip', row, 256)}"

    def _version(self, row: int) -> str:
        return f"v{self.u('v', row, 9)}.{self.u('w', row, 20)}.{self.u('x', row, 99)}"

    def _hotline(self, row: int) -> str:
        return ("12345", "400-000-0000", "96110")[row % 3]

    def _isbn(self, row: int) -> str:
        return f"978-7-{self._digits('isbn', row, 3)}-{self._digits('isbn b', row, 5)}-{row % 10}"

    def _coordinate(self, row: int) -> str:
        east, north = (
            f"{least + self.u(n, row, 20)}.{self._digits(n, row, 6)}" for n, least in (("lon", 100), ("lat", 20))
        )
        return f"{east},{north}"

    def _road(self, row: int) -> str:
        return self.map.roads[self.u("bare road", row, len(self.map.roads))]
