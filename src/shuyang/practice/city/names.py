"""Names of invented people: surnames falling in frequency by rank, given names in the fashion of each generation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.practice.city.draws import Draws, Flags, Ints

# By falling frequency; the weight of a rank is 1/(rank + 4), which makes the first ten about a third of all.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹"
    "孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚"
    "符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜"
)
COMPOUND = ("欧阳", "上官", "司徒", "诸葛", "东方", "皇甫", "尉迟", "慕容")
# Characters of given names by generation (born before 1960, before 1980, before 2000, since) for men and women.
MEN = (
    "国建德福明生荣贵华忠义根祥金水发全富成庆兴才保林树春田有宝万财长玉光昌文学海山",
    "建军国强志勇伟平明辉斌刚波华杰东峰海涛林文超俊鹏新毅永立庆宏光晓红卫利民春江",
    "伟鹏杰浩超磊涛俊凯斌宇翔龙飞晨阳旭亮博文健帅威毅峰波阳鑫晓天成坤帆洋森凡星",
    "子宇浩轩梓泽晨睿博文俊皓昊佑奕辰一诺铭航瑞嘉逸沐恒煜景熙霖骏楷烨安澄屹言予",
)
WOMEN = (
    "秀英兰珍芳玉桂凤淑华梅香莲翠云琴菊花春珠素金银仙巧月娥荣贞惠清美爱彩霞文",
    "丽红敏静芳燕玲娟艳霞萍英华梅莉春秀琴慧云洁晓平文军兰香凤辉琳珍雪冬青建蓉",
    "婷静雪丹娜莹倩颖佳欣悦琳璐敏慧晶洁梦瑶媛露雯蕾萌芸思雨彤娟妍琪月晓文怡然",
    "子梓涵欣怡诗雨彤萱妍一诺可馨语桐若汐沐瑶艺昕依梦琪佳悦安宁思甜芷晴婉清予禾",
)
# Characters that many systems lose (GB 18030-2022): they must survive import, search, page and paper.
RARE = "㛃䶮𬭎𠅤𫖯𬱖䲟"
RARE_SHARE = 0.0006
# Syllables of transliterated names, written with a middle dot.
FOREIGN = (
    "阿木",
    "达娃",
    "古丽",
    "卓玛",
    "库尔",
    "巴图",
    "扎西",
    "萨仁",
    "尼格",
    "依木",
    "格桑",
    "帕丽",
    "诺敏",
    "塔拉",
)
FOREIGN_ENDS = ("江", "娜", "汗", "措", "夏", "提", "其木", "敏")
FOREIGN_SHARE = 0.004
TWO_CHARACTERS = (0.72, 0.66, 0.78, 0.94)
# Full names that are known from public life are avoided; a name drawn by chance gets another second character.
KNOWN = frozenset(["李强", "李希", "王毅", "蔡奇", "韩正", "王伟", "江平", "马云", "刘强", "姚明", "刘翔", "成龙"])


# What clerks write instead: alike in sound or shape.
ALIKE = dict(
    zip(
        "玲伟志华军丽文燕辉杰建明琴云静涛宇梓涵浩子欣怡雨佳英桂秀珍德福洁敏红平超龙晨",
        "铃炜智桦君莉雯艳晖捷健铭芹芸晶焘羽子晗皓梓心宜语嘉瑛贵绣真得富杰闽洪萍朝隆辰",
        strict=True,
    )
)
ALIKE_SURNAMES = dict(zip("张陈徐吴于肖付江丁李王程余武", "章程许武余萧傅姜定黎汪陈于吴", strict=True))
# A character that a system could not store.
LOST = "□"


@dataclass(frozen=True)
class Lexicon:
    """Word lists for building names from indices; index 0 of `seconds` is empty."""

    surnames: tuple[str, ...]
    firsts: tuple[str, ...]
    seconds: tuple[str, ...]


def _lexicon() -> Lexicon:
    characters = sorted(set("".join(MEN + WOMEN)))
    transliterated = tuple(f"{a}{b}" for a in FOREIGN for b in FOREIGN_ENDS)
    dotted = tuple(f"·{a}" for a in transliterated)
    extra = sorted(set(ALIKE.values()) - set(characters))
    surnames = (*SURNAMES, *COMPOUND, *sorted(set(ALIKE_SURNAMES.values()) - set(SURNAMES)), "")
    firsts = (*characters, *extra, *RARE, *transliterated)
    return Lexicon(surnames, firsts, ("", *characters, *extra, *RARE, LOST, *transliterated, *dotted))


LEXICON = _lexicon()
NO_SURNAME = len(LEXICON.surnames) - 1
_FIRST = {word: i for i, word in enumerate(LEXICON.firsts)}
_SECOND = {word: i for i, word in enumerate(LEXICON.seconds)}


def _to_alike(words: tuple[str, ...], alike: dict[str, str]) -> Ints:
    """Index of what is written instead of each word; its own where nothing is alike."""
    place = {word: i for i, word in enumerate(words)}
    return np.array([place[alike.get(word, word)] for word in words])


@dataclass
class Names:
    """Indices into the lexicon, one a person."""

    surname: Ints
    first: Ints
    second: Ints

    def text(self, i: int) -> str:
        """The name of person i."""
        parts = LEXICON.surnames[self.surname[i]], LEXICON.firsts[self.first[i]], LEXICON.seconds[self.second[i]]
        return "".join(parts)

    def take(self, rows: Ints) -> Names:
        """The names of these people."""
        return Names(self.surname[rows], self.first[rows], self.second[rows])


def surnames(draws: Draws, name: str, n: int) -> Ints:
    """n surnames."""
    weights = 1 / (np.arange(len(SURNAMES)) + 5.0)
    found = draws.choice(name, n, weights)
    rare = draws.chance(f"{name}/compound", n, 0.0012)
    return np.where(rare, len(SURNAMES) + draws.below(f"{name}/which", n, len(COMPOUND)), found)


def generation(year: Ints) -> Ints:
    """0 born before 1960, 1 before 1980, 2 before 2000, 3 since."""
    return np.searchsorted(np.array([1960, 1980, 2000]), year, side="right")


def given_names(draws: Draws, name: str, surname: Ints, male: Flags, year: Ints) -> Names:
    """Given names for people with these surnames, by sex and year of birth."""
    n, group = len(surname), generation(year) * 2 + ~male
    first, second = _fashion(draws, f"{name}/first", group), _fashion(draws, f"{name}/second", group)
    two = draws.chance(f"{name}/two", n, np.array(TWO_CHARACTERS)[group // 2])
    made = Names(surname.copy(), _index(first, _FIRST), np.where(two, _index(second, _SECOND), 0))
    _rare(draws, name, made)
    _transliterate(draws, name, made)
    _avoid_known(made)
    return made


_CHARACTERS = sorted(set("".join(MEN + WOMEN)))


def _fashion(draws: Draws, name: str, group: Ints) -> Ints:
    """An index into _CHARACTERS a person, from the list of his generation and sex; early characters are commoner."""
    lists = [text for pair in zip(MEN, WOMEN, strict=True) for text in pair]
    place = {c: i for i, c in enumerate(_CHARACTERS)}
    width = max(map(len, lists))
    table = np.zeros((len(lists), width), dtype=np.int64)
    sizes = np.array([len(text) for text in lists])
    for row, text in enumerate(lists):
        table[row, : len(text)] = [place[c] for c in text]
    skewed = draws.uniform(name, len(group)) ** 1.35
    return table[group, (skewed * sizes[group]).astype(np.int64)]


def _index(characters: Ints, into: dict[str, int]) -> Ints:
    return np.array([into[c] for c in _CHARACTERS])[characters]


def _rare(draws: Draws, name: str, made: Names) -> None:
    rows = np.flatnonzero(draws.chance(f"{name}/rare", len(made.first), RARE_SHARE))
    which = draws.below(f"{name}/rare/which", len(rows), len(RARE))
    made.second[rows] = np.array([_SECOND[c] for c in RARE])[which]


def _transliterate(draws: Draws, name: str, made: Names) -> None:
    rows = np.flatnonzero(draws.chance(f"{name}/foreign", len(made.first), FOREIGN_SHARE))
    many = len(FOREIGN) * len(FOREIGN_ENDS)
    made.surname[rows] = NO_SURNAME
    made.first[rows] = len(LEXICON.firsts) - many + draws.below(f"{name}/foreign/first", len(rows), many)
    made.second[rows] = len(LEXICON.seconds) - many + draws.below(f"{name}/foreign/second", len(rows), many)


def _avoid_known(made: Names) -> None:
    """One character is appended to names known from public life, all of two characters."""
    for full in KNOWN:
        surname, first = LEXICON.surnames.index(full[0]), _FIRST.get(full[1], -1)
        known = (made.surname == surname) & (made.first == first) & (made.second == 0)
        made.second[known] = _SECOND["文"]


def former_names(draws: Draws, name: str, names: Names, share: float) -> Ints:
    """The second character before a change of name, −1 for those who never changed it."""
    n = len(names.second)
    plain = (names.surname != NO_SURNAME) & (names.second > 0)
    before = 1 + draws.below(f"{name}/former", n, len(_CHARACTERS))
    changed = draws.chance(f"{name}/renamed", n, share) & plain & (before != names.second)
    return np.where(changed, before, -1)


def miswritten(draws: Draws, name: str, names: Names, share: float) -> Names:
    """The names as clerks wrote them: some with a character alike in sound or shape in place of the right one."""
    n = len(names.first)
    wrong, part = draws.chance(f"{name}/wrong", n, share), draws.below(f"{name}/part", n, 5)
    surname = np.where(wrong & (part == 0), _to_alike(LEXICON.surnames, ALIKE_SURNAMES)[names.surname], names.surname)
    first = np.where(wrong & (part < 3), _to_alike(LEXICON.firsts, ALIKE)[names.first], names.first)
    second = np.where(wrong & (part >= 2), _to_alike(LEXICON.seconds, ALIKE)[names.second], names.second)
    return Names(surname, first, second)


def impoverished(names: Names) -> Names:
    """The names as an old system keeps them: rare characters are lost, middle dots left out."""
    second = np.arange(len(LEXICON.seconds))
    for character in RARE:
        second[_SECOND[character]] = _SECOND[LOST]
    for word in LEXICON.seconds:
        if word.startswith("·"):
            second[_SECOND[word]] = _SECOND[word[1:]]
    return Names(names.surname, names.first, second[names.second])
