"""Laws as they are cited (《行政许可法》第三十二条第一款第（四）项), read for those who do not read Chinese.

A citation stays Chinese in every paper: these are glosses for pages in English.
"""

import re
from collections.abc import Mapping

STATUTES: Mapping[str, str] = {  # those that the system itself rests on; an item's pack names its own in both languages
    "行政许可法": "Administrative Licensing Law",
    "行政处罚法": "Administrative Penalty Law",
    "行政复议法": "Administrative Review Law",
    "行政诉讼法": "Administrative Litigation Law",
    "民事诉讼法": "Civil Procedure Law",
    "民法典": "Civil Code",
    "个人信息保护法": "Personal Information Protection Law",
    "优化营商环境条例": "Regulation on Improving the Business Environment",
    "企业名称登记管理规定": "Provisions on the Registration of Enterprise Names",
    "促进个体工商户发展条例": "Regulations on Promoting Individual Businesses",
}
_OF_PACKS: dict[str, str] = {}  # what the packs say that this process has read; no more of them than laws
_CITED = re.compile(r"《(?:中华人民共和国)?([^》]+)》(.*)", re.DOTALL)
_NUMBER = "[零一二三四五六七八九十百千]+"
_PLACE = re.compile(rf"第({_NUMBER})条(?:第({_NUMBER})款)?(?:第[（(]?({_NUMBER})[）)]?项)?")
_DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")}
_TENS = {"十": 10, "百": 100, "千": 1000}


def know(titles: Mapping[str, str]) -> None:
    """Laws by their English titles, as an item's pack gives them: whoever cites the pack has read it before."""
    _OF_PACKS.update({_short(title): english for title, english in titles.items() if english})


def _short(title: str) -> str:
    return title.removeprefix("中华人民共和国")


def number_of(text: str) -> int:
    """四十二 → 42."""
    total = digit = 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total += (digit or 1) * _TENS[sign]
            digit = 0
    return total + digit


def articles(text: str) -> str:
    """第四十二条 → "art. 42"; 第三十二条第一款第（四）项、第三十八条至第四十条 → "arts. 32(1)(4), 38–40"; "" when it is written
    otherwise."""
    said, at = "", 0
    for one in _PLACE.finditer(text):
        between = text[at : one.start()].strip("、，, 和")
        if between not in ("", "至"):
            return ""
        article, *parts = one.groups()
        said += "–" if between else ", " if said else ""
        said += f"{number_of(article)}" + "".join(f"({number_of(part)})" for part in parts if part)
        at = one.end()
    if not said or text[at:].strip("、，, 和至"):
        return ""
    return f"art{'s' if re.search('[,–]', said) else ''}. {said}"


def english_of(cited: str) -> str:
    """《行政许可法》第三十二条 → "Administrative Licensing Law, art. 32"; "" for a law that has no English name here."""
    known = _CITED.fullmatch(cited.strip())
    name = STATUTES.get(known[1]) or _OF_PACKS.get(known[1], "") if known else ""
    where = articles(known[2]) if known else ""
    return ", ".join(part for part in (name, where) if part) if name else ""
