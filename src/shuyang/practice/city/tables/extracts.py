"""What the departments themselves keep of the same people: each with its own errors, without a common key."""

from __future__ import annotations

from shuyang.practice.city.fields import Field, Table, internal, personal, public, sensitive

THEME = "部门数据"


def _id(meaning: str = "可能是 15 位旧号、录错或缺失") -> Field:
    return sensitive("id_number", "VARCHAR", "公民身份号码", meaning, optional=True)


def _name(meaning: str = "可能有同音形近错字、曾用名，生僻字可能丢失") -> Field:
    return personal("name", "VARCHAR", "姓名", meaning)


def _phone() -> Field:
    return personal("phone", "VARCHAR", "联系电话", "可能过时或缺失", optional=True)


def _address() -> Field:
    return personal("address", "VARCHAR", "地址", "可能是旧址，写法不一")


EXTRACTS = (
    Table(
        "police_register", "公安户籍登记", "本市户籍人口；死亡后可能没有及时注销", THEME,
        (
            internal("record_no", "VARCHAR", "登记号", "主键"),
            _id("18 位"), _name("现用名"),
            personal("former_name", "VARCHAR", "曾用名", "改过名才有", optional=True),
            personal("sex", "VARCHAR", "性别", "男、女"),
            personal("birth_date", "DATE", "出生日期", "登记的出生日期"),
            personal("address", "VARCHAR", "户籍地址", "可能与居住地不同"),
            internal("registered_on", "DATE", "登记日期", "最近一次变动"),
            internal("status", "VARCHAR", "状态", "正常、死亡注销"),
        ),
    ),
    Table(
        "social_insured", "人社参保登记", "养老保险参保人；有重复参保", THEME,
        (
            internal("record_no", "VARCHAR", "参保号", "主键"), _id(), _name(), _phone(), _address(),
            internal("kind", "VARCHAR", "险种", "职工、居民"),
            personal("employer", "VARCHAR", "参保单位", "企业职工才有", optional=True),
            internal("status", "VARCHAR", "状态", "在职、退休、中断"),
            personal("paid_months", "SMALLINT", "缴费月数", "累计", unit="月"),
            personal("pay_base", "INTEGER", "缴费基数", "上年度月平均", unit="元"),
        ),
    ),
    Table(
        "medical_insured", "医保参保登记", "基本医疗保险参保人", THEME,
        (
            internal("record_no", "VARCHAR", "医保号", "主键"), _id(), _name(),
            personal("sex", "VARCHAR", "性别", "男、女"),
            personal("birth_date", "DATE", "出生日期", "可能录错，也可能是默认值"),
            _phone(), _address(),
            sensitive("chronic_kind", "VARCHAR", "门诊慢特病", "认定的病种", optional=True),
            personal("paid_by", "VARCHAR", "缴费方式", "单位、个人、财政资助"),
        ),
    ),
    Table(
        "civil_aid", "民政救助对象", "低保家庭成员名册；有已去世仍在册的", THEME,
        (
            internal("record_no", "VARCHAR", "救助号", "主键"), _id(), _name(), _address(),
            internal("household_no", "VARCHAR", "家庭号", "同一家庭相同"),
            sensitive("monthly_aid", "INTEGER", "月救助金", "人均", unit="元"),
            internal("since", "DATE", "起始日期", "开始救助"),
        ),
    ),
    Table(
        "disabled_register", "残联持证人", "残疾人证持有人", THEME,
        (
            internal("record_no", "VARCHAR", "档案号", "主键"), _id(), _name(), _phone(), _address(),
            sensitive("kind", "VARCHAR", "残疾类别", "肢体、视力、听力、言语、智力、精神、多重"),
            sensitive("grade", "TINYINT", "残疾等级", "1 最重，4 最轻"),
            internal("issued_on", "DATE", "发证日期", "最近一次换证"),
        ),
    ),
    Table(
        "school_roll", "教育学籍", "中小学在校生", THEME,
        (
            internal("record_no", "VARCHAR", "学籍号", "主键"), _id(), _name(),
            personal("sex", "VARCHAR", "性别", "男、女"),
            personal("birth_date", "DATE", "出生日期", "可能录错"),
            internal("school", "VARCHAR", "学校", "虚构"),
            internal("grade", "VARCHAR", "年级", "小学一年级至高三"),
            personal("guardian_phone", "VARCHAR", "监护人电话", "户主的电话", optional=True), _address(),
        ),
    ),
    Table(
        "property_register", "不动产登记", "住宅的登记权利人", THEME,
        (
            internal("record_no", "VARCHAR", "不动产单元号", "主键"), _id(), _name(), _address(),
            personal("area", "SMALLINT", "建筑面积", "登记面积", unit="平方米"),
            internal("registered_on", "DATE", "登记日期", "首次或转移登记"),
        ),
    ),
    Table(
        "club_list", "社团活动公开名单", "体育社团在网上公布的报名名单：公开，可被用来比对", THEME,
        (
            public("entry_no", "INTEGER", "序号", "主键"),
            personal("name", "VARCHAR", "姓名", "如实公布"),
            personal("sex", "VARCHAR", "性别", "男、女"),
            personal("birth_date", "DATE", "出生日期", "如实公布"),
            personal("subdistrict", "VARCHAR", "所在街道", "街道或镇名称"),
            public("event", "VARCHAR", "项目", "报名的项目"),
        ),
    ),
)  # fmt: skip
