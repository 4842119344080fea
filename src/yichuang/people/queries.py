"""Every read of this room. Whoever shows a person's data to somebody else records the look."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet

from yichuang.core import sql
from yichuang.core.actors import Actor, Channel, anonymous
from yichuang.core.bearers import bearer_hash
from yichuang.core.clock import local_date
from yichuang.core.compiled import Beside, Compiled, compiled
from yichuang.core.masks import mask_address, mask_email, mask_id, mask_mobile, mask_name
from yichuang.core.paging import Page, bad_cursor
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.roles import THREE_ADMINISTRATORS
from yichuang.core.roles import WORDS as ROLE_WORDS
from yichuang.core.words import W, Words
from yichuang.network.queries import get_department, get_department_by_id, get_place, get_place_by_id
from yichuang.people import cast as demo
from yichuang.people.actors import Held, actor_of, held, where
from yichuang.people.copies import copied_of as copied_of
from yichuang.people.copies import name_at as name_at
from yichuang.people.faces import face_score as face_score
from yichuang.people.faces import face_state as face_state
from yichuang.people.identity import id_index
from yichuang.people.models import Account, GrantRow, Look, Party, Staff, Token
from yichuang.people.numbers import parties_of as parties_of
from yichuang.people.permissions import check_can_grant, check_can_read_logs
from yichuang.people.qualified import list_qualifications as list_qualifications
from yichuang.people.qualified import qualified as qualified
from yichuang.people.rules import normalise_username
from yichuang.people.service import ConsentRow as ConsentRow
from yichuang.people.service import ConsentText as ConsentText
from yichuang.people.service import consenting as consenting
from yichuang.people.service import consents_in_force as consents_in_force
from yichuang.people.service import list_service_consents as list_service_consents
from yichuang.people.service import service_consent as service_consent
from yichuang.people.service import service_consent_of as service_consent_of
from yichuang.people.service import service_standing as service_standing
from yichuang.people.service import service_text as service_text
from yichuang.people.staff_book import list_staff as list_staff
from yichuang.people.staff_book import post_holders as post_holders
from yichuang.people.staff_book import second_holders as second_holders
from yichuang.people.staff_book import staff_figures as staff_figures
from yichuang.people.staff_book import staff_for as staff_for
from yichuang.people.staff_book import staff_names as staff_names
from yichuang.people.staff_book import staff_page as staff_page
from yichuang.people.staffing import get_staff as get_staff
from yichuang.people.staffing import languages_of_staff as languages_of_staff
from yichuang.people.staffing import list_at_place as list_at_place
from yichuang.people.staffing import list_at_post as list_at_post
from yichuang.people.staffing import list_covering as list_covering
from yichuang.people.staffing import names_of_staff as names_of_staff
from yichuang.people.standing import authority_ended as authority_ended
from yichuang.people.standing import can_sign_online as can_sign_online
from yichuang.people.standing import companies_of as companies_of
from yichuang.people.standing import representatives as representatives
from yichuang.people.standing import represented as represented
from yichuang.people.values import (
    FIELD_WORDS,
    ID_TYPES,
    PURPOSES,
    USCC,
    AuditedLook,
    DemoAccount,
    GrantView,
    LookRow,
    PartyRow,
)

R = TypeVar("R")
_SIGNED_OUT = Reason("SIGNED_OUT", W("请先登录；访问令牌无效或已过期", "Sign in first: this token is not valid"))


# ── parties ───────────────────────────────────────────────────────────────────────────────────────────────────────


@compiled
def _party(id: UUID) -> QuerySet[Party]:
    return _parties(Q(id=id)).order_by("id")[:1]


def foresee_party(id: UUID) -> None:
    """`get_party` will be asked for in this transaction (see `core.sql.ahead`)."""
    _party.ahead(id)


def get_party(id: UUID) -> PartyRow:
    """The party with its plain data; NotFound. The caller has asked who may, and records the look."""
    party = _party.first(id)
    if party is None:
        raise NotFound(W("当事人", "person or company"))
    return _party_row(party)


def list_parties(ids: Iterable[UUID]) -> dict[UUID, PartyRow]:
    """Several parties by id, in one statement."""
    return {party.id: _party_row(party) for party in _parties(Q(id__in=set(ids))).order_by("id")}


def find_party(id_type: str, id_no: str) -> PartyRow | None:
    """The party with this identity, however the number was spelled."""
    party = _parties(Q(id_type=id_type, id_index=id_index(id_type, id_no))).first()
    return _party_row(party) if party else None


def find_parties(id_no: str) -> tuple[PartyRow, ...]:
    """Everybody known under this number, whatever the document: for desks where the wrong one was chosen in the list."""
    indexes = [id_index(id_type, id_no) for id_type in ID_TYPES]
    return tuple(_party_row(party) for party in _parties(Q(id_index__in=indexes)).order_by("id"))


def list_demo_parties() -> tuple[PartyRow, ...]:
    """Everybody who was made up for the demo, in the order of their entry."""
    return tuple(_party_row(party) for party in Party.objects.filter(demo=True).order_by("id"))


def language_of(party: UUID | None) -> str:
    """The language in which to write to somebody: as they chose it on the pages, else Chinese."""
    found = Account.objects.filter(party=party).values_list("language", flat=True).first() if party else None
    return found or "zh-hans"


def _parties(which: Q) -> QuerySet[Party]:
    """The rows with the language of their accounts, in one statement."""
    return Party.objects.filter(which).annotate(language=F("account__language"))


def _party_row(party: Party) -> PartyRow:
    hidden = not party.name_masked.strip("*")  # a child under 14: nothing shows (个人信息保护法 art. 28)
    return PartyRow(
        id=party.id,
        kind="company" if party.kind == "company" else "person",
        name=party.name,
        name_masked=party.name_masked,
        id_type=party.id_type,
        id_no=party.id_no,
        id_masked=_masked_number(party, hidden),
        mobile=party.mobile,
        mobile_masked=mask_mobile(party.mobile) if party.mobile else "",
        address=party.address,
        address_masked="" if not party.address else "****" if hidden else mask_address(party.address),
        birth_date=date.fromisoformat(party.birth_date) if party.birth_date else None,
        demo=party.demo,
        language=getattr(party, "language", None) or "",  # annotated by `_parties`
        email=party.email,
        email_masked=mask_email(party.email) if party.email else "",
    )


def _masked_number(party: Party, hidden: bool) -> str:
    if party.id_type == USCC:  # credit codes are public
        return str(party.id_no)
    return "*" * len(party.id_no) if hidden else mask_id(party.id_no)


# ── who acts ──────────────────────────────────────────────────────────────────────────────────────────────────────


@compiled
def _open_account(account: UUID, day: date) -> QuerySet[Account, tuple[Any, ...]]:
    return held(Account.objects.filter(id=account, disabled_at__isnull=True), "", day).order_by("id")[:1]


@compiled
def _good_token(token_hash: str, at: datetime, day: date) -> QuerySet[Token, tuple[Any, ...]]:
    rows = Token.objects.filter(
        token_hash=token_hash, revoked_at__isnull=True, expires_at__gt=at, account__disabled_at__isnull=True
    )
    return held(rows, "account__", day).order_by("id")[:1]


@dataclass(frozen=True, slots=True)
class AccountRead:
    """What was read of an account, for `actor_for_account` of the same moment. None: there is no open one."""

    account: UUID
    day: date
    held: Held | None


def together_with_account(question: Compiled[..., R]) -> Callable[..., tuple[R | None, AccountRead | None]]:
    """`question` (of one row), and in the same statement what `actor_for_account` would ask: one exchange for both.

    The answer takes `(values, account, at=)`; nothing is known of the account where the question has no answer.
    """
    both = Beside(question, _open_account)

    def ask(values: Sequence[Any], account: UUID, *, at: datetime) -> tuple[R | None, AccountRead | None]:
        day = local_date(at)
        found, line = both(values, (account, day))
        return found, None if found is None else AccountRead(account, day, None if line is None else Held(*line))

    return ask


def actor_for_account(
    account_id: UUID,
    channel: Channel,
    place: UUID | None = None,
    window: str = "",
    device: str = "",
    locale: str = "zh-hans",
    *,
    at: datetime,
    stamp: str | None = None,
    read: AccountRead | None = None,
) -> Actor:
    """The actor of a signed-in account, with the powers of this very moment; one statement, none with what was `read`.

    Anonymous when the account is gone or closed, or when the session's `stamp` is older than its password and powers.
    A staff actor stands at `place` when one of its grants covers it, else at its own place.
    """
    day, known = local_date(at), None
    if read is not None and (read.account, read.day) == (account_id, day):
        known = read.held
    elif line := _open_account.first(account_id, day):
        known = Held(*line)
    actor = None
    if known is not None and stamp in {None, known.stamp()}:
        actor = actor_of(known, where(channel, place, window, device, locale))
    return actor or anonymous(channel=channel, device=device, locale=locale)


def actor_for_token(bearer: str, channel: Channel = Channel.API, locale: str = "zh-hans", *, at: datetime) -> Actor:
    """The actor of a bearer token; Refused `signed_out` (401) when it is unknown, expired, revoked or its account closed."""
    line = _good_token.first(bearer_hash(bearer), at, local_date(at))
    actor = actor_of(Held(*line), where(channel, locale=locale)) if line else None
    if actor is None:
        raise Refused(_SIGNED_OUT, kind="signed_out")
    return actor


def account_of(actor: Actor) -> UUID | None:
    """The account behind a person or a member of staff, for pages about the account itself."""
    if actor.id is None:
        return None
    if actor.kind == "staff":
        return Staff.objects.filter(id=actor.id).values_list("account_id", flat=True).first()
    if actor.kind == "person":
        return Account.objects.filter(party=actor.id).values_list("id", flat=True).first()
    return None


def phone_of(actor: Actor) -> str:
    """The masked number to which codes for this person go; "" without one."""
    found = Account.objects.filter(party=actor.id, disabled_at=None).first() if actor.kind == "person" else None
    return mask_mobile(found.phone) if found and found.phone else ""


def find_account(username: str) -> UUID | None:
    """The open account with this user name."""
    return (
        Account.objects.filter(username=normalise_username(username), disabled_at=None)
        .values_list("id", flat=True)
        .first()
    )


def list_grants(actor: Actor, staff: UUID) -> tuple[GrantView, ...]:
    """The roles that a member of staff holds or will hold; for the security administrator."""
    check_can_grant(actor)
    return tuple(
        GrantView(g.id, g.staff_id, g.role, g.place_id, g.department_id, g.valid_from, g.valid_to)
        for g in GrantRow.objects.filter(staff=staff, revoked_at=None).order_by("id")
    )


def administrators_exist() -> bool:
    """Whether somebody is one of the three administrators: then nobody else begins an installation."""
    return GrantRow.objects.filter(role__in=THREE_ADMINISTRATORS, revoked_at=None).exists()


# ── accounts that were seen ───────────────────────────────────────────────────────────────────────────────────────


def identity_seen(party: UUID) -> bool:
    """Whether the party's open account was opened against the document itself (证件当面核验): who only registered, with
    whatever number, was seen by nobody."""
    return _seen.first(party) is not None


@compiled
def _seen(party: UUID) -> QuerySet[Account, UUID]:
    rows = Account.objects.filter(party=party, disabled_at=None, identity_seen=True)
    return rows.order_by("id").values_list("id", flat=True)[:1]


def account_state(party: UUID) -> Literal["none", "open", "seen"]:
    """Whether a person has an open account, and whether it was opened, or confirmed, against their document."""
    seen = Account.objects.filter(party=party, disabled_at=None).values_list("identity_seen", flat=True).first()
    return "none" if seen is None else "seen" if seen else "open"


def foresee_seen(party: UUID) -> None:
    """`identity_seen` will be asked for in this transaction (see `core.sql.ahead`)."""
    _seen.ahead(party)


# ── who looked (谁看过我的数据) ─────────────────────────────────────────────────────────────────────────────────────

_SYSTEM_UNIT = W("系统自动比对", "Automatic comparison")


@compiled
def _looks(party: UUID) -> QuerySet[Look]:
    rows = Look.objects.select_related("viewer_staff", "viewer_party").filter(party=party).order_by("-at", "-id")
    return rows.defer("viewer_party__name", "viewer_party__id_no", "viewer_party__mobile", "viewer_party__address")[
        :100
    ]


def list_looks(party: UUID) -> tuple[LookRow, ...]:
    """Who looked at a party's data, the last hundred, newest first; for that person's own page."""
    looks = _looks(party)
    return tuple(
        LookRow(
            at=look.at,
            viewer=_viewer(look),
            unit=_unit(look),
            purpose=_purpose(look.purpose),
            fields=tuple(FIELD_WORDS.get(name, Words(name, name)) for name in look.fields),
            case_number=look.case_number,
            unmasked=look.unmasked,
            reason=look.reason,
        )
        for look in looks
    )


LOOKS_FOR = "SELECT count(*) FROM (SELECT FROM people_look WHERE party_id = $1 AND case_number = $2 LIMIT 1000) AS seen"


def count_looks(party: UUID, case_number: str) -> int:
    """How often somebody looked at a party's data for this case (1000 at most)."""
    found = sql.row(LOOKS_FOR, [party, case_number])
    return found[0] if found else 0


