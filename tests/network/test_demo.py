"""The demo network: its shape, its marks, and loading it twice."""

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from yichuang.core.actors import SYSTEM
from yichuang.core.identifiers import check_uscc
from yichuang.core.refusals import Refused
from yichuang.network import queries
from yichuang.network.commands import load_demo_network, load_network
from yichuang.network.commands.load import DEMO_FOLDER
from yichuang.network.models import CalendarDay, Place, Window
from yichuang.network.values import PlaceKind, WindowKind, ZoneKind

pytestmark = pytest.mark.usefixtures("network")


def test_the_network_has_the_shape_1_4_10_83() -> None:
    kinds = Counter(place.kind for place in queries.list_places())
    assert kinds[PlaceKind.DISTRICT_HALL] == 1
    assert kinds[PlaceKind.SPECIAL_HALL] == 4
    assert kinds[PlaceKind.SUBDISTRICT_HALL] == 10
    assert kinds[PlaceKind.COMMUNITY] == 83
    assert kinds[PlaceKind.ESTATION] == 1


def test_one_tree_holds_every_place_and_every_community_stands_below_its_own_street() -> None:
    (root,) = queries.place_tree()
    assert root.place.code == "LH"
    assert len(queries.places_below(root.place.id)) == len(queries.list_places())
    for community in queries.list_places(kinds={PlaceKind.COMMUNITY}):
        assert community.parent is not None
        hall = queries.get_place_by_id(community.parent)
        assert hall.kind is PlaceKind.SUBDISTRICT_HALL
        assert community.community_code[:9] == community.street_code == hall.street_code


def test_one_sub_district_hall_has_ten_integrated_windows_two_others_and_eight_self_service_places() -> None:
    hall = queries.get_place("LH-S01")
    kinds = Counter(window.kind for window in queries.list_windows(hall.id))
    assert kinds == {WindowKind.INTEGRATED: 10, WindowKind.ISSUING: 1, WindowKind.TAX: 1}
    (self_service,) = [zone for zone in queries.list_zones(hall.id) if zone.kind is ZoneKind.SELF_SERVICE]
    assert (self_service.capacity, self_service.always_open) == (8, True)
    assert len(queries.list_terminals(hall.id)) == 8


def test_everything_made_up_is_marked_and_no_telephone_can_be_dialled() -> None:
    assert all(place.demo for place in queries.list_places())
    for department in queries.list_departments():
        assert department.demo
        assert "演示" in department.organ_seal
        assert department.phone.startswith("0755-0000")
        assert department.complaint_phone.startswith("0755-0000")


def test_departments_have_right_credit_codes_remedies_and_both_languages() -> None:
    for department in queries.list_departments():
        assert check_uscc(department.uscc) == []
        assert department.review_organ.zh
        assert department.court.zh
        assert department.name.en.isascii()
    assert all(place.name.en.isascii() for place in queries.list_places())


@pytest.mark.parametrize(
    "code",
    ["CGZF.street_review", "CGZF.decide", "RLZY.review", "RLZY.decide", "ZFJS.review", "ZFJS.decide"]
    + ["GAFJ.review", "GAFJ.decide", "SCJG.review", "SCJG.decide", "GHZR.review", "GHZR.decide"]
    + ["GAFJ.exit_review", "GAFJ.exit_decide", "GAFJ.register_review", "GAFJ.register_decide"]
    + ["ZFJS.street_review", "ZFJS.security_review", "ZFJS.security_decide"]
    + ["SCJG.food_review", "SCJG.food_inspect", "SCJG.food_decide", "MZJ.street_review", "WJJ.disability_review"]
    + ["WJJ.site_review", "WJJ.site_inspect", "WJJ.site_decide", "CL.review", "CL.decide"]
    + [f"{code}.{post}" for code in ("SWJ", "SBJ", "GJJ", "BDC", "MZJ", "WJJ", "YBJ") for post in ("review", "decide")],
)
def test_the_posts_that_packs_name_exist(code: str) -> None:
    assert code in {post.code for post in queries.list_posts(code.split(".")[0])}


def test_the_window_has_posts_of_its_own_that_belong_to_no_department() -> None:
    posts = queries.list_posts("WINDOW")
    assert {post.code for post in posts} == {"WINDOW.chief", "WINDOW.issue", "WINDOW.receive"}
    assert {post.department for post in posts} == {None}


def test_loading_again_writes_nothing_and_keeps_what_the_district_changed(at: datetime) -> None:
    Window.objects.filter(place__code="LH-S01", number="3").update(active=False)
    Place.objects.filter(code="LH-S02").update(phone="0755-0000-9999")
    CalendarDay.objects.filter(day=date(2026, 10, 10)).delete()
    report = load_demo_network(at=at)
    assert not report.changed
    assert report.calendar_days == 0
    assert queries.get_place("LH-S02").phone == "0755-0000-9999"
    assert not queries.working_calendar().is_working(date(2026, 10, 10))


def test_loading_again_asks_little_of_the_database(at: datetime, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(14):
        load_demo_network(at=at)


def test_a_folder_with_faults_writes_nothing_and_tells_every_fault_with_its_entry(tmp_path: Path, at: datetime) -> None:
    for name in ("places.yaml", "departments.yaml", "communities.yaml"):
        text = (DEMO_FOLDER / name).read_text(encoding="utf-8")
        text = text.replace("code: LH-S02", "code: lh-s02").replace("  LH-S02:", "  LH-S99:")
        text = text.replace("uscc: 11440303YC000001XA", "uscc: 11440303YC000001XB").replace(
            "department: RLZY", "department: XXXX"
        )
        (tmp_path / name).write_text(text, encoding="utf-8")
    before = Place.objects.count()
    with pytest.raises(Refused) as refused:
        load_network(actor=SYSTEM, folder=tmp_path, at=at)
    told = {reason.field for reason in refused.value.reasons}
    assert {
        "places.yaml:lh-s02/code",
        "departments.yaml:SCJG/uscc",
        "departments.yaml:assignments/shiye-dengji",
    } <= told
    assert "places.yaml:LH-C440303002001" in told
    assert Place.objects.count() == before


@pytest.mark.parametrize(
    "text",
    [
        "format: [",
        "- 1",
        "format: yichuang-network/2",
        "format: yichuang-network/1",
        "format: yichuang-network/1\nplaces: 3",
    ],
)
def test_a_folder_that_cannot_be_understood_says_so(tmp_path: Path, text: str, at: datetime) -> None:
    (tmp_path / "places.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "departments.yaml").write_text((DEMO_FOLDER / "departments.yaml").read_text(encoding="utf-8"))
    with pytest.raises(Refused) as refused:
        load_network(actor=SYSTEM, folder=tmp_path, at=at)
    assert {reason.code for reason in refused.value.reasons} == {"FILE_FAULT"}
