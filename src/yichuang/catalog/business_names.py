"""Names of businesses (名称自主申报): 行政区划 + 字号 + 行业 + 组织形式, what they may not hold, and which are alike. Pure.

企业名称登记管理规定 (国务院令第734号) arts. 6–8, 11–12; 个体工商户名称登记管理办法; both from memory (M): check before real use.
The lists are a beginning that a registrar extends; whatever they find is a doubt for a person, never a refusal.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from yichuang.catalog import sounds
from yichuang.core.words import W, Words

NameFaultCode = Literal["structure", "banned", "state_words", "licensed_words", "misleading", "place_name"]
Likeness = Literal["same", "sound", "core", "apart"]
FINE: Final = "fine"  # nothing speaks against it
_HAN: Final = re.compile(r"[㐀-䶿一-鿿豈-﫿𠀀-𮯠]+")
COMPANY_FORMS: Final = frozenset({"有限公司", "有限责任公司", "股份有限公司"})
_BASES: Final[Mapping[NameFaultCode, str]] = {
    "structure": "《企业名称登记管理规定》第六条、第八条",
    "banned": "《企业名称登记管理规定》第十一条",
    "state_words": "《企业名称登记管理规定》第十二条",
    "licensed_words": "《企业名称登记管理规定》第十一条",
    "misleading": "《企业名称登记管理规定》第十一条",
    "place_name": "《企业名称登记管理规定》第八条",
}
_STRUCTURE = W(
    "名称应为行政区划、字号、行业、组织形式，字号至少两个汉字",
    "A name is district, core, trade and form; the core has two Chinese characters or more",
)
_UNUSUAL = W("“{word}”不是常用的规范汉字", "“{word}” is no common character in its standard form")
_FOUND: Final[Mapping[NameFaultCode, Words]] = {
    "banned": W("名称含有不得使用的字词“{word}”", "The name holds “{word}”, which no business may use"),
    "state_words": W("“{word}”需要国务院批准才能使用", "“{word}” needs the approval of the State Council"),
    "licensed_words": W("“{word}”需要先取得金融监管等部门的许可", "“{word}” needs the approval of a regulator first"),
    "misleading": W("“{word}”可能使公众误解", "“{word}” may mislead the public"),
    "place_name": W(
        "县级以上行政区划名称“{word}”不能作字号（另有含义的除外）",
        "“{word}” is the name of an area; it is no core of a name unless it means something else",
    ),
}
FAULT_WORDS: Final[Mapping[NameFaultCode, Words]] = {  # a fault by itself, as a table's column has it
    "structure": W("写法不合规范", "not written as a name has to be"),
    "banned": W("有不得使用的字词", "words that no business may use"),
    "state_words": W("有需要国务院批准的字词", "words that need the approval of the State Council"),
    "licensed_words": W("有需要先取得许可的字词", "words that need a regulator’s approval"),
    "misleading": W("有可能使公众误解的字词", "words that may mislead the public"),
    "place_name": W("字号是行政区划名称", "the core is the name of an area"),
}
_WORDS: Final[Mapping[NameFaultCode, tuple[str, ...]]] = {
    "banned": (
        "党委", "党校", "人大", "政协", "国务院", "人民政府", "法院", "检察院", "解放军", "武警", "军区", "公安", "警察", "城管", "共青团", "工会", "妇联",
        "联合国", "世贸组织", "赌", "博彩", "色情", "淫", "毒品", "恐怖", "迷信", "算命", "法轮", "台独", "港独", "分裂", "支那", "日寇", "皇军", "纳粹",
    ),
    "state_words": ("中国", "中华", "中央", "全国", "国家"),
    "licensed_words": ("银行", "证券", "保险", "信托", "期货", "基金管理", "融资担保", "融资租赁", "小额贷款", "典当", "支付", "征信", "交易所", "交易中心", "财富管理", "金融控股"),
    "misleading": ("国家级", "最高级", "最佳", "第一品牌", "顶级", "极品", "特供", "专供", "特批", "国宴", "央企", "国资", "军工", "研究院", "慈善", "基金会", "协会", "学会", "商会", "医院", "学校", "大学", "幼儿园", "政务", "便民服务中心", "社区服务中心"),
    "place_name": (
        "北京", "上海", "天津", "重庆", "香港", "澳门", "台湾", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北",
        "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "内蒙古", "广西", "西藏", "宁夏", "新疆", "广州", "深圳", "罗湖", "福田", "南山", "宝安",
        "龙岗", "盐田", "龙华", "坪山", "光明", "大鹏", "珠海", "汕头", "佛山", "东莞", "惠州", "杭州", "南京", "武汉", "成都", "西安", "厦门", "青岛", "大连", "宁波",
    ),
}  # fmt: skip
_ONE_PERSON: Final = ("企业", "公司", "集团", "农民专业合作社", "合作社")
_SAME_TRADE: Final[Mapping[str, str]] = {  # ways to say the same trade, by the first of them
    one: group[0]
    for group in (
        ("百货", "日用百货", "日用品", "杂货", "便利", "商贸", "贸易"),
        ("餐饮", "饮食", "美食", "小吃", "快餐", "餐馆", "酒楼", "饭"),
        ("甜品", "糖水", "烘焙", "糕点", "蛋糕", "面包"),
        ("科技", "网络科技", "信息技术", "信息科技", "软件", "软件开发", "智能科技", "数码科技"),
        ("服装", "服饰", "制衣", "时装", "衣"),
        ("美容", "美发", "理发", "美容美发", "发型设计", "形象设计"),
        ("家政", "家政服务", "保洁", "清洁", "清洁服务"),
        ("五金", "五金制品", "五金机电", "机电"),
        ("图文", "图文设计", "打印", "广告", "文印"),
        ("水果", "果蔬", "生鲜", "蔬菜", "农产品"),
        ("咖啡", "咖啡馆", "饮品", "茶饮", "奶茶"),
    )
    for one in group
}


@dataclass(frozen=True, slots=True)
class BusinessName:
    """The four parts of a name as they were entered."""

    region: str
    trade: str  # 字号
    industry: str  # 行业
    form: str  # 组织形式

    @property
    def whole(self) -> str:
        return f"{self.region}{self.trade}{self.industry}{self.form}"


@dataclass(frozen=True, slots=True)
class NameFault:
    """What speaks against a name, and where that stands."""

    code: NameFaultCode
    words: Words
    basis: str


def name_faults(name: BusinessName) -> tuple[NameFault, ...]:
    """Everything that speaks against a name by itself, without looking at others; empty: nothing does."""
    return tuple(_faults(name))


def _faults(name: BusinessName) -> Iterator[NameFault]:
    trade, own = plain(name.trade), plain(name.trade + name.industry)
    if not (name.region and name.industry and name.form) or len(trade) < 2 or not _HAN.fullmatch(trade):
        yield NameFault("structure", _STRUCTURE, _BASES["structure"])
    # 國 is 国 written otherwise: what the lists below do not know by its standard form they would let through
    unusual = "".join(sign for sign in dict.fromkeys(own) if _HAN.fullmatch(sign) and not _is_common(sign))
    if unusual:
        yield NameFault("structure", _UNUSUAL.format(word=unusual), _BASES["structure"])
    words: dict[NameFaultCode, tuple[str, ...]] = dict(_WORDS)
    if name.form not in COMPANY_FORMS:
        words["banned"] = (*words["banned"], *_ONE_PERSON)
    for code, found in words.items():
        if code == "place_name":  # the name of an area only at its beginning: 晓海南 is none
            word = next(filter(trade.startswith, found), None)
        else:
            word = next(filter(own.__contains__, found), None)
        if word is not None:
            yield NameFault(code, _FOUND[code].format(word=word), _BASES[code])


def _is_common(sign: str) -> bool:
    """Whether a character is one of the 6,763 of GB/T 2312: simplified ones only."""
    try:
        return len(sign.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def judge_name(name: BusinessName) -> str:
    """The first fault's code, or "fine": how the fact reads in conditions."""
    found = name_faults(name)
    return found[0].code if found else FINE


