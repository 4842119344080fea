"""What people fill in, item by item; each journey changes what must be its own (a chip, a house)."""

from typing import Any

DOG = "yangquan-dengji"
LEASE = "fangwu-zulin-beian"
SHOP = "getihu-sheli"

DOG_ANSWERS = {"applicant_kind": "person", "housing": "own"}
LEASE_ANSWERS = {"lessor": "person", "title": "owner", "co_owned": "no", "mortgaged": "no", "part": "whole"}


def dog(nth: int) -> dict[str, Any]:
    """A corgi with a chip of its own; without the keeper, whom the account knows."""
    return {
        "address": {"street": "440303001", "detail": f"桂园社区桂园路 {nth} 号 2 栋 301"},
        "dog": {
            "name": "豆豆",
            "breed": "corgi",
            "sex": "male",
            "birth_month": "2024-05",
            "colour": "黄白",
            "shoulder_cm": 28,
            "sterilised": False,
            "chip": f"9990000000{nth:05}",
        },
        "immunity": {
            "certificate_no": "LH-2026-000123",
            "vaccine": "狂犬病灭活疫苗",
            "clinic": "罗湖示例动物诊所",
            "date": "2026-10-10",
            "next_due": "2027-10-09",
        },
        "promise": True,
    }


def lease(nth: int) -> dict[str, Any]:
    """A whole flat in 桂园街道 from December on; without the lessor, whom the account knows."""
    return {
        "lessees": [{"name": "李四", "cn_id": "440303199505059007", "mobile": "19900000003"}],
        "house": {
            "certificate_no": f"粤（2020）深圳市不动产权第{nth:07}号",
            "street": "440303001",
            "detail": f"桂园社区桂园路 {nth} 号 2 栋 301",
            "purpose": "living",
            "rooms": 2,
            "area": 68.5,
            "let_area": 68.5,
        },
        "lease": {
            "contract_no": f"ZL-2026-{nth:03}",
            "signed": "2026-11-20",
            "start": "2026-12-01",
            "end": "2027-11-30",
            "rent": 4800,
            "deposit": 9600,
            "cycle": "month",
            "occupants": 3,
        },
        "promise": True,
    }
