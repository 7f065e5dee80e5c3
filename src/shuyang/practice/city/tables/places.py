"""Places and administration: districts, sub-districts, departments, staff."""

from __future__ import annotations

from shuyang.practice.city.fields import Table, internal, personal, public

PLACES = (
    Table(
        "district", "区县", "云川市的区县；区划代码以 58 开头，现实中没有这个省级代码", "地区与部门",
        (
            public("district_id", "SMALLINT", "区县编号", "主键"),
            public("name", "VARCHAR", "名称", "区县名称"),
            public("region_code", "VARCHAR", "区划代码", "六位，虚构"),
            public("rural", "BOOLEAN", "是否为县", "县为是，区为否"),
        ),
    ),
    Table(
        "subdistrict", "街道乡镇", "区县下的街道和镇", "地区与部门",
        (
            public("subdistrict_id", "SMALLINT", "街道编号", "主键"),
            public("district_id", "SMALLINT", "区县编号", "所属区县", references="district.district_id"),
            public("name", "VARCHAR", "名称", "街道或镇名称"),
            public("rural", "BOOLEAN", "是否为镇", "镇为是，街道为否"),
        ),
    ),
    Table(
        "department", "部门", "市级部门、区县政府办和街道乡镇", "地区与部门",
        (
            public("department_id", "SMALLINT", "部门编号", "主键"),
            public("name", "VARCHAR", "名称", "全称"),
            public("short_name", "VARCHAR", "简称", "日常用的简称"),
            public("level", "VARCHAR", "层级", "市级部门、区县、街道乡镇"),
            public("district_id", "SMALLINT", "区县编号", "市级部门为空", references="district.district_id",
                   optional=True),
            public("subdistrict_id", "SMALLINT", "街道编号", "只有街道乡镇有", references="subdistrict.subdistrict_id",
                   optional=True),
            public("credit_code", "VARCHAR", "统一社会信用代码", "18 位，校验位正确，虚构"),
            public("staff_count", "SMALLINT", "编制人数", "核定编制", unit="人"),
        ),
    ),
    Table(
        "staff", "工作人员", "各部门的工作人员", "地区与部门",
        (
            internal("staff_id", "INTEGER", "人员编号", "主键"),
            internal("department_id", "SMALLINT", "部门编号", "所在部门", references="department.department_id"),
            personal("name", "VARCHAR", "姓名", "虚构"),
            internal("post", "VARCHAR", "岗位", "岗位名称"),
            personal("phone", "VARCHAR", "手机号", "号段未分配，虚构"),
            internal("hired_on", "DATE", "入职日期", "到本部门的日期"),
            internal("left_on", "DATE", "离职日期", "在职为空", optional=True),
        ),
    ),
)  # fmt: skip
