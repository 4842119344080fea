"""What is held to its mutation score (`tests/mutants.py`): which tests must notice changes of which modules, and how many."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A module, the tests that must notice a change in it, and the share of changes they must notice."""

    module: str
    tests: tuple[str, ...]
    least: float


_FEEL = tuple(
    f"engine/test_{name}.py"
    for name in (
        "feel_edges",
        "feel_corners",
        "feel_limits",
        "feel_conditions",
        "feel_values",
        "feel_readings",
        "decision_feel",
        "decision_edge",
    )
)
_DMN = (
    *(f"engine/test_decision_{name}.py" for name in ("axes", "corners", "models", "check", "edge")),
    *(f"engine/test_decision_{name}.py" for name in ("files", "standard", "guarded", "bench")),
    "engine/test_editing.py",
    "engine/test_tried_values.py",
)
TARGETS = {
    "acceptance": Target(
        "yichuang.cases.rules.acceptance", ("cases/test_acceptance_rules.py", "cases/test_law_vectors.py"), 0.85
    ),
    "clock": Target(
        "yichuang.cases.rules.clock",
        ("cases/test_clock_edges.py", "cases/test_clock_rules.py", "cases/test_law_vectors.py"),
        0.85,
    ),
    "workdays": Target("yichuang.core.workdays", ("core/test_workdays.py",), 0.85),
    "states": Target("yichuang.cases.states", ("cases/test_states.py",), 0.85),
    "trips": Target("yichuang.cases.rules.trips", ("cases/test_trip_rules.py",), 0.85),
    **{
        name: Target(f"yichuang.cases.rules.{name}", ("cases/test_rules_at_the_edges.py",), 0.85)
        for name in ("hearing", "inspection", "answer", "ending")
    },
    **{
        name: Target(f"yichuang.cases.rules.{name}", ("cases/test_rules_of_what_follows.py",), 0.85)
        for name in ("follow", "moving", "escalation", "priority", "sentences")
    },
    **{
        name: Target(f"yichuang.cases.rules.{name}", ("cases/test_rules_of_turns.py",), 0.85)
        for name in ("transfer", "help", "duty", "service")
    },
    "correction": Target(
        "yichuang.cases.rules.correction", ("cases/test_rules_of_turns.py", "cases/test_rules_of_slips.py"), 0.85
    ),
    **{
        name: Target(f"yichuang.cases.rules.{name}", ("cases/test_rules_at_once.py",), 0.85)
        for name in ("instant", "rehearsal")
    },
    "signing": Target("yichuang.cases.rules.signing", ("cases/test_rules_of_signing.py",), 0.85),
    "held": Target("yichuang.cases.rules.held", ("cases/test_rules_of_what_is_held.py",), 0.85),
    "commitment": Target("yichuang.cases.rules.commitment", ("cases/test_rules_of_commitments.py",), 0.85),
    "rulesets": Target("yichuang.cases.rules.rulesets", ("cases/test_rule_set_rules.py",), 0.85),
    "checksums": Target("yichuang.core.identifiers.checksums", ("core/test_checksums.py",), 0.85),
    "persons": Target("yichuang.core.identifiers.persons", ("core/test_identifiers.py",), 0.85),
    "organisations": Target("yichuang.core.identifiers.organisations", ("core/test_identifiers.py",), 0.85),
    "records": Target("yichuang.core.identifiers.records", ("core/test_identifiers.py",), 0.85),
    "masks": Target("yichuang.core.masks", ("core/test_basics.py",), 0.85),
    "items": Target(
        "yichuang.catalog.rules",
        ("catalog/test_catalog_rules.py", "catalog/test_requirements_at_the_edges.py"),
        0.85,
    ),
    "business-names": Target("yichuang.catalog.business_names", ("catalog/test_business_names.py",), 0.85),
    "foresight": Target("yichuang.catalog.foresight", ("catalog/test_foresight.py",), 0.85),
    "decisions": Target("yichuang.catalog.decisions", ("catalog/test_decision_rules.py",), 0.85),
    "people": Target("yichuang.people.rules", ("people/test_people_rules.py",), 0.85),
    "engine": Target("yichuang.engine.rules", ("engine/test_task_rules.py",), 0.85),
    "process": Target("yichuang.engine.bpmn.run", ("engine/test_process_run.py", "engine/test_process_whole.py"), 0.85),
    **{
        f"process-{name}": Target(f"yichuang.engine.bpmn.{name}", tuple(f"engine/test_{one}.py" for one in tests), 0.85)
        for name, tests in (
            ("play", ("process_play", "process_whole")),
            ("back", ("process_play", "process_ways")),
            ("timers", ("timer_rules",)),
            ("versions", ("version_plans",)),
        )
    },
    "time": Target("yichuang.core.clock", ("core/test_basics.py",), 0.85),
    "network": Target("yichuang.network.rules", ("network/test_rules.py",), 0.85),
    "tenants": Target("yichuang.tenants.rules", ("tenants/test_rules.py", "tenants/test_range_rules.py"), 0.85),
    "tenants-ranges": Target("yichuang.tenants.ranges", ("tenants/test_range_rules.py",), 0.85),
    "validity": Target("yichuang.registry.rules.certificates", ("registry/test_validity.py",), 0.85),
    "issuing": Target("yichuang.issuing.rules", ("issuing/test_issuing_rules.py",), 0.85),
    "notices": Target("yichuang.notices.rules", ("notices/test_next_step.py", "notices/test_notice_texts.py"), 0.85),
    "actors": Target("yichuang.core.actors", ("security/test_permissions_of_rooms.py",), 0.95),
    **{
        f"{room}-permissions": Target(f"yichuang.{room}.permissions", ("security/test_permissions_of_rooms.py",), 0.95)
        for room in ("people", "network", "issuing", "notices", "catalog")
    },
    **{
        f"{room}-permissions": Target(
            f"yichuang.{room}.permissions", ("security/test_permissions_of_shared_rooms.py",), 0.95
        )
        for room in ("registry", "bundles", "tenants")
    },
    "devices": Target("yichuang.devices.rules", ("devices/test_rules_of_devices.py",), 0.85),
    "devices-permissions": Target("yichuang.devices.permissions", ("devices/test_rules_of_devices.py",), 0.95),
    "feedback": Target("yichuang.feedback.rules", ("feedback/test_rules_of_feedback.py",), 0.85),
    "feedback-permissions": Target("yichuang.feedback.permissions", ("feedback/test_rules_of_feedback.py",), 0.95),
    "visits-permissions": Target("yichuang.visits.permissions", ("visits/test_permissions_of_visits.py",), 0.95),
    **{
        name: Target(f"yichuang.visits.{path}", tuple(f"visits/test_{one}.py" for one in tests), 0.85)
        for name, path, tests in (
            ("booking", "rules.booking", ("booking_rules",)),
            ("appointment-states", "booking_states", ("booking_rules", "ticket_states")),
            ("ticket-states", "states", ("ticket_states",)),
            ("day-book", "rules.book", ("book",)),
            ("order", "rules.order", ("waiting_rules",)),
            ("routing", "rules.queues", ("hall_rules",)),
            ("qualified", "rules.qualified", ("hall_rules",)),
            ("dispatch", "rules.plan", ("hall_rules",)),
            ("window-display", "rules.display", ("hall_rules",)),
            ("longer-hours", "rules.hours", ("hall_rules",)),
            ("node-journal", "rules.journal", ("journal_rules",)),
        )
    },
    "calling": Target("yichuang.visits.rules.calling", ("visits/test_calling_rules.py",), 0.85),
    "watch": Target("yichuang.visits.rules.watch", ("visits/test_watch_rules.py",), 0.85),
    "waiting": Target("yichuang.visits.rules.waiting", ("visits/test_waiting_rules.py",), 0.85),
    **{
        f"forecast-{name}": Target(
            f"yichuang.insight.rules.{name}", tuple(f"insight/test_{one}.py" for one in tests), 0.85
        )
        for name, tests in (
            ("scores", ("scores", "backtest")),
            ("line", ("line_rules", "backtest")),
            ("hours", ("hours_rules",)),
            ("hits", ("scores",)),
            ("backtest", ("backtest",)),
        )
    },
    "bundles-refusal": Target("yichuang.bundles.rules.refusal", ("bundles/test_refusal_rules.py",), 0.85),
    "bundles-clock": Target("yichuang.bundles.rules.clock", ("bundles/test_clock_rules.py",), 0.85),
    **{
        f"bundles-{name}": Target(
            f"yichuang.bundles.rules.{name}", ("bundles/test_package_rules.py", "bundles/test_form_rules.py"), 0.85
        )
        for name in ("form", "demands", "package", "delivery", "compare")
    },
    **{
        f"registry-{name}": Target(
            f"yichuang.registry.rules.{name}", tuple(f"registry/test_{one}.py" for one in tests), 0.85
        )
        for name, tests in (
            ("keys", ("key_rules",)),
            ("sources", ("source_rules",)),
            ("addresses", ("address_rules", "comparing")),
            ("names", ("row_rules", "comparing")),
            ("comparing", ("row_rules", "comparing")),
            ("coding", ("row_rules", "comparing")),
            ("quality", ("row_rules",)),
        )
    },
    "trust": Target("yichuang.registry.rules.trust", ("registry/test_comparing.py",), 0.85),
    **{
        f"feel-{name}": Target(f"yichuang.engine.feel.{path}", _FEEL, 0.85)
        for name, path in (
            ("wide", "wide"),
            ("decide", "decide"),
            ("patterns", "patterns"),
            ("sums", "sums"),
            ("times", "times"),
            ("types", "types"),
            ("infer", "infer"),
            ("lists", "library.lists"),
            ("texts", "library.texts"),
            ("ranges", "library.ranges"),
        )
    },
    **{
        f"dmn-{name}": Target(f"yichuang.engine.dmn.{name}", _DMN, 0.85)
        for name in ("axes", "guard", "edge", "gaps", "check", "tables", "decision", "compile", "kinds", "read")
    },
    "permissions": Target(
        "yichuang.cases.permissions", ("cases/test_permissions.py", "cases/test_permissions_of_rule_sets.py"), 0.95
    ),
}


@dataclass(frozen=True)
class Whole:
    """Many modules of which changes are drawn, the tests that must notice them, and the share they must notice."""

    modules: str
    tests: tuple[str, ...]
    least: float


_PROCESS = (
    "process_run",
    "process_play",
    "process_whole",
    "process_check",
    "process_read",
    "process_elements",
    "process_ways",
    "timer_rules",
    "version_plans",
    "drawing",
    "drawn_as_before",
    "editing",
    "survey",
)
WHOLES = {
    "feel": Whole(
        "yichuang/engine/feel/**/*.py", ("engine/test_feel.py", "engine/test_feel_properties.py", *_FEEL), 0.85
    ),
    "dmn": Whole("yichuang/engine/dmn/*.py", _DMN, 0.85),
    "bpmn": Whole("yichuang/engine/bpmn/*.py", tuple(f"engine/test_{name}.py" for name in _PROCESS), 0.85),
}
