"""申报: what is filed, before it is looked at, and the rows that it becomes. Commands say when case and papers are inserted:
one that is judged with its filing is written as it stands then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yichuang.cases.following import name_of
from yichuang.cases.models import Case, Encounter, Material, MaterialFile, Upload
from yichuang.cases.needs import needed_from
from yichuang.cases.numbering import new_query_code, query_index
from yichuang.cases.rules.acceptance import Needed
from yichuang.cases.rules.clock import ANSWER_DAYS, end_of
from yichuang.cases.values import MaterialState
from yichuang.cases.visits import find_stay
from yichuang.catalog.values import Pack, Requirements, TaskType
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.compiled import build, insert
from yichuang.network import queries as network
from yichuang.network.values import DepartmentRow, PlaceRow
from yichuang.people.values import PartyRow, Proof


@dataclass(frozen=True, slots=True)
class Filing:
    """What is filed, before it is looked at. `materials`: material code → ids of uploads (or [] with `originals`)."""

    item_code: str
    item_version: int | None
    answers: Mapping[str, Any]
    form: Mapping[str, Any]
    materials: Mapping[str, Sequence[UUID]]
    applicant: UUID | None
    agent: UUID | None = None
    receiver: UUID | None = None
    originals: frozenset[str] = frozenset()  # papers the clerk has seen and copied at the window
    confirmed: str = ""  # how who stands at the window confirmed what the clerk typed (`confirming.Confirmed`)
    authority_seen: bool = False  # the clerk has seen the agent's signed power of attorney (授权委托书)
    draft: UUID | None = None
    previous: UUID | None = None
    follow_up: str = ""  # change, renew, replace: what is asked of the result of `previous`
    locale: str = "zh-hans"
    agreed: frozenset[str] = frozenset()  # papers that the applicant lets us fetch instead (免证办, by consent)
    proof: Proof | None = None  # 实名确认 of who files, for items that may be decided at once
    proven: UUID | None = (
        None  # or the one that was kept for this filing (`people.commands.keep_proof`): used up with it
    )
    package: str = ""  # the number of the package (一件事) that it is filed with
    owners: tuple[UUID, ...] = ()  # whose files these are, where what somebody asked for earlier is filed in its turn
    signing: UUID | None = None  # 共同签署: what all have signed; its proof is as old as the asking
    commitment: str = ""  # 告知承诺: the mark of the letter that was read and is promised with it

    def body(self) -> dict[str, Any]:
        """What an idempotency key stands for."""
        return {
            "item": self.item_code,
            "version": self.item_version,
            "answers": self.answers,
            "form": self.form,
            "materials": {code: [str(i) for i in ids] for code, ids in self.materials.items()},
            "applicant": self.applicant,
            "agent": self.agent,
            "receiver": self.receiver,
            "originals": sorted(self.originals),
            "previous": self.previous,
            **({"authority_seen": True} if self.authority_seen else {}),
            **({"confirmed": self.confirmed} if self.confirmed else {}),
            **({"follow_up": self.follow_up} if self.follow_up else {}),
            **({"commitment": self.commitment} if self.commitment else {}),
            **({"agreed": sorted(self.agreed)} if self.agreed else {}),
        }


def new_case(
    case_id: UUID,
    number: str,
    actor: Actor,
    filing: Filing,
    pack: Pack,
    needs: Requirements,
    applicant: PartyRow,
    places: tuple[PlaceRow, PlaceRow],
    department: DepartmentRow,
    at: datetime,
) -> Case:
    """The case, not inserted yet; with the stay of who stands at a window, or one of its own that is written here."""
    code = new_query_code()
    taking, responsible = places
    by_house = actor.is_staff or actor.kind == "system"
    agent = filing.agent if by_house else (actor.id if actor.id != applicant.id else None)
    person = (agent if actor.is_staff else None) or applicant.id  # who stands at the window
    stay = find_stay(actor, frozenset({person}), at)
    encounter = stay or build(
        Encounter,
        place_id=taking.id if actor.is_staff else None,
        window=actor.window,
        channel=actor.channel.value,
        staff_id=actor.id if actor.is_staff else None,
        person_id=person,
        started_at=at,
        ended_at=at,
        outcome="filed",
    )
    answer_due = end_of(network.working_calendar().add(local_date(at), ANSWER_DAYS))
    case = build(
        Case,
        id=case_id,
        number=number,
        query_code=code,
        query_index=query_index(number, code),
        item_code=pack.code,
        item_version=pack.version,
        item_name_zh=name_of(pack, filing.follow_up).zh,
        item_name_en=name_of(pack, filing.follow_up).en,
        is_permit=pack.kind is TaskType.PERMIT,
        answers=dict(filing.answers),
        form=dict(filing.form),
        channel=actor.channel.value,
        taking_place_id=taking.id,
        responsible_place_id=responsible.id,
        department_id=department.id,
        encounter_id=encounter.id,
        applicant_id=applicant.id,
        applicant_masked=applicant.name_masked,
        agent_id=agent,
        receiver_id=filing.receiver or applicant.id,
        previous_id=filing.previous,
        follow_up=filing.follow_up,
        package=filing.package,
        locale=filing.locale,
        filed_at=at,
        received_at=at,
        legal_amount=needs.legal.amount,
        legal_unit=needs.legal.unit,
        promise_amount=needs.promise.amount,
        promise_unit=needs.promise.unit,
        answer_due_at=answer_due,
        due_at=answer_due,
        trip_count=1 if actor.is_staff else 0,
    )
    if stay is None:
        insert([encounter])
    return case


def new_materials(
    case: Case,
    filing: Filing,
    needs: Requirements,
    uploads: Mapping[str, Sequence[Upload]],
    checked: frozenset[str],
    at: datetime,
) -> list[Material]:
    """The papers that are asked for, not inserted yet; their files are."""
    held = frozenset(m.code for m in needs.materials if m.held)
    rows = [
        build(
            Material,
            case_id=case.id,
            order=order,
            code=material.code,
            name_zh=material.name.zh,
            name_en=material.name.en,
            necessity="main" if not material.tolerable else "secondary",
            required=material.required,
            tolerable=material.tolerable,
            promise_days=material.promise_days,
            basis=material.basis,
            state=_first_state(material, uploads, filing.originals | checked, held).value,
            seen_original=material.code in filing.originals,
            arrived_date=local_date(at) if uploads.get(material.code) or material.code in filing.originals else None,
        )
        for order, material in enumerate(needed_from(needs))
    ]
    files = [_file_of(row, upload, at) for row in rows for upload in uploads.get(row.code, ())]
    if files:
        insert(files)
        case.fresh.extend(files)
    return rows


def _file_of(material: Material, upload: Upload, at: datetime) -> MaterialFile:
    row = build(MaterialFile, material_id=material.id, upload_id=upload.id, at=at)
    row.upload = upload  # its entry vouches for what the upload says
    return row


def _first_state(
    material: Needed, uploads: Mapping[str, Sequence[Upload]], originals: frozenset[str], held: frozenset[str]
) -> MaterialState:
    if material.code in originals:
        return MaterialState.CHECKED
    if uploads.get(material.code):
        return MaterialState.PROVIDED
    return MaterialState.HELD if material.code in held else MaterialState.MISSING
