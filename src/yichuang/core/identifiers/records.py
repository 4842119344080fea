"""Numbers of records and things: electronic certificates, cases, animal chips, regions."""

import re
from collections.abc import Mapping

from yichuang.core.identifiers.checksums import ALNUM, mod_11_10, mod_37_36
from yichuang.core.identifiers.organisations import check_uscc
from yichuang.core.identifiers.persons import normal_id
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words

CERTIFICATE_ROOT = "1.2.156.3005.2"  # the object identifier of electronic certificates (GB/T 36904-2018)
_CERTIFICATE = re.compile(
    r"1\.2\.156\.3005\.2\.(?P<type>[0-9A-Z]{21})\.(?P<issuer>[0-9A-Z]{18})\.(?P<serial>[0-9A-Z]{1,32})"
    r"\.(?P<version>[0-9]{3})\.(?P<check>[0-9A-Z])"
)


def cert_identifier(type_code: str, issuer_uscc: str, serial: str, version: int = 1) -> str:
    """The identifier of an electronic certificate (电子证照标识, GB/T 36904-2018).

    `type_code`: credit code of the body that owns the type and three digits (21); `version` counts from 1.
    The last character is ISO 7064 MOD 37,36 over the four parts without dots. ValueError for parts of another form.
    """
    head = f"{CERTIFICATE_ROOT}.{type_code}.{issuer_uscc}.{serial}.{version:03d}"
    if not _CERTIFICATE.fullmatch(head + ".0") or version < 1:
        raise ValueError("a certificate identifier needs type 21, issuer 18, serial 1–32 characters and version 1–999")
    return f"{head}.{mod_37_36(f'{type_code}{issuer_uscc}{serial}{version:03d}')}"


def check_cert_identifier(text: str, *, field: str | None = None) -> list[Reason]:
    """All reasons against an identifier that somebody typed or scanned."""
    match = _CERTIFICATE.fullmatch(re.sub(r"\s", "", text).upper())
    if match is None:
        words = W(
            "电子证照标识应为“1.2.156.3005.2.”开头的五段编码，请核对",
            "A certificate identifier starts with “1.2.156.3005.2.” and has five more parts; please check",
        )
        return [Reason("CERT_IDENTIFIER_FORMAT", words, field)]
    expected = mod_37_36("".join(match.group("type", "issuer", "serial", "version")))
    if match["check"] == expected:
        return []
    words = W(
        "电子证照标识有一位不对：末位应为 {c}，请核对",
        "One character of the certificate identifier is wrong: the last one should be {c}; please check",
    )
    return [Reason("CERT_IDENTIFIER_CHECK", words.format(c=expected), field)]


def case_check_digit(text: str) -> str:
    """The last digit of a case number (办件编号): ISO 7064 MOD 11,10 over its digits, letters as 10 … 35."""
    return mod_11_10("".join(str(ALNUM.index(c)) for c in text.upper() if c in ALNUM))


def check_case_number(text: str, *, field: str | None = None) -> list[Reason]:
    """Reasons against a case number as typed: its last digit finds a typing error before anybody searches."""
    number = re.sub(r"\s", "", text).upper()
    if re.fullmatch(r"[0-9A-Z\-]{8,49}[0-9]", number) and case_check_digit(number[:-1]) == number[-1]:
        return []
    words = W("办件编号有误，请按回执逐位核对", "This case number has an error; please compare it with the receipt")
    return [Reason("CASE_NUMBER", words, field)]


def check_chip(text: str, *, field: str | None = None) -> list[Reason]:
    """Reasons against an animal's chip number (ISO 11784): country or maker 3 digits, the animal's own 12 (38 bits)."""
    number = normal_id(text)
    if not re.fullmatch(r"[0-9]{15}", number):
        words = W(
            "芯片号应为 15 位数字，您填写了 {n} 位，请核对",
            "A chip number has 15 digits, you entered {n} characters; please check",
        )
        return [Reason("CHIP_FORMAT", words.format(n=len(number)), field)]
    if number[:3] == "000" or int(number[3:]) >= 2**38:
        words = W(
            "芯片号不符合 ISO 11784 的编码范围，请用读卡器重新读取",
            "This chip number lies outside the range of ISO 11784; read the chip again",
        )
        return [Reason("CHIP_RANGE", words, field)]
    return []


PROVINCES: Mapping[str, Words] = {
    "11": W("北京市", "Beijing"),
    "12": W("天津市", "Tianjin"),
    "13": W("河北省", "Hebei"),
    "14": W("山西省", "Shanxi"),
    "15": W("内蒙古自治区", "Inner Mongolia"),
    "21": W("辽宁省", "Liaoning"),
    "22": W("吉林省", "Jilin"),
    "23": W("黑龙江省", "Heilongjiang"),
    "31": W("上海市", "Shanghai"),
    "32": W("江苏省", "Jiangsu"),
    "33": W("浙江省", "Zhejiang"),
    "34": W("安徽省", "Anhui"),
    "35": W("福建省", "Fujian"),
    "36": W("江西省", "Jiangxi"),
    "37": W("山东省", "Shandong"),
    "41": W("河南省", "Henan"),
    "42": W("湖北省", "Hubei"),
    "43": W("湖南省", "Hunan"),
    "44": W("广东省", "Guangdong"),
    "45": W("广西壮族自治区", "Guangxi"),
    "46": W("海南省", "Hainan"),
    "50": W("重庆市", "Chongqing"),
    "51": W("四川省", "Sichuan"),
    "52": W("贵州省", "Guizhou"),
    "53": W("云南省", "Yunnan"),
    "54": W("西藏自治区", "Tibet"),
    "61": W("陕西省", "Shaanxi"),
    "62": W("甘肃省", "Gansu"),
    "63": W("青海省", "Qinghai"),
    "64": W("宁夏回族自治区", "Ningxia"),
    "65": W("新疆维吾尔自治区", "Xinjiang"),
    "71": W("台湾省", "Taiwan"),
    "81": W("香港特别行政区", "Hong Kong"),
    "82": W("澳门特别行政区", "Macao"),
}


def check_region(text: str, *, field: str | None = None) -> list[Reason]:
    """Reasons against a region code: 6 digits (GB/T 2260), 9 with the street, 12 with the community."""
    code = normal_id(text)
    if re.fullmatch(r"[0-9]{6}([0-9]{3}([0-9]{3})?)?", code) and code[:2] in PROVINCES:
        return []
    words = W("行政区划代码应为 6、9 或 12 位数字，请核对", "A region code has 6, 9 or 12 digits; please check")
    return [Reason("REGION_FORMAT", words, field)]


def region_levels(code: str) -> tuple[str, ...]:
    """The codes from province to the place itself: 440305005 → 440000, 440300, 440305, 440305005."""
    parts = [(0, 2, 6), (2, 4, 6), (4, 6, 6), (6, 9, 9), (9, 12, 12)]  # from, to, width of the code at this level
    return tuple(code[:end].ljust(width, "0") for start, end, width in parts if code[start:end].strip("0"))


def check_type_code(text: str, *, field: str | None = None) -> list[Reason]:
    """Reasons against the type code of a certificate: a right credit code and three digits (GB/T 36902-2018)."""
    code = normal_id(text)
    if re.fullmatch(r"[0-9A-Z]{18}[0-9]{3}", code) and not check_uscc(code[:18]):
        return []
    words = W("证照类型代码应为统一社会信用代码加 3 位数字", "A certificate type code is a credit code and 3 digits")
    return [Reason("CERT_TYPE_CODE", words, field)]
