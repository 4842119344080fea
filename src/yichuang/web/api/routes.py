"""The API's address book: each operation by name with its audience; tokens only, never session cookies."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from yichuang.core import roles
from yichuang.core.actors import Channel
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.devices.permissions import SEES
from yichuang.feedback.permissions import SEE
from yichuang.visits.permissions import GUIDES, SERVES
from yichuang.web.api import (
    actions,
    administration,
    agents,
    archive,
    at_once,
    booking,
    booking_hall,
    certificates,
    checks,
    corrections,
    devices,
    drawn,
    editing,
    filings,
    forecast,
    hall,
    hall_load,
    halls_now,
    hands,
    hearings,
    helping,
    home_visits,
    hours,
    identity,
    inspections,
    items,
    keeping,
    loans,
    mine,
    organs,
    outbox,
    package_acts,
    packages,
    proceedings,
    qualifications,
    queue_settings,
    ratings,
    rechecks,
    registry,
    registry_keeping,
    rehearsals,
    remarks,
    rerouting,
    rule_sets,
    second,
    service,
    shelf,
    signing,
    sites,
    tasks,
    tenant_editing,
    tenant_hooks,
    tenant_keeping,
    tenant_parts,
    tenant_rows,
    tenant_runs,
    turns,
    watching,
)
from yichuang.web.api.bodies import CarefulParser
from yichuang.web.api.docs import docs_page
from yichuang.web.api.document import told
from yichuang.web.api.nodes import exchange, pair
from yichuang.web.api.receipts import receipts
from yichuang.webkit.problems import problem_json
from yichuang.webkit.routes import ACCOUNT, CLIENT, PUBLIC, Audience, Door, Mount, route, staff

DESCRIPTION = """Everything a portal, mini-program, kiosk or department system does with a case.

Send `Authorization: Bearer …` (`./run token NAME` prints one for a demo person). Every refusal is an RFC 9457 problem
document that names all reasons at once, in Chinese and English. Lists are read page by page with `cursor`.

Under `/tenant`: processes, decision tables, forms and data of other applications (租户), each by its own token and apart from all others."""
KINDS = {
    "missing": ("MISSING", W("缺少必填项", "This is required")),
    "extra_forbidden": ("UNKNOWN_FIELD", W("不认识的字段", "This field is not known")),
    "uuid_parsing": ("NOT_AN_ID", W("编号格式不正确", "This is not an id")),
    "string_too_long": ("TOO_LONG", W("内容过长", "This is too long")),
    "literal_error": ("NOT_IN_LIST", W("不在可选范围内", "This is not one of the choices")),
}
WRONG = ("WRONG_VALUE", W("填写的内容类型或范围不正确", "The type or range of this value is not right"))

ANY_ID = "01900000-0000-7000-8000-000000000000"


class Api(NinjaAPI):
    """The framework's API with our own document."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._documents: dict[str, OpenAPISchema] = {}

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Made once for each address it is served at, since routes stay as they are: anybody may ask for it, and making it
        keeps a processor busy for over a second. Whoever gets it must not change it."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        if prefix not in self._documents:
            document = super().get_openapi_schema(path_prefix=prefix)
            told(document, _is_open)
            self._documents[prefix] = document
        return self._documents[prefix]


def _is_open(path: str) -> bool:
    """Whether the guard of the address lets anybody in."""
    return getattr(resolve(re.sub(r"{\w+}", ANY_ID, path)).func, "audience", None) is PUBLIC


