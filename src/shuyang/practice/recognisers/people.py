"""Names of people: a surname, one or two characters, and words around that go with people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shuyang.practice.recognisers.found import Found, Kind

# The common surnames, single and of two characters.
SINGLE = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦"
    "江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗"
    "凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇骆艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺付肖闫尚蒲缪农麦"
)
DOUBLE = "欧阳|上官|司徒|诸葛|东方|皇甫|尉迟|慕容|司马|夏侯|公孙|令狐|端木|百里|南宫|西门|长孙|宇文|轩辕|独孤|东郭|呼延"
_GIVEN = r"[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U000323af]"
_NAME = rf"(?:(?:{DOUBLE}){_GIVEN}{{1,2}}|[{SINGLE}]{_GIVEN}{{1,2}})"
_DOTTED = r"[\u4e00-\u9fff]{2,5}[·•・．][\u4e00-\u9fff]{2,6}"
# What stands before a name, and after it.
BEFORE = re.compile(
    r"(?:姓名|申请人|联系人|经办人|代办人|委托人|受托人|被委托人|法定代表人|负责人|法人|户主|当事人|投保人|参保人|监护人|家长|收件人|寄件人|持证人|车主|业主|承租人|患者|学生|"
    r"来访人|来电人|报名人|审核人|受理人|签收人|驾驶员|司机|值班员|村民|居民|市民|群众|丈夫|妻子|儿子|女儿|父亲|母亲|配偶|我叫|名叫|我是|同事|邻居|老人|职工)"
    r"(?:[：:]|为|是|叫)?\s*$"
)
AFTER = re.compile(
    r"\s*(?:同志|先生|女士|小姐|老师|医生|师傅|科长|副科长|主任|副主任|局长|副局长|处长|股长|站长|书记|大爷|大妈|阿姨|老人|同学|本人|来电|来访|反映|"
    r"[（(，,]\s*(?:男|女)|[（(]?(?:身份证|身份号码|公民身份号码|手机|电话|联系电话))"
)
# Words that begin with a surname and are no names.
NO_NAME = re.compile(
    r"(?:本人|方式|方案|方面|方便|安全|安排|时间|时候|时限|平台|金额|文件|文号|周期|周边|马上|常住|温馨|施工|管理|任务|关于|关系|向我|向他|成功|成立|高度|高龄|白天|单位|单独|全部|"
    r"全程|全市|项目|解决|解释|应当|应急|万元|许可|路口|路段|明确|明天|明细|连续|计算|计划|保障|保险|和平|党员|农村|农业|居住|台账|费用|商业|商户|华东|左右|宗地|应用|来信|来电|来访|来函|强调|位于|都是|"
    r"古城|车辆|车牌|边界|包括|查询|查看|房屋|房产|官网|原因|原件|原来|封面|银行|沙滩|木材|花园|练习|简单|符合|游客|阳台|盖章|盛夏|童装|路过|卫生|尚未|麦田|易地|江边|石料|金融|黄金)"
)
NAME, DOTTED = re.compile(_NAME), re.compile(_DOTTED)
# Characters that given names are often made of, of several generations.
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文辉斌鹏宇浩轩梓涵欣怡诗雨佳子晨俊凯飞翔旭阳波峰海林春秋冬夏生福德贵荣发财富祥瑞庆嘉家成才"
    "永长世光亮清正义忠信仁礼智勤俭学思哲博睿铭诚毅恒坚立新兴旺昌盛隆金银珍珠宝玲琳琪瑶璐莹晶洁雪冰霜露云霓彩虹月星辰曦昊天宏达远航帆涵泽润源泉江河湖山岩松柏"
    "竹菊荷莲蓉薇蕾芸芝茜茹菲萍萌若兮汐沐依昕悦乐欢喜爱惠慧贤淑婉婷娅妍婧嫣媛嫦娥姝姣凤凰燕莺鹃雁翠青蓝紫丹朱赤素白玄素香馨甜美好佩瑾瑜琼瑛璇玥珊珂琴瑟书画"
    "艺雅韵音歌舞楠桐枫柳桃杏榕槐彬森树根苗禾田丰收麦安宁康健寿顺利和谐友善良心怀念忆恩慈孝敬尊培栋梁材良骏骥龙虎豹鹰鸿鹄麟熙煜烨炜炎焱灿耀辉煌晖晗晓曙昕昱景晴"
    "朗皓皎奕逸卓越群众先进锋锐钢铁钧铎钟鑫锦绣绮纹绪绍维纲纪经伦方圆元亨贞吉一二三四五六七八九十之于以可言语诺屹澄澈泓淼渊博瀚洲沛沁洛涟漪琦舒敬民卫东西南北"
    "中州京津沪粤川云疆藏蒙全有水土火木保来喜满堂守业根柱连贯仙巧素琼菁苹芬芹蓓莎莉莲倩倪颖颜佟丝纯洁真诚挚秦楚韩魏赵燕齐鲁晋吴越霖霏雯雷震霆威武胜利凯旋战斗"
    "英雄豪杰俊彦圣贤君子仕官爵禄禧祺祯祝福佑帝王侯相将士卿彪煊炳焕烁璟璞琨珩瑄琛琰琬环佩玺印笙箫磬钰铃锁镇锋剑弓弘强弼张驰骋奔腾跃进达通运泰安邦定国治平均衡轩辕"
)
# A name of three characters is taken where nothing but a name fits; one of two only between marks.
_ALONE = re.compile(rf"(?:(?:{DOUBLE})|[{SINGLE}])[{GIVEN}]{{1,2}}")
_MARK = r"[\s，,。；;、：:（()）【】\[\]]"
_MARKS = re.compile(rf"(?:^|{_MARK})$")
_LEADS = re.compile(
    rf"(?:^|{_MARK}|证明|致电|通知|询问|告知|联系|委托|告诉|转告|约谈|陪同|协助|转入|汇入|退还|经理|科长|局长|主任|书记|民警|医生|护士|教师|班长|队长|白天|夜间|"
    r"上午|下午|[0-9由与和向给请为是叫对被将把让经据因交报])$"
)
_END = (
    r"(?=$|[\s，,。；;、：:（()）0-9A-Za-z]|同志|先生|女士|"
    r"[于的在来已到向与和办提反申本需因为补自今昨持等称表])"
)
_FOLLOWS, _AFTER_MARK = re.compile(_END), re.compile(rf"$|{_MARK}")
LONGEST_FIRST = re.compile(rf"(?:(?:{DOUBLE})|[{SINGLE}])(?:{_GIVEN}{{2}}|{_GIVEN}){_END}")


def names(text: str) -> Iterator[Found]:
    """Names that words around them, or the lack of any words, show to be such.

    A cell that holds nothing but a name counts. In running text two-character names without a word before or after are missed
    on purpose: half of them would be something else.
    """
    if whole := re.fullmatch(rf"\s*({_NAME}|{_DOTTED})\s*", text):
        if not NO_NAME.match(whole[1]):
            yield Found(Kind.NAME, whole.start(1), whole.end(1), False)
        return
    for match in DOTTED.finditer(text):
        yield from _dotted(text, match)
    yield from _announced(text)
    yield from _addressed(text)
    yield from _alone(text)


def _dotted(text: str, match: re.Match[str]) -> Iterator[Found]:
    """A transliterated name; what announces it may have been caught in front of it."""
    start = match.start()
    if cue := BEFORE_INSIDE.search(text, max(0, start - 5), match.end()):
        start = max(start, cue.end())
    if "·" in text[start : match.end()] or "•" in text[start : match.end()]:
        yield Found(Kind.NAME, start, match.end(), False)


BEFORE_INSIDE = re.compile(BEFORE.pattern.removesuffix(r"\s*$"))


def _announced(text: str) -> Iterator[Found]:
    """After a word such as 申请人."""
    for cue in BEFORE_INSIDE.finditer(text):
        start = cue.end() + len(text[cue.end() :]) - len(text[cue.end() :].lstrip())
        if (match := LONGEST_FIRST.match(text, start)) and not NO_NAME.match(match[0]):
            yield Found(Kind.NAME, match.start(), match.end(), False)


def _alone(text: str) -> Iterator[Found]:
    """Between what can stand before a name and what can stand after it, made of what given names are made of."""
    for match in _ALONE.finditer(text):
        before, short = text[max(0, match.start() - 2) : match.start()], match.end() - match.start() == 2
        follows = (_AFTER_MARK if short else _FOLLOWS).match(text, match.end())
        led = _MARKS.search(before) if short else _LEADS.search(before)
        if led and follows and not NO_NAME.match(match[0]):
            yield Found(Kind.NAME, match.start(), match.end(), False)


def _addressed(text: str) -> Iterator[Found]:
    """Before a word such as 同志: the longest name that ends there."""
    for cue in AFTER.finditer(text):
        for length in (4, 3, 2):
            start = cue.start() - length
            if start < 0:
                continue
            match = NAME.fullmatch(text, start, cue.start())
            if match and not NO_NAME.match(match[0]):
                yield Found(Kind.NAME, start, cue.start(), False)
                break