def _purpose(purpose: str) -> Words:
    return PURPOSES.get(purpose, Words(purpose, purpose))


def _viewer(look: Look) -> str:
    if look.viewer_staff is not None:
        return f"{mask_name(look.viewer_staff.name)}（{look.viewer_staff.staff_no}）"
    return look.viewer_party.name_masked if look.viewer_party else ""


def _unit(look: Look) -> Words:
    """Where the viewer worked: the department when there is one, else the place."""
    staff = look.viewer_staff
    if staff is not None and staff.department_id is not None:
        return get_department_by_id(staff.department_id).name
    if look.place_id is not None:
        return get_place_by_id(look.place_id).name
    if staff is not None:
        return W("政务服务机构", "Government service")
    return W("代理人", "Representative") if look.viewer_party else _SYSTEM_UNIT


def audit_looks(actor: Actor, *, limit: int = 50, cursor: str | None = None) -> Page[AuditedLook]:
    """Every look at anybody, newest first; for the security auditor. The reason stays sealed."""
    check_can_read_logs(actor)
    looks = Look.objects.select_related("viewer_staff", "viewer_party").defer("reason")
    if cursor:
        at, _, id = cursor.rpartition("~")
        looks = looks.filter(Q(at__lt=_moment(at)) | Q(at=_moment(at), id__lt=_uuid(id)))
    found = list(looks.order_by("-at", "-id")[: limit + 1])
    rows = tuple(
        AuditedLook(
            id=look.id,
            at=look.at,
            viewer_kind=look.viewer_kind,
            viewer_id=look.viewer_staff_id or look.viewer_party_id,
            viewer=_viewer(look),
            party=look.party_id,
            purpose=_purpose(look.purpose),
            fields=tuple(look.fields),
            case_number=look.case_number,
            unmasked=look.unmasked,
        )
        for look in found[:limit]
    )
    more = len(found) > limit
    return Page(rows, f"{rows[-1].at.isoformat()}~{rows[-1].id}" if more else None)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise bad_cursor() from None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise bad_cursor() from None


