"""Run inside the installation's environment: put many items beside the published ones, found as published ones are.

    python items.py FILE COUNT      FILE: the try set (name, tab, spoken words); COUNT: items in all

The try set comes first; the others are put together from the words of real lists (what, for whom, which act, where), so
that they share their words with each other and with the try set, as real lists do. Only what lists and search look at
is filled in. Prints nothing.
"""

import sys
from itertools import islice, product
from pathlib import Path

import django

WHAT = [
    "水产养殖",
    "种子生产",
    "兽药经营",
    "农药经营",
    "肥料登记",
    "测绘作业",
    "船舶检验",
    "渔业捕捞",
    "林木采伐",
    "矿产开采",
    "电力施工",
    "通信建设",
    "无线电台",
    "邮政快递",
    "港口经营",
    "水运服务",
    "消防设施",
    "特种设备",
    "计量器具",
    "广播电视",
    "网络文化",
    "电影放映",
    "文物修复",
    "体育场馆",
    "旅行社",
    "导游人员",
    "医疗机构",
    "护士执业",
    "药品零售",
    "放射诊疗",
    "饮用水供应",
    "校车使用",
    "幼儿园",
    "职业培训",
    "劳务派遣",
    "人力资源",
    "慈善组织",
    "社会团体",
    "律师执业",
    "公证机构",
    "房地产开发",
    "物业服务",
    "燃气经营",
    "污水排放",
    "危险废物",
    "餐厨垃圾",
    "古树名木",
    "道路客运",
    "出租汽车",
    "驾驶培训",
    "食盐批发",
    "粮食收购",
    "拍卖企业",
    "典当业务",
    "酒类流通",
    "报废汽车",
    "民用爆炸物",
    "保安服务",
    "公章刻制",
    "旅馆经营",
]
WHOM = ["企业", "机构", "人员", "场所", "设施", "产品", "项目", "资质", "单位", "车辆"]
ACT = ["许可", "备案", "变更", "注销", "延续", "补办", "登记", "核准", "认定", "年度报告", "申请", "查询"]
AT_ONCE = 2000


def main(file: str, count: int) -> None:
    django.setup()
    import msgspec
    from django.db import transaction

    from yichuang.catalog import index, search
    from yichuang.catalog.models import ItemVersion
    from yichuang.catalog.values import ItemRow
    from yichuang.core.words import W

    model = ItemVersion.objects.order_by("code")[0]
    row = msgspec.convert(model.row, ItemRow)

    def item(number: int, name: str, spoken: list[str]) -> ItemVersion:
        code = f"bench-{number:06}"
        data = msgspec.to_builtins(row) | {"code": code, "spoken": spoken, "letter": search.letter(name)}
        data["name"] = msgspec.to_builtins(W(name, f"Item {number}"))
        phrases = [search.normal(text) for text in (name, *spoken)]
        return ItemVersion(
            code=code, version=1, digest="0" * 64, files={}, effective_at=model.effective_at,
            published_at=model.published_at, name_zh=name, department=model.department, kind=model.kind,
            audience=model.audience, marks=model.marks, ways=model.ways, themes=model.themes, area=model.area,
            visits=model.visits, letter=search.letter(name), sort_key=search.sort_key(name), row=data,
            spoken=" | ".join([*phrases, *map(search.pinyin, phrases)]),
            search=search.vector(search.document(name, spoken, [], [])),
        )  # fmt: skip

    given = [line.partition("\t") for line in Path(file).read_text("utf-8").splitlines()[1:]]
    known = [(name, spoken.split()) for name, _, spoken in given]
    others = (
        (f"{what}{whom}{act}（第{kind}类）", [f"{what}{act}", f"{whom}{act}"])
        for kind, what, whom, act in product(range(1, 1000), WHAT, WHOM, ACT)
    )
    rows = (item(n, *one) for n, one in enumerate([*known, *islice(others, max(0, count - len(known)))]))
    made = []
    while batch := list(islice(rows, AT_ONCE)):
        made += [row.id for row in ItemVersion.objects.bulk_create(batch)]
    with transaction.atomic():
        index.put(made)


main(sys.argv[1], int(sys.argv[2]))
