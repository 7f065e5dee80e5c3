"""People and firms."""

from __future__ import annotations

from shuyang.practice.city.fields import Table, internal, personal, public, sensitive

PEOPLE = (
    Table(
        "household", "家庭", "一起居住的家庭", "人口与企业",
        (
            internal("household_id", "INTEGER", "家庭编号", "主键"),
            internal("subdistrict_id", "SMALLINT", "街道编号", "居住地", references="subdistrict.subdistrict_id"),
            personal("address", "VARCHAR", "住址", "虚构的标准地址"),
            internal("members", "TINYINT", "人数", "同住人数", unit="人"),
            internal("housing", "VARCHAR", "住房来源", "自有、租赁、公租房、宅基地"),
            internal("area", "SMALLINT", "住房面积", "建筑面积", unit="平方米"),
            personal("monthly_income", "INTEGER", "家庭月收入", "成员月收入之和", unit="元"),
            sensitive("low_income", "BOOLEAN", "是否低保家庭", "现行低保名册"),
        ),
    ),
    Table(
        "resident", "居民", "常住人口的基准表：一人一行，没有错误；各部门自己的数据见“部门数据”主题", "人口与企业",
        (
            internal("resident_id", "INTEGER", "居民编号", "主键；只在本市内部使用"),
            sensitive("id_number", "VARCHAR", "公民身份号码", "18 位，校验位正确，区划代码虚构"),
            personal("name", "VARCHAR", "姓名", "虚构；含生僻字和带间隔号的姓名"),
            personal("sex", "VARCHAR", "性别", "男、女"),
            personal("birth_date", "DATE", "出生日期", "与公民身份号码一致"),
            internal("household_id", "INTEGER", "家庭编号", "居住的家庭", references="household.household_id"),
            personal("relation", "VARCHAR", "与户主关系", "户主、配偶、子女、父母、祖父母、孙子女"),
            personal("marital", "VARCHAR", "婚姻状况", "未婚、已婚、离异、丧偶"),
            personal("education", "VARCHAR", "学历", "最高学历；学龄前为空", optional=True),
            personal("occupation", "VARCHAR", "就业状况", "在业、个体经营、务农、失业、学生、退休、学龄前、其他"),
            personal("firm_id", "INTEGER", "工作单位", "在企业工作的才有", references="firm.firm_id", optional=True),
            personal("monthly_income", "INTEGER", "月收入", "工资、养老金或经营收入", unit="元"),
            personal("phone", "VARCHAR", "手机号", "号段未分配，虚构；没有手机的为空", optional=True),
            sensitive("bank_card", "VARCHAR", "银行卡号", "19 位，校验位正确，发卡行号虚构；没有为空", optional=True),
            personal("passport_no", "VARCHAR", "护照号", "虚构；没有为空", optional=True),
            personal("plate_no", "VARCHAR", "车牌号", "名下的车；虚构；没有为空", optional=True),
            personal("local_register", "BOOLEAN", "是否本市户籍", "流动人口为否"),
            sensitive("disability", "TINYINT", "残疾等级", "0 无，1 最重，4 最轻"),
            sensitive("chronic", "BOOLEAN", "是否慢性病患者", "家庭医生登记"),
            internal("insurance", "VARCHAR", "养老保险", "职工、居民、未参保"),
            internal("online_account", "BOOLEAN", "是否实名注册", "有无政务服务平台的实名账号"),
            personal("died_on", "DATE", "死亡日期", "健在为空", optional=True),
        ),
    ),
    Table(
        "firm", "企业", "企业和个体工商户", "人口与企业",
        (
            public("firm_id", "INTEGER", "企业编号", "主键"),
            public("name", "VARCHAR", "名称", "虚构"),
            public("credit_code", "VARCHAR", "统一社会信用代码", "18 位，校验位正确，虚构"),
            public("kind", "VARCHAR", "类型", "有限责任公司、个体工商户、农民专业合作社"),
            public("industry", "VARCHAR", "行业", "行业门类"),
            public("subdistrict_id", "SMALLINT", "街道编号", "注册地", references="subdistrict.subdistrict_id"),
            public("address", "VARCHAR", "地址", "虚构"),
            public("founded_on", "DATE", "成立日期", "登记日期"),
            public("capital", "DECIMAL(12,2)", "注册资本", "认缴", unit="万元"),
            personal("legal_resident_id", "INTEGER", "法定代表人", "居民编号", references="resident.resident_id"),
            internal("employees", "INTEGER", "从业人数", "年末在册的本市居民", unit="人"),
            internal("revenue", "DECIMAL(14,2)", "营业收入", "2025 年", unit="万元"),
            internal("tax_paid", "DECIMAL(12,2)", "纳税额", "2025 年", unit="万元"),
            internal("phone", "VARCHAR", "联系电话", "号段未分配，虚构"),
            public("status", "VARCHAR", "登记状态", "存续、注销、吊销"),
        ),
    ),
)  # fmt: skip
