"""Two tenants of the demo's departments, 街坊 and 邻里, with the programs that come by their tokens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from yichuang.core.actors import Actor
from yichuang.core.words import W
from yichuang.network import queries as network
from yichuang.tenants import commands
from yichuang.tenants.values import SCOPES, Quotas

TABLE = {
    "form": {
        "type": "object",
        "properties": {
            "venue": {"type": "string", "maxLength": 40, "x-label": "场地", "x-label-en": "Venue"},
            "day": {"type": "string", "format": "date", "x-label": "日期", "x-label-en": "Day"},
            "people": {"type": "integer", "minimum": 1, "maximum": 500, "x-label": "人数", "x-label-en": "People"},
            "name": {"type": "string", "format": "name_cn", "x-label": "姓名", "x-label-en": "Name", "x-personal": True},
            "mobile": {"type": "string", "format": "mobile", "x-label": "手机", "x-label-en": "Mobile", "x-personal": True},
        },
        "required": ["venue", "name"],
        "additionalProperties": False,
    },
    "unique": [["venue", "day"]],
    "indexes": [["mobile"], ["venue"]],
}  # fmt: skip


@dataclass(frozen=True)
class Tenant:
    """A tenant, its program, and the token by which that comes."""

    id: Any
    code: str
    program: Actor
    bearer: str
    credential: Any


@pytest.fixture
def keeper(demo: Any) -> Actor:
    """石磊, system administrator."""
    actor: Actor = demo.actor("shilei")
    return actor


@pytest.fixture
def make(demo: Any, keeper: Actor) -> Callable[..., Tenant]:
    """Makes a tenant with a token for everything, unless the scopes are named."""

    def make_tenant(code: str, *, scopes: tuple[str, ...] = tuple(SCOPES), **quotas: int) -> Tenant:
        department = network.get_department("CGZF").id
        name = W(f"{code} 应用", f"Application {code}")
        id = commands.make_tenant(
            actor=keeper, code=code, name=name, department=department, quotas=Quotas(**quotas), at=demo.at
        )
        credential, bearer = commands.make_credential(
            actor=keeper, tenant=code, label="测试程序", scopes=scopes, days=30, at=demo.at
        )
        return Tenant(id, code, commands.admit(bearer, at=demo.at), bearer, credential)

    return make_tenant


@pytest.fixture
def jiefang(make: Callable[..., Tenant]) -> Tenant:
    return make("jiefang")


@pytest.fixture
def linli(make: Callable[..., Tenant]) -> Tenant:
    return make("linli")