# ── the demo ──────────────────────────────────────────────────────────────────────────────────────────────────────


def list_demo_accounts() -> tuple[DemoAccount, ...]:
    """The synthetic accounts with their password, staff first; none outside a demo."""
    if not settings.YICHUANG_DEMO:
        return ()
    accounts = {
        account.username: account
        for account in Account.objects.select_related("staff")
        .filter(Q(staff__demo=True) | Q(party__demo=True), disabled_at=None)
        .order_by("username")
    }
    workers = [
        DemoAccount(w.username, demo.PASSWORD, accounts[w.username].phone, w.name, ROLE_WORDS[w.role], _seat(w), w.note)
        for w in demo.WORKERS
        if w.username in accounts
    ]
    citizens = [
        DemoAccount(c.username, demo.PASSWORD, accounts[c.username].phone, c.name, _CITIZEN, NO_WORDS, c.note)
        for c in demo.CITIZENS
        if c.username in accounts
    ]
    return tuple(workers + citizens)


_CITIZEN, NO_WORDS = W("个人用户", "Citizen"), W("", "")


def _seat(worker: demo.Worker) -> Words:
    if worker.place:
        return get_place(worker.place).name
    return get_department(worker.department).name if worker.department else NO_WORDS


def find_demo_account(name: str) -> UUID | None:
    """The account of a member of the cast by name (李娜) or user name (lina); None outside a demo."""
    return next((find_account(a.username) for a in list_demo_accounts() if name.strip() in {a.name, a.username}), None)


def find_demo_identity(username: str) -> tuple[str, str] | None:
    """Name and number on the card of a synthetic person, for who simulates a card; None outside a demo and for real ones."""
    if not settings.YICHUANG_DEMO:
        return None
    row = Party.objects.filter(account__username=username, demo=True).first()
    return (row.name, row.id_no) if row else None
