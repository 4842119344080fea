"""The demo's people (演示人物), as data. All of them are made up: identity numbers carry the sequence digits 900–999,
phones are of the family 13800000xxx, and every row is marked `demo`."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from yichuang.core import roles
from yichuang.core.words import W, Words

PASSWORD = "Demo-2026-yichuang"  # shown by `show_accounts`; such accounts exist only where YICHUANG_DEMO is on
HALL, OTHER_HALL, COMMUNITY, OTHER_COMMUNITY = "LH", "LH-S01", "LH-C440303001001", "LH-C440303002003"


@dataclass(frozen=True, slots=True)
class Worker:
    """A member of staff: where, in which role, at which posts."""

    username: str
    name: str
    role: str
    note: Words
    place: str = ""
    department: str = ""
    posts: tuple[str, ...] = ()
    window: str = ""
    everywhere: bool = False  # the power is not bound to where they sit


def _reviewer(username: str, name: str, department: str, *posts: str) -> Worker:
    decides = any(post.endswith("decide") for post in posts)
    note = W("作出决定", "decides") if decides else W("审查", "reviews")
    codes = tuple(f"{department}.{post}" for post in posts)
    return Worker(username, name, roles.REVIEWER, note, department=department, posts=codes)


WORKERS = (
    Worker(
        "lina",
        "李娜",
        roles.INTAKE_CLERK,
        W("区中心综合窗口", "integrated window of the district hall"),
        HALL,
        posts=("WINDOW.receive",),
        window="1",
    ),
    Worker(
        "zhaomin",
        "赵敏",
        roles.INTAKE_CLERK,
        W("另一个大厅的受理员", "clerk of another hall"),
        OTHER_HALL,
        posts=("WINDOW.receive",),
        window="1",
    ),
    Worker(
        "zhoujie",
        "周洁",
        roles.ISSUING_CLERK,
        W("区中心出件窗口", "hands out results"),
        HALL,
        posts=("WINDOW.issue",),
        window="22",
    ),
    Worker(
        "chengang",
        "陈刚",
        roles.CHIEF_REPRESENTATIVE,
        W("可在窗口当场决定", "may decide at the window"),
        HALL,
        posts=("WINDOW.chief",),
    ),
    _reviewer("wangqiang", "王强", "CGZF", "street_review", "review"),
    _reviewer("linfang", "林芳", "CGZF", "decide"),
    _reviewer("sunli", "孙丽", "RLZY", "review"),
    _reviewer("hetao", "何涛", "RLZY", "decide"),
    _reviewer("zhengkai", "郑凯", "ZFJS", "review"),
    _reviewer("fengxue", "冯雪", "ZFJS", "decide"),
    _reviewer("gaofeng", "高峰", "GAFJ", "review"),
    _reviewer("xujing", "许静", "GAFJ", "decide"),
    _reviewer("luobin", "罗斌", "SCJG", "review"),
    _reviewer("tangmin", "唐敏", "SCJG", "decide"),
    Worker("mali", "马丽", roles.HALL_MANAGER, W("区中心", "district hall"), HALL),
    Worker("huanghai", "黄海", roles.SUPERVISOR, W("全区监督", "whole district"), department="ZWFW", everywhere=True),
    Worker(
        "wuqian", "吴倩", roles.ITEM_EDITOR, W("事项包的编辑与发布", "edits and publishes items"), HALL, everywhere=True
    ),
    Worker("dengjie", "邓杰", roles.DEVICE_KEEPER, W("设备运维", "keeps the machines running"), HALL),
    Worker("linxiaoyu", "林小雨", roles.COMMUNITY_WORKER, W("社区便民服务站", "community centre"), COMMUNITY),
    Worker("shilei", "石磊", roles.SYSTEM_ADMIN, W("三员之一：开通账号", "one of three: opens accounts")),
    Worker("anning", "安宁", roles.SECURITY_ADMIN, W("三员之一：授权", "one of three: grants powers")),
    Worker("shenjing", "沈静", roles.SECURITY_AUDITOR, W("三员之一：审计", "one of three: reads the logs")),
    # Behind all others, so that nobody's staff number changes: the departments of the later items.
    _reviewer("fangyuan", "方圆", "SWJ", "review"),
    _reviewer("shiyong", "史勇", "SWJ", "decide"),
    _reviewer("yangfan", "杨帆", "GAFJ", "exit_review"),
    _reviewer("songjia", "宋佳", "GAFJ", "exit_decide"),
    _reviewer("dongli", "董丽", "GAFJ", "register_review"),
    _reviewer("xiaojun", "肖军", "GAFJ", "register_decide"),
    _reviewer("jinhui", "金辉", "ZFJS", "street_review", "security_review"),
    _reviewer("luyao", "陆瑶", "ZFJS", "security_decide"),
    _reviewer("caomei", "曹梅", "SBJ", "review"),
    _reviewer("pengtao", "彭涛", "SBJ", "decide"),
    _reviewer("zengyan", "曾燕", "GJJ", "review"),
    _reviewer("yuanhong", "袁宏", "GJJ", "decide"),
    _reviewer("dengxin", "邓欣", "BDC", "review"),
    _reviewer("yuhua", "于华", "BDC", "decide"),
    _reviewer("jiangli", "蒋丽", "MZJ", "review"),
    _reviewer("caimin", "蔡敏", "MZJ", "decide"),
    _reviewer("weining", "魏宁", "WJJ", "review"),
    _reviewer("tianjing", "田静", "WJJ", "decide"),
    _reviewer("renjie", "任杰", "YBJ", "review"),
    _reviewer("fanxue", "范雪", "YBJ", "decide"),
    Worker(
        "wenhui",
        "文慧",
        roles.COMMUNITY_WORKER,
        W("另一个社区：代收、出件", "another community: takes filings for the district"),
        OTHER_COMMUNITY,
    ),
    _reviewer("hejing", "何静", "CGZF", "street_review", "review"),
    _reviewer("shenjie", "沈洁", "SCJG", "food_review"),
    _reviewer("luwei", "陆伟", "SCJG", "food_inspect"),
    _reviewer("qiuyue", "邱月", "SCJG", "food_decide"),
    _reviewer("chenxi", "陈曦", "MZJ", "street_review"),
    _reviewer("fuyan", "傅岩", "WJJ", "disability_review"),
    _reviewer("helian", "贺莲", "WJJ", "site_review", "site_inspect"),
    _reviewer("leiming", "雷鸣", "WJJ", "site_decide"),
    _reviewer("moqiu", "莫秋", "CL", "review"),
    _reviewer("kongde", "孔德", "CL", "decide"),
    # The second persons (docs/adr/0014): what lasts is asked by one holder of the power and confirmed by another.
    Worker("chengyuan", "程远", roles.SYSTEM_ADMIN, W("第二位系统管理员", "the second system administrator")),
    Worker("pinghe", "平和", roles.SECURITY_ADMIN, W("第二位安全管理员", "the second security administrator")),
    Worker("jianming", "鉴明", roles.SECURITY_AUDITOR, W("第二位安全审计员", "the second security auditor")),
    Worker("wuyue", "吴越", roles.ITEM_EDITOR, W("第二位事项管理员", "the second item editor"), HALL, everywhere=True),
    # What a package needs beside organs: the bank and the utilities.
    _reviewer("baiyang", "白杨", "YSYH", "review"),
    _reviewer("qinlan", "秦岚", "YSYH", "decide"),
    _reviewer("duwei", "杜威", "GYSY", "review"),
    _reviewer("yinhong", "尹红", "GYSY", "decide"),
)


@dataclass(frozen=True, slots=True)
class Citizen:
    """A person with a resident identity card; without a user name they have no account."""

    username: str
    name: str
    birth: date
    sex: Literal["male", "female"]
    note: Words
    address: str = ""


@dataclass(frozen=True, slots=True)
class DemoQualification:
    """What a clerk of the demo is qualified for (上岗资格): an item, a department, or (neither) everything; days from now."""

    username: str
    evidence: str
    item: str = ""
    department: str = ""
    days: int = 365


QUALIFICATIONS = (
    DemoQualification("lina", "综窗考核 2026-08（演示）", item="youxian-gongsi-sheli"),
    DemoQualification("lina", "食品经营专项考核（演示）", item="shipin-jingying-xuke", days=20),
    DemoQualification("zhaomin", "综窗考核 2026-08（演示）", department="SCJG"),
    DemoQualification("linxiaoyu", "社区全科考核（演示）"),
)

CITIZENS = (
    Citizen(
        "zhangxiao",
        "张晓",
        date(1990, 3, 7),
        "female",
        W("申请人；张小满的监护人", "applicant; guardian of a child"),
        "深圳市罗湖区桂园街道老围社区演示路 8 号 501",
    ),
    Citizen(
        "moshengren",
        "陌生人",
        date(1985, 6, 1),
        "male",
        W("与任何办件无关", "has nothing to do with any case"),
        "深圳市罗湖区东湖街道演示路 77 号",
    ),
    Citizen(
        "jiye",
        "𠮷野䶮",
        date(1978, 11, 30),
        "male",
        W("姓名含生僻字", "name with rare characters"),
        "深圳市罗湖区翠竹街道演示路 3 号",
    ),
    Citizen(
        "zhangjie",
        "张㛃",
        date(1995, 2, 14),
        "female",
        W("姓名含生僻字", "name with a rare character"),
        "深圳市罗湖区笋岗街道演示路 21 号",
    ),
    Citizen(
        "maimaiti",
        "买买提·阿卜杜热合曼·吐尔逊江",
        date(1988, 9, 9),
        "male",
        W("很长的姓名", "a very long name"),
        "新疆维吾尔自治区喀什地区喀什市演示路 1 号",
    ),
    Citizen(
        "wangxiuying",
        "王秀英",
        date(1948, 5, 20),
        "female",
        W("老年人，可试长辈版", "elderly: try the elder mode"),
        "深圳市罗湖区南湖街道演示路 5 号",
    ),
    Citizen("qianjin", "钱进", date(1975, 1, 15), "male", W("公司法定代表人", "legal representative of a company")),
    Citizen("sunyan", "孙燕", date(1992, 8, 8), "female", W("公司委托的经办人", "authorised agent of the company")),
    Citizen("", "张小满", date(2019, 4, 2), "female", W("未成年人，由张晓监护", "a child; guardian 张晓")),
)
COMPANY = "深圳演示小店餐饮有限公司"
LEGAL_REPRESENTATIVE, COMPANY_AGENT = "钱进", "孙燕"
CHILD, GUARDIAN = "张小满", "张晓"
