"""Search keys of a name: full pinyin and initials, with the readings that characters have as surnames."""

from __future__ import annotations

from functools import lru_cache

# Readings of characters used as surnames; more than one where both are met in life.
SURNAMES: dict[str, tuple[str, ...]] = {
    "单": ("shan",),
    "曾": ("zeng",),
    "区": ("ou",),
    "仇": ("qiu",),
    "解": ("xie",),
    "查": ("zha",),
    "朴": ("piao", "pu"),
    "任": ("ren",),
    "盖": ("ge", "gai"),
    "乐": ("yue", "le"),
    "宿": ("su",),
    "冼": ("xian",),
    "洗": ("xian",),
    "翟": ("zhai", "di"),
    "华": ("hua",),
    "覃": ("qin", "tan"),
    "员": ("yun",),
    "繁": ("po",),
    "缪": ("miao",),
    "逄": ("pang",),
    "折": ("she",),
    "黑": ("he",),
    "秘": ("bi",),
    "牟": ("mou", "mu"),
    "重": ("chong",),
    "召": ("shao",),
    "祭": ("zhai",),
    "那": ("na",),
    "宁": ("ning",),
    "应": ("ying",),
    "纪": ("ji",),
    "燕": ("yan",),
    "幺": ("yao",),
    "哈": ("ha",),
    "种": ("chong",),
    "隗": ("wei", "kui"),
    "郇": ("xun", "huan"),
    "乜": ("nie",),
    "瞿": ("qu",),
    "贲": ("ben",),
    "卜": ("bu",),
    "佴": ("nai",),
    "呙": ("guo",),
    "过": ("guo",),
    "车": ("che",),
    "尹": ("yin",),
    "尉": ("wei", "yu"),
    "费": ("fei", "bi"),
    "葛": ("ge",),
    "句": ("gou",),
    "勾": ("gou",),
    "谌": ("chen", "shen"),
    "晁": ("chao",),
    "阚": ("kan",),
    "祝": ("zhu",),
    "沈": ("shen",),
    "褚": ("chu",),
    "柏": ("bai", "bo"),
    "谷": ("gu",),
    "屈": ("qu",),
    "于": ("yu",),
    "曲": ("qu",),
    "长": ("chang", "zhang"),
    "尉迟": ("yuchi",),
    "万俟": ("moqi",),
    "长孙": ("zhangsun",),
    "令狐": ("linghu",),
    "澹台": ("tantai",),
    "夏侯": ("xiahou",),
    "欧阳": ("ouyang",),
    "司马": ("sima",),
    "诸葛": ("zhuge",),
    "上官": ("shangguan",),
    "皇甫": ("huangfu",),
    "宇文": ("yuwen",),
    "鲜于": ("xianyu",),
    "单于": ("chanyu",),
    "呼延": ("huyan",),
    "东方": ("dongfang",),
    "慕容": ("murong",),
    "公孙": ("gongsun",),
}
_INITIALS = {
    "yuchi": "yc",
    "moqi": "mq",
    "zhangsun": "zs",
    "linghu": "lh",
    "tantai": "tt",
    "xiahou": "xh",
    "ouyang": "oy",
    "sima": "sm",
    "zhuge": "zg",
    "shangguan": "sg",
    "huangfu": "hf",
    "yuwen": "yw",
    "xianyu": "xy",
    "chanyu": "cy",
    "huyan": "hy",
    "dongfang": "df",
    "murong": "mr",
    "gongsun": "gs",
}


def name_keys(name: str) -> str:
    """Search keys of a name, parted by blanks: 'zengxiaoyu zxy'; a surname with two readings gives both."""
    surname, given = _split(name)
    syllables = [_syllable(c) for c in given]
    rest, rest_initials = "".join(syllables), "".join(s[:1] for s in syllables)
    keys = [key for reading, short in _readings(surname) for key in (reading + rest, short + rest_initials)]
    return " ".join(dict.fromkeys(keys))[:300]


def _split(name: str) -> tuple[str, str]:
    if name[:2] in SURNAMES and len(name) > 2:
        return name[:2], name[2:]
    return name[:1], name[1:]


def _readings(surname: str) -> list[tuple[str, str]]:
    if surname in SURNAMES:
        return [(reading, _INITIALS.get(reading, reading[:1])) for reading in SURNAMES[surname]]
    reading = _syllable(surname)
    return [(reading, reading[:1])]


@lru_cache(maxsize=20_000)
def _syllable(character: str) -> str:
    """The commonest reading of one character without tone; what has none (Latin letters, dots) as it is, or nothing."""
    from pypinyin import Style, lazy_pinyin  # its tables take 57 MB: only who writes names needs them

    read = "".join(lazy_pinyin(character, style=Style.NORMAL, errors="default")).lower()
    return "".join(c for c in read if c.isalnum())
