"""What was found, and what stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an identifier is."""

    RESIDENT_ID = "公民身份号码"
    CREDIT_CODE = "统一社会信用代码"
    PHONE = "电话号码"
    BANK_CARD = "银行卡号"
    PASSPORT = "护照号"
    PLATE = "车牌号"
    ADDRESS = "地址"
    NAME = "姓名"


@dataclass(frozen=True)
class Found:
    """An identifier at text[start:end]. `certain`: it passed a check digit; otherwise form and context alone speak for it."""

    kind: Kind
    start: int
    end: int
    certain: bool


# Words that announce some other number; what follows is not a phone, a card or a passport.
OTHER_NUMBER = re.compile(
    r"(?:订单|运单|快递|流水|工单|单据|发票|票据|批次|设备|资产|序列|合同|项目|档案|受理|办件|文件|条形|条|产品|机身|采购|凭证|回执|业务|任务|表计|表|批|案|学|会员|取件|券|参考|追踪)"
    r"(?:编|单|流水|序列|识别)?(?:号码?|码|编号|代码)?(?:[为是]|[：:#＃])?\s*$|(?:编号|序号|尾号|单号|型号|版本号?|文号|SN|S/N|No\.?|NO\.?|ID|Id|id|金额|合计|总计|[￥¥$])(?:[为是]|[：:#＃])?\s*$"
)


def announced_otherwise(text: str, start: int) -> bool:
    """Do the words just before say that this is a number of another kind?"""
    return bool(OTHER_NUMBER.search(text[max(0, start - 14) : start]))


def announced(text: str, start: int, words: str) -> bool:
    """Is one of these words (a pattern) within the twelve characters before?"""
    return bool(re.search(words, text[max(0, start - 12) : start]))
