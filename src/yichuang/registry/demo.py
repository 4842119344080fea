"""The demo's shared bases (演示数据): all made up and reproducible, by a seed. Numbers carry the marks of synthetic ones.

Streets and sub-districts are those of the demo network; roads, houses, people and companies are invented.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yichuang.core.identifiers import synthetic
from yichuang.people.values import PartyRow
from yichuang.registry.values import Base

SEED = 20261124
PEOPLE = 2000  # besides the cast
ID_CARD, HOUSEHOLD_BOOK = "11100000000013338W001", "11100000000013338W002"
STREETS = ("桂园", "黄贝", "东门", "翠竹", "南湖", "笋岗", "东湖", "莲塘", "东晓", "清水河")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红鑫宇轩子涵梓浩然雨欣诗琪思远嘉怡俊凯文博志新建国海燕春梅"
)
_TRADES = ("餐饮", "百货", "五金", "图文", "家政", "服装", "理发", "咖啡", "食品", "科技", "物流", "文化")
_FORMS = ("店", "商行", "工作室", "经营部")
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one made-up giver gives of a base."""

    base: Base
    source: str
    rows: Sequence[Row]
    whole: bool = True


def deliveries(cast: Sequence[PartyRow], *, on: date, people: int = PEOPLE) -> tuple[Delivery, ...]:
    """Everything that the demo's givers give, the same for the same cast and day; companies and houses by the people."""
    houses = max(8, people // 42)  # of each sub-district
    chance = random.Random(SEED)  # only what must look mixed
    crowd = list(_people(chance, on, people, houses))
    known = [_of_cast(party, on) for party in cast if party.kind == "person" and party.birth_date]
    companies = list(_companies(chance, crowd, on, houses))
    return (
        Delivery(Base.POPULATION, "demo_police", [*known, *crowd]),
        Delivery(Base.POPULATION, "demo_civil", _other_sight(crowd), whole=False),
        Delivery(Base.ENTITIES, "demo_market", [*_companies_of_cast(cast), *companies]),
        Delivery(Base.ADDRESSES, "demo_street", [*_addresses_of_cast(cast), *_addresses(houses)]),
        Delivery(Base.CREDIT, "demo_court", list(_credit(crowd))),
        Delivery(
            Base.CERTIFICATES, "demo_licences", [_certificates(row) for row in (*known, *crowd[:200])], whole=False
        ),
    )


def _of_cast(party: PartyRow, on: date) -> Row:
    assert party.birth_date
    return {
        "key": party.id_no,
        "name": party.name,
        "sex": "male" if int(party.id_no[16]) % 2 else "female",
        "birth_date": party.birth_date.isoformat(),
        "alive": True,
        "household_region": "440303",
        "household_address": party.address,
        "residence_address": party.address,
        "marital_status": "married",
        "in_work": False,
        "pension": party.birth_date.year <= 1960,
        "insured_until": f"{on.year}-{on.month:02}-01",
    }


def _people(chance: random.Random, on: date, people: int, houses: int) -> Iterator[Row]:
    used: dict[tuple[date, str], int] = {}
    for number in range(people):
        birth = date(1938, 1, 1) + timedelta(days=chance.randrange(82 * 365))
        sex = chance.choice(("male", "female"))
        nth = used[birth, sex] = used.get((birth, sex), 9) + 1  # below ten: the cast
        given = "".join(chance.choice(_GIVEN) for _ in range(chance.choice((1, 2, 2))))
        age = (on - birth).days // 365
        home = _address(
            STREETS[number % 10], chance.randrange(1, houses + 1), f"{chance.randrange(2, 30)}0{chance.randrange(1, 7)}"
        )
        alive = not (age > 70 and chance.random() < 0.1)
        row: dict[str, object] = {
            "key": synthetic.cn_id(birth, "male" if sex == "male" else "female", region="440303", nth=nth),
            "name": chance.choice(_SURNAMES) + given,
            "sex": sex,
            "birth_date": birth.isoformat(),
            "alive": alive,
            "household_region": "440303" if chance.random() < 0.6 else "430103",
            "household_address": home,
            "residence_address": home,
            "marital_status": "married" if age > 30 else "single",
            "in_work": alive and 22 <= age < 60 and chance.random() < 0.8,
            "pension": age >= 60,
        }
        if not alive:
            row["death_date"] = (on - timedelta(days=chance.randrange(30, 2000))).isoformat()
        yield row


def _other_sight(people: Sequence[Row]) -> list[Row]:
    """What civil affairs know of some: the same, but for three who moved or married and told only one of them."""
    seen: list[Row] = [
        {"key": row["key"], "name": row["name"], "marital_status": row["marital_status"]} for row in people[:60]
    ]
    seen[7] = {**seen[7], "marital_status": "divorced"}
    seen[21] = {**seen[21], "residence_address": _address("莲塘", 5, "1203")}
    seen[40] = {**seen[40], "name": str(people[40]["name"])[:1] + "小明"}
    return seen


def _address(street: str, house: int, room: str) -> str:
    return f"深圳市罗湖区{street}街道{street}路{house}号{room}"


def _addresses(houses: int) -> Iterator[Row]:
    """A shop, a flat, an office in turn: what may be registered as business premises, and what may not."""
    uses = ("shop", "housing", "office")
    for number, street in enumerate(STREETS, 1):
        for house in range(1, houses + 1):
            use = uses[(house // 2) % 3] if house != 3 else "shop"
            address = _address(street, house, "101")
            yield {
                "key": address,
                "code": f"4403030{number:02}{house:03}0101",
                "standard": address,
                "street": f"440303{number:03}",
                "community": f"440303{number:03}001",
                "use": use,
                "registrable": use != "housing",
                "entities": 0 if house % 7 else 3,
            }


def _addresses_of_cast(cast: Sequence[PartyRow]) -> Iterator[Row]:
    """The homes and the shop of the demo's people, where they lie in the district."""
    for number, address in enumerate(sorted({party.address for party in cast if "罗湖区" in party.address})):
        shop = "东门街道" in address
        found = next((place for place, street in enumerate(STREETS, 1) if f"{street}街道" in address), 1)
        yield {
            "key": address,
            "code": f"4403039{number:02}0000001",
            "standard": address.replace(" ", ""),
            "street": f"440303{found:03}",
            "use": "shop" if shop else "housing",
            "registrable": shop,
            "entities": int(shop),
        }


def _companies(chance: random.Random, people: Sequence[Row], on: date, houses: int) -> Iterator[Row]:
    for number in range(1, len(people) // 7):
        street, house = STREETS[number % 10], chance.randrange(1, houses + 1)
        trade = chance.choice(_TRADES)
        words = "".join(chance.choice(_GIVEN) for _ in range(2))
        shop = number % 3 == 0
        name = f"深圳市罗湖区{words}{trade}{chance.choice(_FORMS)}" if shop else f"深圳{words}{trade}有限公司"
        yield {
            "key": synthetic.uscc(number, kind="92" if shop else "91", region="440303"),
            "name": name,
            "kind": "individual" if shop else "company",
            "status": "active" if chance.random() < 0.9 else "cancelled",
            "legal_representative": people[number]["name"],
            "address": _address(street, house, "101"),
            "established_on": (on - timedelta(days=chance.randrange(30, 5000))).isoformat(),
            "capital": chance.choice((5, 10, 50, 100)),
            "scope": [f"{trade}服务"],
            "abnormal": chance.random() < 0.03,
        }


def _companies_of_cast(cast: Sequence[PartyRow]) -> Iterator[Row]:
    for party in cast:
        if party.kind == "company":
            yield {
                "key": party.id_no,
                "name": party.name,
                "kind": "company",
                "status": "active",
                "address": party.address,
                "established_on": "2021-06-01",
                "capital": 50,
                "scope": ["餐饮服务"],
                "abnormal": False,
            }


def _credit(people: Sequence[Row]) -> Iterator[Row]:
    """Every hundredth of the invented people; nobody of the cast."""
    for number, row in enumerate(people[::100]):
        yield {
            "key": row["key"],
            "restricted": True,
            "barred": number % 2 == 0,
            "grounds": ["被列为失信被执行人（演示）"],
            "until": "2028-12-31",
        }


def _certificates(row: Row) -> Row:
    key = str(row["key"])
    return {"key": key, "types": [ID_CARD, HOUSEHOLD_BOOK], "numbers": [key]}
