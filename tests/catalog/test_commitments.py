"""告知承诺 in a pack: what may be promised instead, freely chosen; every fault of it is named with its line."""

import shutil
from pathlib import Path

import pytest
import yaml
from tests.catalog.dog import FOLDER

from yichuang.catalog.packs.folder import load_folder
from yichuang.catalog.packs.trial import answer, run_example
from yichuang.catalog.rules import requirements_for
from yichuang.core.workdays import Calendar

PACKS = FOLDER.parents[1]
HYGIENE = PACKS / "weisheng/gonggong-changsuo-weisheng"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HYGIENE, tmp_path / HYGIENE.name))


def changed(folder: Path, **of: object) -> list[str]:
    """The faults of the pack with its commitment changed so."""
    file = folder / "item.yaml"
    data = yaml.safe_load(file.read_text("utf-8"))
    data["commitments"][0] |= of
    file.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    return [fault.code for fault in load_folder(folder).faults]


def test_who_promises_hands_in_less_and_who_goes_the_usual_way_all_of_it() -> None:
    pack = load_folder(HYGIENE).pack
    assert pack is not None
    facts = {"channel": "portal", "certificates": (), "licences": 0}
    usual = requirements_for(pack, {"kind": "hair", "way": "usual"}, {}, facts)
    promised = requirements_for(pack, {"kind": "hair", "way": "promise"}, {}, facts)
    assert {m.code for m in usual.materials} - {m.code for m in promised.materials} == {"hygiene_report", "rules"}
    assert usual.commitments == ()
    assert [one.code for one in promised.commitments] == ["hygiene"]
    assert (usual.promise.unit, promised.promise.unit) == ("workday", "instant")


def test_a_choice_that_is_not_made_yet_counts_as_no_promise() -> None:
    pack = load_folder(HYGIENE).pack
    assert pack is not None
    needs = requirements_for(pack, {"kind": "hair"}, {}, {"channel": "portal", "certificates": ()})
    assert needs.commitments == ()
    assert {"hygiene_report", "rules"} <= {m.code for m in needs.materials}


@pytest.mark.parametrize(
    ("of", "code"),
    [
        ({"when": 'answers.kind = "hair"'}, "COMMITMENT_CHOICE"),  # nobody chose it
        ({"when": 'answers.way in ("promise", "usual")'}, "COMMITMENT_CHOICE"),  # there is no way without it
        ({"when": 'answers.way = "promise" and facts.channel = "portal"'}, "COMMITMENT_WHEN"),
        ({"risk": "high"}, "COMMITMENT_RISK"),
        ({"conditions": ["ALREADY_LICENSED"]}, "COMMITMENT_CONDITION"),  # a register knows
        ({"conditions": ["NO_SUCH"]}, "COMMITMENT_CONDITION"),
        ({"replaces": ["no_such"]}, "COMMITMENT_MATERIAL"),
        ({"replaces": ["air_report"]}, "COMMITMENT_MATERIAL"),  # optional anyway
        ({"conditions": [], "replaces": []}, "COMMITMENT_EMPTY"),
        ({"code": "other"}, "COMMITMENT_EXAMPLE"),
        ({"basis": "L9"}, "BASIS"),
    ],
)
def test_what_a_commitment_may_not_be_is_a_fault(folder: Path, of: dict[str, object], code: str) -> None:
    assert code in changed(folder, **of)


def test_the_organ_itself_makes_the_check(folder: Path) -> None:
    check = {"days": 40, "post": "SCJG.food_inspect", "how": "site", "words": {"zh": "现场", "en": "On site"}}
    assert changed(folder, check=check) == ["COMMITMENT_POST"]


def test_an_example_that_does_not_expect_the_commitment_turns_red(folder: Path) -> None:
    file = folder / "examples/02-barber-on-promise-held.yaml"
    file.write_text(file.read_text("utf-8").replace("  commitments: [hygiene]\n", ""), "utf-8")
    loaded = load_folder(folder)
    assert loaded.pack is not None
    example = next(one for one in loaded.pack.examples if one.file.endswith("02-barber-on-promise-held.yaml"))
    result = run_example(loaded.pack, example, Calendar({}, frozenset()))
    assert any("commitments" in words.en for words in result.differences)
    assert answer(loaded.pack, example, Calendar({}, frozenset()))["commitments"] == ["hygiene"]


def test_what_may_be_promised_is_part_of_what_a_rule_set_is_known_by(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PACKS / "shichang/getihu-sheli", tmp_path / "getihu-sheli"))
    before = load_folder(folder).pack
    promised = yaml.safe_load((HYGIENE / "item.yaml").read_text("utf-8"))["commitments"]
    file = folder / "item.yaml"
    file.write_text(
        file.read_text("utf-8") + yaml.safe_dump({"commitments": [promised[0] | {"when": "true"}]}, allow_unicode=True),
        "utf-8",
    )
    after = load_folder(folder).pack
    assert before is not None
    assert before.decision is not None
    assert after is not None
    assert after.decision is not None
    assert before.decision.sha != after.decision.sha
