"""A decision table of 20 rules and 8 inputs, decided and explained, against the same rules written by hand in Python."""

import random
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from bench.figures import Result

NAME = "decision"
BAR, EXPLAINED = 5.0, 20.0  # microseconds
ROUNDS, CASES = 5, 2000
KINDS = ("个体", "企业", "合作社", "其他")
TOWNS = ("甲镇", "乙镇", "丙镇")
NUMBERS = ("年龄", "资金", "面积", "人数", "年限")
INPUTS = (*NUMBERS, "类型", "镇", "代理")
RULES = 20


def bounds(rule: int) -> tuple[Decimal, ...]:
    """The least value of each number that a rule asks for."""
    return tuple(Decimal((rule * step) % top) for step, top in ((7, 60), (1300, 9000), (11, 90), (3, 20), (2, 15)))


def xml() -> bytes:
    """Rule n asks for five numbers, a kind, a town and whether an agent files; the last takes the rest."""
    types = {**dict.fromkeys(NUMBERS, "number"), "类型": "string", "镇": "string", "代理": "boolean"}
    inputs = "".join(
        f'<inputData id="i{at}" name="{name}"><variable name="{name}" typeRef="{types[name]}"/></inputData>'
        for at, name in enumerate(INPUTS)
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#i{at}"/></informationRequirement>' for at in range(len(INPUTS))
    )
    columns = "".join(
        f'<input label="{name}"><inputExpression typeRef="{types[name]}"><text>{name}</text></inputExpression></input>'
        for name in INPUTS
    )
    rows = ""
    for rule in range(RULES):
        last = rule == RULES - 1
        cells = [f">= {bound}" for bound in bounds(rule)]
        cells += [
            f'"{KINDS[rule % 4]}","{KINDS[(rule + 1) % 4]}"',
            f'not("{TOWNS[rule % 3]}")',
            str(rule % 2 == 0).lower(),
        ]
        entries = "".join(f"<inputEntry><text>{escape('-' if last else cell)}</text></inputEntry>" for cell in cells)
        rows += f'<rule id="r{rule}">{entries}<outputEntry><text>"结果{rule}"</text></outputEntry></rule>'
    return (
        f'<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="bench" name="bench">{inputs}'
        f'<decision id="d" name="登记"><variable name="登记" typeRef="string"/>{needs}<decisionTable hitPolicy="FIRST">'
        f'{columns}<output name="r" typeRef="string"/>{rows}</decisionTable></decision></definitions>'
    ).encode()


def by_hand() -> Callable[[Mapping[str, Any]], str]:
    """The ceiling: what somebody would write who trusts every input and has to explain nothing."""
    rules = [
        (bounds(rule), frozenset((KINDS[rule % 4], KINDS[(rule + 1) % 4])), TOWNS[rule % 3], rule % 2 == 0)
        for rule in range(RULES - 1)
    ]

    def decide(case: Mapping[str, Any]) -> str:
        for at, ((age, money, area, people, years), kinds, town, agent) in enumerate(rules):
            if (
                case["年龄"] >= age
                and case["资金"] >= money
                and case["面积"] >= area
                and case["人数"] >= people
                and case["年限"] >= years
                and case["类型"] in kinds
                and case["镇"] != town
                and case["代理"] is agent
            ):
                return f"结果{at}"
        return f"结果{RULES - 1}"

    return decide


def cases() -> list[dict[str, Any]]:
    chance = random.Random(20261122)
    return [
        {
            **{
                name: Decimal(chance.randrange(top))
                for name, top in zip(NUMBERS, (90, 12000, 120, 30, 25), strict=True)
            },
            "类型": chance.choice(KINDS),
            "镇": chance.choice(TOWNS),
            "代理": chance.random() < 0.5,
        }
        for _ in range(CASES)
    ]


def run(quick: bool) -> list[Result]:
    from yichuang.engine.values import ready_decision

    decision, reference, given = ready_decision(xml(), "登记"), by_hand(), cases()
    decided = Result(NAME, f"a table of {RULES} rules and {len(INPUTS)} inputs decides", BAR, "µs of CPU")
    explained = Result(f"{NAME}-explained", "why, for every rule, from the record", EXPLAINED, "µs of CPU")
    wrong = [case for case in given if decision.decide(case).value != reference(case)]
    if wrong:
        decided.faults.append(f"{len(wrong)} of {len(given)} are decided otherwise than by hand")
    records = [decision.decide(case).record for case in given]
    rounds = 2 if quick else ROUNDS
    ours, ceiling, why = [], [], []
    for _ in range(rounds):
        ours.append(per_case(given, decision.decide))
        ceiling.append(per_case(given, reference))
        pairs = list(zip(given, records, strict=True))
        why.append(per_case(pairs, lambda pair: decision.explain(*pair)))
    decided.take(ours)
    explained.take(why)
    ratios = sorted(one / other for one, other in zip(ours, ceiling, strict=True))
    decided.facts |= {"ratio_to_python_by_hand": round(ratios[len(ratios) // 2], 2), "record_bytes": len(records[0])}
    return [decided, explained]


def per_case(given: list[Any], act: Callable[[Any], object]) -> float:
    """Microseconds of CPU for one."""
    before = time.process_time()
    for one in given:
        act(one)
    return (time.process_time() - before) / len(given) * 1e6