api = Api(
    title="yichuang 一窗",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api:v1",
    docs_url=None,
    openapi_url="/openapi.json",
    parser=CarefulParser(),
)
api.add_router("/items", items.router)
api.add_router("/packages", packages.router)
api.add_router("/package-filings", packages.filings)
api.add_router("/package-filings", package_acts.router)
api.add_router("/uploads", filings.uploads)
api.add_router("/cases", filings.router)
api.add_router("/cases/{number}/actions", actions.router)
api.add_router("/cases/{number}/actions", hearings.router)
api.add_router("/cases", hearings.told)
api.add_router("/notices", hearings.notices)
api.add_router("/cases/{number}/actions", turns.router)
api.add_router("/cases/{number}/actions", remarks.router)
api.add_router("/questions", turns.questions)
api.add_router("/rechecks", rechecks.router)
api.add_router("/cases/{number}/decision", at_once.router)
api.add_router("/cases/{number}/actions", corrections.asking)
api.add_router("/corrections", corrections.router)
api.add_router("/duty", turns.duty)
api.add_router("/help", helping.router)
api.add_router("/service-consents", service.router)
api.add_router("/documents", filings.papers)
api.add_router("/tasks", tasks.router)
api.add_router("/tasks", hands.router)
api.add_router("/administration", administration.router)
api.add_router("/administration", organs.router)
api.add_router("/administration", outbox.router)
api.add_router("/administration", shelf.router)
api.add_router("/administration", drawn.router)
api.add_router("/administration", second.router)
api.add_router("/administration", rerouting.router)
api.add_router("/administration", rule_sets.router)
api.add_router("/administration", rehearsals.router)
api.add_router("/administration", registry_keeping.router)
api.add_router("/administration", tenant_editing.router)
api.add_router("/administration", tenant_keeping.router)
api.add_router("/archive", archive.router)
api.add_router("/tasks", inspections.router)
api.add_router("/checks", checks.router)
api.add_router("/identity", identity.router)
api.add_router("/certificates", certificates.router)
api.add_router("/certificates", proceedings.router)
api.add_router("/verify", certificates.verifying)
api.add_router("/agents", agents.router)
api.add_router("/signings", signing.signings)
api.add_router("/signatures", signing.signatures)
api.add_router("/companies", mine.companies)
api.add_router("/looks", mine.looks)
api.add_router("/messages", mine.messages)
api.add_router("/progress", mine.progress)
api.add_router("/places", sites.places)
api.add_router("/lists", sites.lists)
api.add_router("/administration", sites.keeping)
api.add_router("/administration", editing.router)
api.add_router("/administration", keeping.router)
api.add_router("/supervision", watching.supervision)
api.add_router("/issued-certificates", watching.issued)
api.add_router("/registry", registry.router)
api.add_router("/items", halls_now.router)
api.add_router("/halls", hall.halls)
api.add_router("/halls", hall_load.router)
api.add_router("/halls", hours.router)
api.add_router("/halls", queue_settings.router)
api.add_router("/halls", forecast.router)
api.add_router("/halls", loans.router)
api.add_router("/halls", qualifications.router)
api.add_router("/administration", qualifications.asking)
api.add_router("/administration", devices.router)
api.add_router("/halls", booking.slots)
api.add_router("/halls", booking_hall.hall)
api.add_router("/bookings", booking.bookings)
api.add_router("/bookings", booking_hall.acts)
api.add_router("/bookings", home_visits.router)
api.add_router("/waiting-list", booking.waiting)
api.add_router("/tickets", hall.tickets)
api.add_router("/desk", hall.desk)
api.add_router("/ratings", ratings.router)
api.add_router("/rating-figures", ratings.figures)
api.add_router("/tenant", tenant_parts.router)
api.add_router("/tenant/tables", tenant_rows.router)
api.add_router("/tenant/hooks", tenant_hooks.router)
api.add_router("/tenant", tenant_runs.router)


@api.exception_handler(Refused)
def on_refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    """A room's refusal as problem document."""
    return problem_json(request, refused)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What the schema refuses: every fault at once, each with the place in the body."""
    return problem_json(request, Refused(*(_reason(fault) for fault in error.errors)))


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework itself refuses (a body that is no multipart form …), or our own refusal that it wrapped."""
    if isinstance(error.__cause__, Refused):
        return problem_json(request, error.__cause__)
    return problem_json(request, Refused(Reason("BAD_REQUEST", W("请求无法识别", "The request could not be read"))))


