"""How the administration runs: cars and trips, buildings and meters."""

from __future__ import annotations

from shuyang.practice.city.fields import Table, internal, public

THEME = "机关运行"
OPERATIONS = (
    Table(
        "calendar_day", "日历和天气", "2024、2025 年的每一天；气温为虚构的日平均值", THEME,
        (
            public("day", "DATE", "日期", "主键"),
            public("workday", "BOOLEAN", "是否工作日", "按国务院办公厅公布的放假安排，含调休"),
            public("temperature", "DECIMAL(4,1)", "平均气温", "虚构", unit="摄氏度"),
        ),
    ),
    Table(
        "official_car", "公务用车", "各部门的公务用车", THEME,
        (
            internal("car_id", "SMALLINT", "车辆编号", "主键"),
            internal("department_id", "SMALLINT", "部门编号", "使用部门", references="department.department_id"),
            internal("plate_no", "VARCHAR", "车牌号", "虚构"),
            internal("model", "VARCHAR", "车型", "轿车、商务车、越野车、客车"),
            internal("electric", "BOOLEAN", "是否新能源", "纯电动为是"),
            internal("bought_on", "DATE", "购置日期", "登记日期"),
            internal("price", "DECIMAL(6,2)", "购置价", "不含税", unit="万元"),
        ),
    ),
    Table(
        "car_trip", "用车记录", "2024、2025 年的每次用车；用车人属于车辆所在部门", THEME,
        (
            internal("trip_id", "INTEGER", "行程编号", "主键"),
            internal("car_id", "SMALLINT", "车辆编号", "使用的车", references="official_car.car_id"),
            internal("staff_id", "INTEGER", "用车人", "申请用车的人", references="staff.staff_id"),
            internal("purpose", "VARCHAR", "事由", "申请时填写"),
            internal("destination", "VARCHAR", "目的地", "街道、镇或外地"),
            internal("started_at", "TIMESTAMP", "出车时间", "出车时间"),
            internal("ended_at", "TIMESTAMP", "收车时间", "收车时间"),
            internal("distance", "DECIMAL(6,1)", "里程", "本次行驶", unit="公里"),
            internal("odometer", "INTEGER", "收车里程表", "累计里程", unit="公里"),
        ),
    ),
    Table(
        "car_refuel", "加油充电记录", "公务卡加油、充电记录", THEME,
        (
            internal("refuel_id", "INTEGER", "记录编号", "主键"),
            internal("car_id", "SMALLINT", "车辆编号", "加油的车", references="official_car.car_id"),
            internal("refuelled_at", "TIMESTAMP", "时间", "加油或充电时间"),
            internal("quantity", "DECIMAL(6,1)", "数量", "汽油为升，充电为千瓦时", unit="升或千瓦时"),
            internal("amount", "DECIMAL(8,2)", "金额", "结算金额", unit="元"),
        ),
    ),
    Table(
        "building", "办公建筑", "公共机构的办公用房", THEME,
        (
            public("building_id", "SMALLINT", "建筑编号", "主键"),
            public("department_id", "SMALLINT", "管理部门", "负责能耗的部门", references="department.department_id"),
            public("name", "VARCHAR", "名称", "虚构"),
            public("area", "INTEGER", "建筑面积", "建筑面积", unit="平方米"),
            public("floors", "TINYINT", "层数", "地上层数", unit="层"),
            public("built_year", "SMALLINT", "建成年份", "竣工年份"),
            public("people", "SMALLINT", "用能人数", "常驻人数", unit="人"),
        ),
    ),
    Table(
        "meter", "能耗表计", "电表、水表、气表", THEME,
        (
            internal("meter_id", "SMALLINT", "表计编号", "主键"),
            internal("building_id", "SMALLINT", "建筑编号", "安装位置", references="building.building_id"),
            internal("kind", "VARCHAR", "类别", "电、水、气"),
            internal("unit", "VARCHAR", "计量单位", "千瓦时、立方米"),
            internal("installed_on", "DATE", "安装日期", "安装日期"),
        ),
    ),
    Table(
        "meter_reading", "能耗日用量", "每个表每天的用量；表坏了也照样上传", THEME,
        (
            internal("meter_id", "SMALLINT", "表计编号", "读数的表", references="meter.meter_id"),
            internal("day", "DATE", "日期", "日期", references="calendar_day.day"),
            internal("used", "DECIMAL(10,1)", "用量", "当日用量", unit="见表计"),
        ),
        key=("meter_id", "day"),
    ),
)  # fmt: skip
