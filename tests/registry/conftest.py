"""A holder, and a certificate of the dog register, for the tests of the certificate base."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from yichuang.core import roles
from yichuang.core.actors import Actor, Grant
from yichuang.core.ids import new_id
from yichuang.core.words import W
from yichuang.registry.commands import record_certificate
from yichuang.registry.values import CertificateRow

DOG = "11440303K31718473Q001"
ISSUER = "11440303K31718473Q"


@pytest.fixture
def party(db: None, at: datetime) -> Callable[[str], UUID]:
    """Registers a synthetic person and returns the id."""
    from yichuang.people.models import Party

    def make(name: str = "张晓") -> UUID:
        row = Party.objects.create(
            kind="person",
            name=name,
            name_masked=name[0] + "*",
            id_type="111",
            id_no="440303199001019991",
            id_index=new_id().hex,
            demo=True,
            registered_at=at,
        )
        return row.id

    return make


@pytest.fixture
def editor() -> Actor:
    """吴倩, item editor (事项管理员) and so the data steward."""
    return Actor(kind="staff", id=new_id(), name="吴倩", grants=frozenset({Grant(roles.ITEM_EDITOR, None, None)}))


@pytest.fixture
def holder(party: Callable[[str], UUID]) -> UUID:
    return party("张晓")


@pytest.fixture
def record(holder: UUID, at: datetime) -> Callable[..., CertificateRow]:
    """Records a dog certificate; each call is another case unless told otherwise."""
    made = iter(range(1, 1000))

    def make(**changes: Any) -> CertificateRow:
        values: dict[str, Any] = {
            "type_code": DOG,
            "name": W("养犬登记证", "Dog licence"),
            "issuer_uscc": ISSUER,
            "issuer_name": W("深圳市罗湖区城市管理和综合执法局", "Luohu Urban Management Bureau"),
            "holder_party": holder,
            "holder_name_masked": "张*",
            "number": f"深罗养犬2026{next(made):06d}",
            "data": {"holder": "张晓", "dog": "豆豆", "chip": "156000000000001", "born": date(2024, 3, 1)},
            "labels": {"dog": "犬名", "chip": "芯片号", "born": "出生日期"},
            "template": "dog_registration",
            "valid_from": date(2026, 11, 24),
            "valid_to": date(2027, 11, 23),
            "subject": ("case", new_id()),
            "at": at,
        }
        return record_certificate(**{**values, **changes})

    return make