def plain(text: str) -> str:
    """One spelling: half width, no spaces, no points."""
    return re.sub(r"[\s·•・.．]", "", unicodedata.normalize("NFKC", text))


def trade_of(industry: str) -> str:
    """The trade by one of its ways to be said: 饮食 and 餐饮 are one (同行业)."""
    text = plain(industry)
    return _SAME_TRADE.get(text) or _SAME_TRADE.get(text.removesuffix("服务")) or text


@lru_cache(maxsize=4096)
def sound_of(text: str) -> str:
    """Pinyin without tones; what is no Chinese character stays itself."""
    return "".join(sounds.syllables(plain(text), others=True)).lower()


def likeness(one: BusinessName, other: BusinessName) -> Likeness:
    """How two names of one registering organ stand to each other (企业名称相同相近比对规则, M).

    "same": core and trade; "sound": read alike in the same trade; "core": the core is the same, the trade said otherwise
    or one core is the other with something added; "apart": nothing of these.
    """
    left, right = plain(one.trade), plain(other.trade)
    trades = trade_of(one.industry) == trade_of(other.industry)
    if left == right:
        return "same" if trades else "core"
    if not trades:
        return "apart"
    if sound_of(left) == sound_of(right):
        return "sound"
    return "core" if left in right or right in left else "apart"
