"""The console's address book. Each of the three administrators (三员) has pages that the others do not open."""

from yichuang.core.actors import Channel
from yichuang.core.roles import (
    ADMINISTERS,
    CHIEF_REPRESENTATIVE,
    DEVICE_KEEPER,
    HALL_MANAGER,
    ITEM_EDITOR,
    REVIEWER,
    SECURITY_ADMIN,
    SECURITY_AUDITOR,
    SUPERVISOR,
    SYSTEM_ADMIN,
    THREE_ADMINISTRATORS,
)
from yichuang.web.console import (
    assignments,
    authorisations,
    departments,
    devices,
    drawn,
    home,
    items,
    lists,
    moving,
    nodes,
    packages,
    people,
    places,
    qualifications,
    queues,
    records,
    registry,
    rehearsals,
    rerouting,
    routing,
    rulesets,
    second,
    tenant_parts,
    tenants,
    workbooks,
    year,
)
from yichuang.webkit.routes import Door, route, staff

SECONDS = staff(*THREE_ADMINISTRATORS, ITEM_EDITOR, CHIEF_REPRESENTATIVE, REVIEWER)  # whose acts need a second person
RULES = staff(ITEM_EDITOR, CHIEF_REPRESENTATIVE, REVIEWER, SUPERVISOR)  # who answers for rule sets, or writes them
EVERYBODY = staff(*ADMINISTERS)
THREE = staff(*THREE_ADMINISTRATORS)
SYSTEM, SECURITY = staff(SYSTEM_ADMIN), staff(SECURITY_ADMIN)
EDITORS = staff(ITEM_EDITOR)
KEEPERS = staff(SYSTEM_ADMIN, HALL_MANAGER)
WATCHERS = staff(SYSTEM_ADMIN, SECURITY_AUDITOR)
ASSIGN = staff(SYSTEM_ADMIN, ITEM_EDITOR)
AUTHORISE = staff(CHIEF_REPRESENTATIVE, HALL_MANAGER, SYSTEM_ADMIN)
QUALIFY = staff(HALL_MANAGER, ITEM_EDITOR)  # who qualifies the clerks of a hall, and says which items ask for it
MACHINES = staff(SYSTEM_ADMIN, DEVICE_KEEPER, HALL_MANAGER)  # a manager sees how those of the hall are
BOTH = ("GET", "POST")

