"""For the contract test: departments, posts, windows, working days, authorisations, messages, workbooks, lists, moving cases."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.catalog.dog import copy_of_pack, spoil
from tests.web.api.test_api import DOG

from yichuang.catalog import commands as catalog
from yichuang.catalog.queries import list_versions, pack_folder
from yichuang.catalog.shelf import drafts_root
from yichuang.core import second
from yichuang.core.actors import SYSTEM
from yichuang.core.identifiers import synthetic
from yichuang.core.ids import new_id
from yichuang.core.words import W
from yichuang.network import commands as network
from yichuang.network import queries as places
from yichuang.network.values import DepartmentData, DepartmentKind
from yichuang.notices.commands import send
from yichuang.notices.models import Delivery
from yichuang.notices.values import Address
from yichuang.people.queries import list_grants


def register(recipe: Callable[[str], Callable[[Any], Any]]) -> None:
    """Add them to the recipes."""
    for operation, prepare in OPERATIONS.items():
        recipe(operation)(prepare)


def _as(user: str, body: Any = None, **path: str) -> Callable[[Any], None]:
    """Nothing to prepare: this caller sends this."""

    def prepare(world: Any) -> None:
        world.user, world.path, world.body = user, path, body

    return prepare


def _revoke(world: Any) -> None:
    staff = world.demo.actor("gaofeng").id
    grant = list_grants(world.demo.actor("anning"), staff)[0].id
    world.user, world.path = "anning", {"staff": str(staff), "grant": str(grant)}


def _assign_post(world: Any) -> None:
    world.user, world.path = "anning", {"staff": str(world.demo.actor("gaofeng").id)}
    world.body = {"post": "CGZF.review"}


def _end_post(world: Any) -> None:
    wang = world.demo.actor("wangqiang")
    world.user, world.path, world.body = "anning", {"staff": str(wang.id)}, {"post": sorted(wang.posts)[0]}


def _made(world: Any) -> None:
    """A department with nothing in its name."""
    both = W("新设机关", "New organ")
    data = DepartmentData(
        "NEWD", synthetic.uscc(905), DepartmentKind.STATUTORY, both, "新设机关", both, both, "0755-1", "0755-2"
    )
    network.save_department(actor=SYSTEM, department=data, at=world.demo.at)
    world.user, world.path, world.body = "shilei", {"code": "NEWD"}, {"reason": "机构改革"}


def _proposed(world: Any) -> str:
    """系统管理员 asked that it is closed: the second one looks."""
    _made(world)
    asker = world.demo.actor("shilei")
    id = second.propose(actor=asker, act=catalog.CLOSE, args={"code": "NEWD"}, reason="机构改革", at=world.demo.at)
    world.user, world.path, world.body = "chengyuan", {"proposal": str(id)}, None
    return str(id)


def _proposals(world: Any) -> None:
    _proposed(world)
    world.path = {}


def _confirm(world: Any) -> None:
    _proposed(world)
    lines = second.preview(world.demo.actor("chengyuan"), catalog.CLOSE, {"code": "NEWD"}, at=world.demo.at)
    world.body = {"mark": second.mark_of(lines)}


def _decline(world: Any) -> None:
    _proposed(world)
    world.body = {"note": "还有事项"}


def _withdraw(world: Any) -> None:
    _proposed(world)
    world.user = "shilei"


def _reopen(world: Any) -> None:
    _made(world)
    network.close_department(actor=SYSTEM, code="NEWD", at=world.demo.at)
    world.body = None


def _save_department(world: Any) -> None:
    both = {"zh": "新设机关", "en": "New organ"}
    world.user, world.path = "shilei", {"code": "NEWE"}
    world.body = {
        "uscc": synthetic.uscc(906), "kind": "statutory", "name": both, "organ_seal": "新设机关", "review_organ": both,
        "court": both, "phone": "0755-1", "complaint_phone": "0755-2",
    }  # fmt: skip


def _authorise(world: Any) -> None:
    department, place = places.get_department("CGZF").id, places.get_place("LH").id
    world.user = "chengang"
    world.body = {
        "department": str(department), "place": str(place), "items": [DOG], "valid_from": "2026-12-01", "seal_name": "受理专用章",
    }  # fmt: skip


def _end_authorisation(world: Any) -> None:
    row = places.list_authorisations(department=places.get_department("CGZF").id, place=places.get_place("LH").id)[0]
    world.user, world.path = "chengang", {"authorisation": str(row.id)}
    world.body = {"last_day": "2026-12-31"}


def _resend(world: Any) -> None:
    at = world.demo.at
    values = {"item": "养犬登记", "number": "1", "query_code": "K7QP2M"}
    message = send(address=Address("sms", "13800000001"), locale="en", template="case_filed", values=values, at=at)
    Delivery.objects.create(id=new_id(), message_id=message, sent=False, outcome="parked", reference="X", at=at)
    world.user, world.body = "shilei", {"messages": [str(message)]}


def _workbook(world: Any) -> bytes:
    world.user = "wuqian"
    return catalog.export_workbook(actor=world.demo.actor("wuqian"))


def _preview(world: Any) -> None:
    world.files = {"workbook": _workbook(world)}


def _import(world: Any) -> None:
    seen = catalog.preview_workbook(actor=world.demo.actor("wuqian"), content=_workbook(world))
    world.body = {"mark": seen.mark}


def _discard(world: Any) -> None:
    folder = pack_folder(world.demo.actor("wuqian"), DOG)
    if drafts_root() not in folder.parents:
        shutil.copytree(folder, drafts_root() / folder.parent.name / DOG)
    world.user, world.path = "wuqian", {"code": DOG}


def _newer(world: Any, *spoilt: tuple[str, str, str], accepted: bool = False) -> tuple[str, int]:
    """An open case (accepted, it is under review), and a newer version of its item, with these texts of its files replaced."""
    receipt = world.accepted()[0] if accepted else world.file()
    number, newest = receipt.number, list_versions(DOG)[0][0]
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_of_pack(Path(folder))
        spoil(copy, "item.yaml", "version: 1\n", f"version: {newest + 1}\n")
        for change in spoilt:
            spoil(copy, *change)
        catalog.publish_pack(folder=copy, actor=SYSTEM, at=world.demo.at)
    world.user, world.path = "wuqian", {"code": DOG}
    return number, newest


def _open_cases(world: Any) -> None:
    _, newest = _newer(world)
    world.query = {"old": newest, "new": newest + 1}


def _move_cases(world: Any) -> None:
    number, newest = _newer(world)
    world.body = {"old": newest, "new": newest + 1, "numbers": [number], "reason": "新版本更有利"}


RENAMED = ("process.bpmn", "街道审查", "街道初审")  # another process, with the same steps


def _rerouting(world: Any) -> None:
    _, newest = _newer(world, RENAMED, accepted=True)
    world.query = {"old": newest, "new": newest + 1}


def _try_rerouting(world: Any) -> None:
    number, newest = _newer(world, RENAMED, accepted=True)
    steps = {one: one for one in ("street_review", "decide")}
    world.body = {"old": newest, "new": newest + 1, "numbers": [number], "names": steps}


def _reroute(world: Any) -> None:
    _try_rerouting(world)
    world.body["reason"] = "岗位调整"


NAME = {"zh": "新岗位", "en": "New"}
OPERATIONS = {
    "GET /registry/catalogue": _as("zhangxiao"),
    "GET /registry/looks": _as("zhangxiao"),
    "GET /administration/proposals": _proposals,
    "GET /administration/proposals/{proposal}": _proposed,
    "POST /administration/proposals/{proposal}/confirm": _confirm,
    "POST /administration/proposals/{proposal}/decline": _decline,
    "POST /administration/proposals/{proposal}/withdraw": _withdraw,
    "POST /administration/staff/{staff}/roles/{grant}/revoke": _revoke,
    "POST /administration/staff/{staff}/posts": _assign_post,
    "POST /administration/staff/{staff}/posts/end": _end_post,
    "GET /administration/departments": _as("shilei"),
    "POST /administration/departments/{code}": _save_department,
    "POST /administration/departments/{code}/close": _made,
    "POST /administration/departments/{code}/reopen": _reopen,
    "GET /administration/posts": _as("anning"),
    "POST /administration/posts/{post}": _as("shilei", {"name": NAME, "act": "review"}, post="CGZF.more_review"),
    "GET /administration/assignments": _as("wuqian"),
    "POST /administration/assignments/{item}": _as("shilei", {"department": "CGZF", "rule": "district"}, item=DOG),
    "GET /administration/places/{code}/windows": _as("mali", code="LH"),
    "POST /administration/places/{code}/windows/{window}": _as(
        "mali", {"kind": "special", "name": NAME, "departments": ["RLZY"]}, code="LH", window="98"
    ),
    "POST /administration/places/{code}/clear-day": _as("mali", {"day": "2026-12-01"}, code="LH"),
    "GET /administration/calendar": _as("shilei"),
    "POST /administration/calendar/days": _as(
        "shilei", {"day": "2027-10-01", "working": False, "name": "国庆节", "name_en": "National Day"}
    ),
    "POST /administration/calendar/{year}/confirm": _as("shilei", {"source": "国办发明电〔2026〕7号"}, year="2026"),
    "GET /administration/authorisations": _as("chengang"),
    "POST /administration/authorisations/grant": _authorise,
    "POST /administration/authorisations/{authorisation}/end": _end_authorisation,
    "GET /administration/messages": _as("shilei"),
    "GET /administration/messages/templates": _as("shilei"),
    "POST /administration/messages/resend": _resend,
    "GET /administration/workbook": _as("wuqian"),
    "POST /administration/workbook/preview": _preview,
    "POST /administration/workbook/import": _import,
    "POST /administration/items/{code}/discard-draft": _discard,
    "POST /administration/lists/publish": _as("wuqian"),
    "GET /administration/items/{code}/open-cases": _open_cases,
    "POST /administration/items/{code}/move-cases": _move_cases,
    "GET /administration/items/{code}/rerouting": _rerouting,
    "POST /administration/items/{code}/rerouting": _reroute,
    "POST /administration/items/{code}/rerouting/try": _try_rerouting,
}