def _reason(fault: dict[str, Any]) -> Reason:
    code, words = KINDS.get(str(fault.get("type")), WRONG)
    place = [
        str(part) for part in fault.get("loc", ()) if part not in {"body", "query", "path", "header", "form", "file"}
    ]
    if place and place[0] == "body":
        place = place[1:]
    detail = str(fault.get("msg", ""))[:200]
    told = W(f"{words.zh}", f"{words.en} ({detail})")
    return Reason(code, told, "/" + "/".join(place[-6:]))


OPEN = (
    "openapi-json",
    "items",
    "item",
    "service_packages",
    "service_package",
    "requirements",
    "verify",
    "progress",
    "places",
    "place",
    "lists",
    "list",
    "api-root",
    "data_catalogue",
    *("hall_slots", "hall_board", "halls_now", "hall_hours", "hall_forecast"),
    *("my_ticket", "my_ticket_step", "my_ticket_leave"),  # who has the address of a ticket needs nothing else
    *("rating", "rate"),  # likewise; of staff the room refuses it
)
SIGNED = (
    "withdraw_fingerprint",
    *("file_package", "package_filings", "package_filing", "complete_package_item"),
    *("asked_package_item", "leave_package_item", "leave_package", "collect_package"),
    *("uploads", "cases", "case", "timeline", "clock", "process", "documents", "document", "certificate"),
    *("precheck", "accept", "accept_with_gaps", "notify_gaps", "refuse", "supplement", "withdraw", "terminate"),
    *("decision", "ask_person", "answer_person"),
    *("promise", "offer_promise", "sign_promise", "decline_promise", "identity_code", "identity_proof"),
    *(
        "suspend",
        "resume",
        "ask_extension",
        "extend",
        "decline_extension",
        "decide",
        "deliver",
        "exchange",
        "supply_link",
        "send_result",
        "receive_result",
    ),
    *("tasks", "task_claim", "task_return", "task_complete", "task_hands", "task_delegate", "task_take_back"),
    *("tell_interested", "statement", "call_hearing", "hold_hearing", "postpone_hearing", "close_hearing"),
    *("serve_notice", "answer_code", "told", "notices", "answer_notice", "duty", "set_duty"),
    *("inspect_arrange", "inspect_photo", "inspect_record", "inspect_sign"),
    *("checks", "check", "check_arrange", "check_photo", "check_record", "check_sign"),
    *("check_findings", "check_missed", "check_ended", "check_order"),
    *("task_countersign", "task_withdraw_question", "task_answer", "task_return_to"),
    *(
        "note_trip",
        "urge",
        "unmask",
        "archive",
        "package",
        "proceedings",
        "open_proceeding",
        "state_defence",
        "waive_defence",
    ),
    *("call_end_hearing", "record_end_hearing", "end_certificate", "drop_proceeding"),
    *("give_priority", "end_priority", "ask", "questions", "answer_question", "transfer"),
    *("ask_correction", "corrections", "make_correction", "decline_correction", "withdraw_correction"),
    *("service_consents", "give_service_consent", "withdraw_service_consent"),
    *("help", "ask_help", "help_one", "help_step", "shared_looks"),
    *("certificates", "agents", "give_authority", "end_authority", "companies", "looks", "inbox"),
    *("signings", "signing", "end_signing", "signatures", "signature", "sign", "refuse_to_sign"),
    *("pickup_code", "object_to_lapse", "repair_lapse", "issued_certificates"),
    *("archive_due", "archive_destroyed", "appraise", "answer_appraisal"),
    *("take_ticket", "ratings"),
    *("book", "my_bookings", "booking", "move_booking", "cancel_booking", "check_in"),
    *("join_waiting_list", "my_waits", "confirm_offer", "leave_waiting_list"),
)
OF_TENANTS = (  # other applications, each its own (docs/adr/0025); what a token may do, the room asks
    *(
        "tenant",
        "tenant_parts",
        "tenant_part",
        "tenant_publish",
        "tenant_check",
        "tenant_evaluate",
        "tenant_form_check",
    ),
    *("tenant_rows", "tenant_row", "tenant_row_change", "tenant_row_remove"),
    *(
        "tenant_runs",
        "tenant_run",
        "tenant_run_cancel",
        "tenant_run_move",
        "tenant_run_moving",
        "tenant_run_remove",
        "tenant_message",
        "tenant_signal",
    ),
    *("tenant_tasks", "tenant_task_claim", "tenant_task_return", "tenant_task_complete"),
    *("tenant_work", "tenant_work_answer", "tenant_work_fail"),
    *("tenant_hooks", "tenant_hook_ping", "tenant_hook_retry", "tenant_hook_remove"),
)
OF_WINDOWS = ("desk_open", "desk_next", "desk_step", "desk_finish", "desk_transfer", "desk_ticket")
KEPT_APART = {  # the console's acts: each its own administrator's (三员分立)
    "staff": staff(*roles.THREE_ADMINISTRATORS),
    "open_staff": staff(roles.SYSTEM_ADMIN),
    "grant_role": staff(roles.SECURITY_ADMIN),
    "special_day": staff(roles.SYSTEM_ADMIN, roles.HALL_MANAGER),
    "publish_item": staff(roles.ITEM_EDITOR),
    "withdraw_item": staff(roles.ITEM_EDITOR),
    **dict.fromkeys(("revoke_role", "assign_post", "end_post"), staff(roles.SECURITY_ADMIN)),
    **dict.fromkeys(
        ("departments", "save_department", "close_department", "reopen_department", "save_post", "assign_item"),
        staff(roles.SYSTEM_ADMIN),
    ),
    **dict.fromkeys(("seat_staff", "close_staff", "reopen_staff", "save_place"), staff(roles.SYSTEM_ADMIN)),
    "renew_staff_password": staff(*roles.THREE_ADMINISTRATORS),
    **dict.fromkeys(("ledger", "check_ledger"), staff(roles.SYSTEM_ADMIN, roles.SECURITY_AUDITOR)),
    **dict.fromkeys(("shelf", "shelf_item", "spoken_words", "searches"), staff(roles.ITEM_EDITOR)),
    **dict.fromkeys(("rating_figures", "rating_words"), staff(*SEE)),
    "supervision": staff(roles.SUPERVISOR, roles.HALL_MANAGER, roles.REVIEWER, roles.CHIEF_REPRESENTATIVE),
    **dict.fromkeys(("calendar", "calendar_day", "confirm_year", "resend"), staff(roles.SYSTEM_ADMIN)),
    "posts": staff(*roles.THREE_ADMINISTRATORS),
    **dict.fromkeys(
        ("proposals", "proposal", "confirm_proposal", "decline_proposal", "withdraw_proposal"),
        staff(*roles.THREE_ADMINISTRATORS, roles.ITEM_EDITOR, roles.CHIEF_REPRESENTATIVE, roles.REVIEWER),
    ),
    **dict.fromkeys(
        (
            "rule_sets",
            "rule_set",
            "rule_set_cases",
            "let_rule_set",
            "begin_rule_set_anew",
            "switch_rule_set_off",
            "compare_rule_set",
            "rule_set_percent",
        ),
        staff(roles.ITEM_EDITOR, roles.CHIEF_REPRESENTATIVE, roles.REVIEWER, roles.SUPERVISOR),
    ),
    "rechecks": staff(roles.REVIEWER, roles.SUPERVISOR, roles.CHIEF_REPRESENTATIVE),
    **dict.fromkeys(("recheck", "answer_recheck", "unmask_recheck"), staff(roles.REVIEWER)),
    "registry_sources": staff(roles.SYSTEM_ADMIN, roles.ITEM_EDITOR),
    **dict.fromkeys(
        (
            "tenant_definitions",
            "tenant_definition",
            "check_tenant_definition",
            "try_tenant_decision",
            "publish_tenant_definition",
            *("kept_tenants", "kept_tenant", "change_tenant", "suspend_tenant", "resume_tenant", "delete_tenant"),
            *("make_tenant_token", "rotate_tenant_token", "revoke_tenant_token"),
        ),
        staff(roles.SYSTEM_ADMIN),
    ),
    "assignments": staff(roles.SYSTEM_ADMIN, roles.ITEM_EDITOR),
    **dict.fromkeys(("windows", "save_window", "clear_day"), staff(roles.SYSTEM_ADMIN, roles.HALL_MANAGER)),
    **dict.fromkeys(
        ("queue_settings", "save_queue", "start_queues", "retire_queue"), staff(roles.SYSTEM_ADMIN, roles.HALL_MANAGER)
    ),
    "authorisations": staff(roles.CHIEF_REPRESENTATIVE, roles.HALL_MANAGER, roles.SYSTEM_ADMIN),
    **dict.fromkeys(("grant_authorisation", "end_authorisation"), staff(roles.CHIEF_REPRESENTATIVE)),
    **dict.fromkeys(("messages", "templates"), staff(roles.SYSTEM_ADMIN, roles.SECURITY_AUDITOR)),
    **dict.fromkeys(
        (
            "workbook",
            "preview_workbook",
            "import_workbook",
            "discard_draft",
            "publish_lists",
            "open_cases",
            "move_cases",
            *("rerouting", "try_rerouting"),
            "check_process",
            "check_decision",
            "try_decision",
            "check_routing",
            "try_routing",
            "drawn_file",
            *("rehearsals", "rehearsal", "rehearsal_file"),
            *("registry_holdings", "retire_registry_source", "registry_batches", "registry_batch"),
            *("load_registry_batch", "registry_contradictions", "settle_contradiction"),
        ),
        staff(roles.ITEM_EDITOR),
    ),
}
AUDIENCES: dict[str, Audience] = {
    **dict.fromkeys(OPEN, PUBLIC),
    **dict.fromkeys(SIGNED, ACCOUNT),
    **dict.fromkeys(OF_TENANTS, CLIENT),
    **KEPT_APART,
    **dict.fromkeys(OF_WINDOWS, staff(*SERVES)),
    **dict.fromkeys(("find_signatures", "sign_at_counter"), staff(roles.INTAKE_CLERK, roles.COMMUNITY_WORKER)),
    **dict.fromkeys(("desk", "hall_bookings", "carry_out_booking", "miss_booking"), staff(*GUIDES)),
    **dict.fromkeys(("loans", "lend", "end_loan"), staff(*GUIDES)),
    **dict.fromkeys(("asking_items", "ask_qualification", "lift_qualification"), staff(roles.ITEM_EDITOR)),
    **dict.fromkeys(("devices", "add_device", "device_code", "revoke_device"), staff(*SEES)),
    **dict.fromkeys(
        ("home_visit", "home_photos", "take_original", "return_original", "answer_fingerprint"), staff(*GUIDES)
    ),
    **dict.fromkeys(
        (
            "booking_plan",
            "set_booking_rules",
            "set_group_plan",
            "publish_slots",
            "assign_helper",
            "excuse_booking",
            "cancel_booking_day",
            *("hall_load", "window_step", "window_seat", "window_hand_over", "window_queues", "item_queue"),
            *("extend_hours", "end_extended_hours", "open_longer", "until_last"),
            *("set_loan_item", "qualifications", "grant_qualification", "withdraw_qualification"),
        ),
        staff(roles.HALL_MANAGER),
    ),
}
_patterns, _app_name, _ = api.urls
DOOR = Door(
    name="api",
    prefix="api/v1/",
    channel=Channel.API,
    routes=(
        route("docs", docs_page(api), name="docs", audience=PUBLIC),
        route("nodes/pair", pair, name="node_pair", audience=PUBLIC, methods=("POST",)),
        route("nodes/<uuid:node>/exchange", exchange, name="node_exchange", audience=PUBLIC, methods=("POST",)),
        route("receipts/<str:sender>", receipts, name="receipts", audience=PUBLIC, methods=("POST",)),
    ),
    mounts=(Mount("", _patterns, _app_name, "v1", AUDIENCES, frozenset({"openapi-json", "api-root"})),),
)