DOOR = Door(
    name="console",
    prefix="console/",
    channel=Channel.COUNTER,
    routes=(
        route("", home.home, name="home", audience=EVERYBODY),
        route("staff/", people.staff_list, name="staff", audience=THREE),
        route("staff/new/", people.open_account, name="staff-new", audience=SYSTEM, methods=BOTH),
        route("staff/<uuid:staff>/", people.member, name="member", audience=THREE),
        route("staff/<uuid:staff>/account/", people.account, name="member-account", audience=SYSTEM, methods=BOTH),
        route("staff/<uuid:staff>/password/", people.password, name="member-password", audience=THREE, methods=BOTH),
        route("staff/<uuid:staff>/powers/", people.powers, name="member-powers", audience=SECURITY, methods=BOTH),
        route("places/", places.place_list, name="places", audience=KEEPERS),
        route("places/new/", places.new_place, name="place-new", audience=SYSTEM, methods=BOTH),
        route("places/<str:code>/", places.place, name="place", audience=KEEPERS, methods=BOTH),
        route("places/<str:code>/queues/", queues.queues, name="queues", audience=KEEPERS, methods=BOTH),
        route("nodes/", nodes.nodes, name="nodes", audience=staff(HALL_MANAGER), methods=BOTH),
        route("devices/", devices.place_list, name="devices", audience=MACHINES),
        route("devices/<str:code>/", devices.of_place, name="devices-of", audience=MACHINES, methods=BOTH),
        route("departments/", departments.department_list, name="departments", audience=SYSTEM),
        route("departments/new/", departments.new_department, name="department-new", audience=SYSTEM, methods=BOTH),
        route("departments/<str:code>/", departments.department, name="department", audience=SYSTEM, methods=BOTH),
        route("tenants/", tenants.tenant_list, name="tenants", audience=SYSTEM),
        route("tenants/new/", tenants.new_tenant, name="tenant-new", audience=SYSTEM, methods=BOTH),
        route("tenants/<str:code>/", tenants.tenant, name="tenant", audience=SYSTEM, methods=BOTH),
        route(
            "tenants/<str:code>/<str:kind>/<str:part>/",
            tenant_parts.tenant_part,
            name="tenant-part",
            audience=SYSTEM,
            methods=BOTH,
        ),
        route(
            "tenants/<str:code>/<str:kind>/<str:part>/file",
            tenant_parts.tenant_part_file,
            name="tenant-part-file",
            audience=SYSTEM,
        ),
        route(
            "tenants/<str:code>/<str:kind>/<str:part>/check",
            tenant_parts.tenant_part_check,
            name="tenant-part-check",
            audience=SYSTEM,
            methods=("POST",),
        ),
        route(
            "tenants/<str:code>/<str:kind>/<str:part>/try",
            tenant_parts.tenant_part_try,
            name="tenant-part-try",
            audience=SYSTEM,
            methods=("POST",),
        ),
        route("posts/", departments.post_list, name="posts", audience=THREE),
        route("assignments/", assignments.assignments, name="assignments", audience=ASSIGN, methods=BOTH),
        route(
            "authorisations/", authorisations.authorisations, name="authorisations", audience=AUTHORISE, methods=BOTH
        ),
        route("qualifications/", qualifications.qualifications, name="qualifications", audience=QUALIFY, methods=BOTH),
        route("second/", second.listed, name="second", audience=SECONDS),
        route("second/ask/", second.ask, name="second-ask", audience=SECONDS, methods=BOTH),
        route("second/<uuid:proposal>/", second.one, name="second-one", audience=SECONDS, methods=BOTH),
        route("calendar/", year.year, name="calendar", audience=SYSTEM, methods=BOTH),
        route("messages/", records.message_log, name="messages", audience=WATCHERS, methods=BOTH),
        route("ledger/", records.ledger_page, name="ledger", audience=WATCHERS, methods=BOTH),
        route("items/", items.shelf, name="items", audience=EDITORS),
        route("items/<str:code>/", items.item, name="item", audience=EDITORS, methods=BOTH),
        route("packages/", packages.shelf, name="packages", audience=EDITORS),
        route("packages/<str:code>/", packages.package, name="package", audience=EDITORS, methods=BOTH),
        route("items/<str:code>/moving/", moving.moving, name="moving", audience=EDITORS, methods=BOTH),
        route("items/<str:code>/process/", rerouting.rerouting, name="rerouting", audience=EDITORS, methods=BOTH),
        route("items/<str:code>/flow/", drawn.process, name="item-process", audience=EDITORS, methods=BOTH),
        route("items/<str:code>/flow/file", drawn.process_file, name="item-process-file", audience=EDITORS),
        route(
            "items/<str:code>/flow/check",
            drawn.process_check,
            name="item-process-check",
            audience=EDITORS,
            methods=("POST",),
        ),
        route("items/<str:code>/decision/", drawn.decision, name="item-decision", audience=EDITORS, methods=BOTH),
        route("items/<str:code>/decision/file", drawn.decision_file, name="item-decision-file", audience=EDITORS),
        route(
            "items/<str:code>/decision/check",
            drawn.decision_check,
            name="item-decision-check",
            audience=EDITORS,
            methods=("POST",),
        ),
        route(
            "items/<str:code>/decision/try",
            drawn.decision_try,
            name="item-decision-try",
            audience=EDITORS,
            methods=("POST",),
        ),
        route("items/<str:code>/routing/", routing.routing, name="item-routing", audience=EDITORS, methods=BOTH),
        route("items/<str:code>/routing/file", routing.routing_file, name="item-routing-file", audience=EDITORS),
        route(
            "items/<str:code>/routing/check",
            routing.routing_check,
            name="item-routing-check",
            audience=EDITORS,
            methods=("POST",),
        ),
        route(
            "items/<str:code>/routing/try",
            routing.routing_try,
            name="item-routing-try",
            audience=EDITORS,
            methods=("POST",),
        ),
        route("rulesets/", rulesets.rule_sets, name="rulesets", audience=RULES),
        route("rulesets/<str:code>/", rulesets.rule_set, name="rule-set", audience=RULES, methods=BOTH),
        route(
            "rulesets/<str:code>/rehearsals/",
            rehearsals.rehearsals,
            name="rehearsals",
            audience=EDITORS,
            methods=BOTH,
        ),
        route(
            "rulesets/<str:code>/rehearsals/<uuid:rehearsal>/",
            rehearsals.rehearsal,
            name="rehearsal",
            audience=EDITORS,
        ),
        route(
            "rulesets/<str:code>/rehearsals/<uuid:rehearsal>/file",
            rehearsals.export,
            name="rehearsal-file",
            audience=EDITORS,
        ),
        route("workbooks/", workbooks.workbooks, name="workbooks", audience=EDITORS, methods=BOTH),
        route("workbooks/export", workbooks.export, name="workbook", audience=EDITORS),
        route("lists/", lists.lists, name="lists", audience=EDITORS, methods=BOTH),
        route("registry/", registry.overview, name="registry", audience=ASSIGN),
        route("registry/batches/", registry.batches, name="registry-batches", audience=EDITORS, methods=BOTH),
        route("registry/batches/<uuid:batch>/", registry.batch, name="registry-batch", audience=EDITORS),
        route(
            "registry/contradictions/",
            registry.contradictions,
            name="registry-contradictions",
            audience=EDITORS,
            methods=BOTH,
        ),
        route("searches/", items.searches, name="searches", audience=EDITORS, methods=BOTH),
    ),
)
