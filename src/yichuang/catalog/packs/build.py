"""From the documents of a folder to one frozen `Pack`. The documents have passed their schemas before."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from yichuang.catalog.packs.decision import YAML as DECISION
from yichuang.catalog.packs.decision import DecisionBuilder
from yichuang.catalog.packs.documents import Document
from yichuang.catalog.packs.examples import build_examples
from yichuang.catalog.packs.names import Compiler, known_names
from yichuang.catalog.packs.route import read_routes
from yichuang.catalog.packs.shapes import shape_of_pack
from yichuang.catalog.values import (
    AgainSpec,
    Commitment,
    Condition,
    Contacts,
    DecisionSpec,
    EndedCertificate,
    Example,
    Extension,
    FactSpec,
    Faq,
    Fee,
    Fees,
    FileRule,
    FlowStep,
    FollowUp,
    FormRule,
    Handover,
    HeldSpec,
    LegalBasis,
    Limit,
    LimitVariant,
    Mark,
    Material,
    Option,
    Pack,
    PackFault,
    Question,
    ResultField,
    ResultSpec,
    Scope,
    SignerSpec,
    SigningSpec,
    SourceNote,
    SpecialProcedure,
    TaskType,
    Validity,
    Visits,
)
from yichuang.core.words import Words
from yichuang.engine.values import Expression
from yichuang.registry.values import Base, Trust

Data = Mapping[str, Any]


def words(data: Data) -> Words:
    return Words(str(data["zh"]), str(data["en"]))


def maybe(data: Data | None) -> Words | None:
    return None if data is None else words(data)


def limit(data: Data) -> Limit:
    return Limit(data["amount"], data["unit"], data.get("basis", ""), data.get("source", ""), maybe(data.get("note")))


def _files(data: Data) -> FileRule:
    kinds = tuple(data.get("kinds", FileRule().kinds))
    return FileRule(kinds, data.get("least", 1), data.get("most", 5), data.get("max_mb", 20))


def _again(data: Data | None) -> AgainSpec | None:
    return None if data is None else AgainSpec(data["days"], Trust(data["trust"]), data["source"])


def visible_conditions(schema: Data, pointer: str = "") -> Iterator[tuple[str, str]]:
    """(pointer into the form, FEEL) of each property with an x-when, whether its own or its group's."""
    groups = {group["id"]: group["when"] for group in schema.get("x-groups", ()) if "when" in group}
    for name, child in schema.get("properties", {}).items():
        here = f"{pointer}/{name}"
        own = child.get("x-when")
        by_group = groups.get(child.get("x-group"))
        if own and by_group:
            yield here, f"({by_group}) and ({own})"
        elif single := own or by_group:
            yield here, str(single)
        yield from visible_conditions(child, here)


class Builder:
    """Builds each part of the pack; conditions that cannot be read land in `faults`."""

    def __init__(
        self,
        documents: Mapping[str, Document],
        process: bytes,
        digest: str,
        table: bytes | None = None,
        route: bytes | None = None,
    ) -> None:
        self.item, self.form = documents["item.yaml"], documents["form.json"]
        self.situations = documents["situations.yaml"]
        self.materials, self.result = documents["materials.yaml"], documents["result.yaml"]
        self.faqs, self.decision = documents["faqs.yaml"], documents.get(DECISION)
        self.table, self.route = table, route
        self.example_documents = [d for name, d in sorted(documents.items()) if name.startswith("examples/")]
        self.process, self.digest = process, digest
        self.faults: list[PackFault] = []
        questions = [question["id"] for question in self.situations.data["questions"]]
        facts = [fact["name"] for fact in self.item.data.get("facts", ())]
        self.known = known_names(questions, self.form.data, facts)
        self.compile = Compiler(self.known, self.faults)
        self.ask = Compiler(known_names(questions, {}, ()), self.faults)

    def pack(self) -> Pack:
        """The whole pack. Only meaningful when `faults` stays empty."""
        data = self.item.data
        kind, codes, organ, who = data["kind"], data["codes"], data["organ"], data["audience"]
        handling, limits = data["handling"], data["limits"]
        facts, examples = tuple(self._facts()), tuple(build_examples(self.example_documents, self.faults))
        return Pack(
            code=data["code"],
            version=data["version"],
            area=data["area"],
            name=words(data["name"]),
            summary=words(data["summary"]),
            spoken=tuple(data["spoken"]["zh"]),
            spoken_en=tuple(data["spoken"]["en"]),
            kind=TaskType(kind["type"]),
            kind_source=kind["source"],
            base_code=codes["base"],
            task_code=codes.get("task", ""),
            handle_code=codes.get("handle", ""),
            department=organ["department"],
            level=organ["level"],
            power_source=organ["power_source"],
            audience=tuple(who["who"]),
            themes=tuple(words(theme) for theme in who["themes"]),
            theme_targets=tuple(theme.get("for", "") for theme in who["themes"]),
            life_events=tuple(words(event) for event in who["life_events"]),
            instant=handling["instant"],
            ways=tuple(handling["ways"]),
            online_depth=handling["online_depth"],
            visits=Visits(
                handling["visits"]["count"], maybe(handling["visits"].get("reason")), handling["visits"]["source"]
            ),
            express=handling["express"],
            kiosk=handling["kiosk"],
            marks=tuple(Mark(mark) for mark in handling["marks"]),
            scope=Scope(handling["scope"]["area"], words(handling["scope"]["note"]), handling["scope"]["source"]),
            legal_limit=limit(limits["legal"]),
            promise_limit=limit(limits["promise"]),
            limit_variants=tuple(self._variants(limits.get("variants", ()))),
            extension=self._extension(limits.get("extension")),
            special_procedures=tuple(
                SpecialProcedure(s["ground"], words(s["name"]), limit(s["limit"]), s["basis"], s["source"])
                for s in limits.get("special_procedures", ())
            ),
            fees=self._fees(data["fees"]),
            legal_basis=tuple(LegalBasis(**(law | {"text": words(law["text"])})) for law in data["legal_basis"]),
            conditions=tuple(self._conditions(data["conditions"])),
            facts=facts,
            questions=tuple(self._questions()),
            materials=tuple(self._materials()),
            form=self.form.data,
            form_rules=tuple(self._rules()),
            form_conditions=dict(self._visible()),
            process_xml=self.process,
            flow=tuple(
                FlowStep(words(s["name"]), words(s["by"]), words(s["limit"]), words(s["result"])) for s in data["flow"]
            ),
            result=self._result(),
            contacts=self._contacts(data["contacts"]),
            faqs=tuple(
                Faq(words(faq["question"]), words(faq["answer"]), faq["source"]) for faq in self.faqs.data["faqs"]
            ),
            examples=examples,
            sources=tuple(
                SourceNote(note["id"], note["title"], note.get("url", ""), note.get("note", ""))
                for note in data["sources"]
            ),
            digest=self.digest,
            decision=self._decision(facts, examples),
            commitments=tuple(self._commitments(data.get("commitments", ()))),
            route_xml=self.route or b"",
            routes=read_routes(self.route, self.process, self.faults),
            signing=self._signing(data.get("signing")),
        )

    def _facts(self) -> Iterator[FactSpec]:
        for fact in self.item.data.get("facts", ()):
            yield FactSpec(
                fact["name"],
                words(fact["words"]),
                fact["provider"],
                fact.get("certificate", ""),
                fact.get("key", ""),
                fact["source"],
                fact.get("group", ""),
                fact.get("within", False),
            )

    def _decision(self, facts: tuple[FactSpec, ...], examples: tuple[Example, ...]) -> DecisionSpec | None:
        if self.decision is None or self.table is None:
            return None
        questions = [question["id"] for question in self.situations.data["questions"]]
        shape = shape_of_pack(self.form.data, questions, facts)
        builder = DecisionBuilder(self.decision, self.table, self.known, shape, self.faults)
        return builder.build({example.file: example for example in examples}, gate=self._gate())

    def _gate(self) -> str:
        """What else decides whether a table approves: the form and its checks, the situations, the papers, the result, the
        conditions, the facts and what may be promised instead. Where one of them changes, the rule set is another one, which nobody let decide alone."""
        own = {name: self.item.data.get(name) for name in ("conditions", "facts")}
        if promised := self.item.data.get("commitments"):  # an item without them keeps the rule set that it had
            own["commitments"] = promised
        if signed := self.item.data.get("signing"):  # likewise
            own["signing"] = signed
        texts = [one.text for one in (self.form, self.situations, self.materials, self.result)]
        return "\0".join([*texts, json.dumps(own, ensure_ascii=False, sort_keys=True, default=str)])

    def _variants(self, rows: list[Data]) -> Iterator[LimitVariant]:
        for n, row in enumerate(rows):
            when = self.compile.needed(self.item, f"/limits/variants/{n}/when", row["when"])
            if when is not None:
                legal, promise = row.get("legal"), row.get("promise")
                yield LimitVariant(
                    when, limit(legal) if legal else None, limit(promise) if promise else None, words(row["words"])
                )

    def _extension(self, data: Data | None) -> Extension | None:
        if data is None:
            return None
        return Extension(limit(data["limit"]), words(data["approver"]), data["basis"], data["source"])

    def _fees(self, data: Data) -> Fees:
        items = tuple(
            Fee(words(fee["name"]), words(fee["standard"]), fee.get("amount_fen"), fee["basis"], fee["source"])
            for fee in data.get("items", ())
        )
        return Fees(data["charged"], words(data["note"]), items, data.get("pay_online", False), data["source"])

    def _conditions(self, rows: list[Data]) -> Iterator[Condition]:
        for n, row in enumerate(rows):
            yield Condition(
                row["code"],
                words(row["text"]),
                self.compile.optional(self.item, f"/conditions/{n}/check", row.get("check")),
                maybe(row.get("refusal")),
                row.get("basis", ""),
                row["source"],
                row.get("field"),
            )

    def _signing(self, data: Data | None) -> SigningSpec | None:
        if data is None:
            return None
        signers = []
        for n, row in enumerate(data["signers"]):
            number, name = (
                self.compile.needed(self.item, f"/signing/signers/{n}/{part}", row[part]) for part in ("number", "name")
            )
            if number is not None and name is not None:
                signers.append(SignerSpec(number, name, words(row["role"]), words(row["signs"])))
        papers = frozenset(data.get("papers", ()))
        return SigningSpec(tuple(signers), papers, data["days"], data.get("basis", ""), data["source"])

    def _commitments(self, rows: list[Data]) -> Iterator[Commitment]:
        for n, row in enumerate(rows):
            when, check = self.compile.needed(self.item, f"/commitments/{n}/when", row["when"]), row["check"]
            if when is not None:
                yield Commitment(
                    code=row["code"],
                    name=words(row["name"]),
                    kind=row["kind"],
                    when=when,
                    conditions=tuple(row.get("conditions", ())),
                    replaces=tuple(row.get("replaces", ())),
                    told=tuple(words(one) for one in row["told"]),
                    promises=tuple(words(one) for one in row["promises"]),
                    check_days=check["days"],
                    check_post=check["post"],
                    check_how=check["how"],
                    check_words=words(check["words"]),
                    mend_days=row.get("mend_days", 0),
                    consequence=words(row["consequence"]),
                    published=maybe(row.get("published")),
                    risk=row["risk"],
                    basis=row["basis"],
                    source=row["source"],
                )

    def _questions(self) -> Iterator[Question]:
        for n, row in enumerate(self.situations.data["questions"]):
            yield Question(
                row["id"],
                words(row["text"]),
                maybe(row.get("help")),
                tuple(Option(o["value"], words(o["label"]), maybe(o.get("hint"))) for o in row["options"]),
                self.ask.optional(self.situations, f"/questions/{n}/when", row.get("when")),
                row.get("basis", ""),
                row["source"],
                row.get("choice", False),
            )

    def _materials(self) -> Iterator[Material]:
        for n, row in enumerate(self.materials.data["materials"]):
            yield Material(
                code=row["code"],
                name=words(row["name"]),
                necessity=row["necessity"],
                kind=row["kind"],
                form=row["form"],
                originals=row["originals"],
                copies=row["copies"],
                page_format=row.get("page_format", "A4"),
                origin=row["origin"],
                origin_note=maybe(row.get("origin_note")),
                when=self.compile.optional(self.materials, f"/materials/{n}/when", row.get("when")),
                when_words=maybe(row.get("when_words")),
                replaces=row.get("replaces"),
                replaces_name=maybe(row.get("replaces_name")),
                promise_days=row.get("promise_days", 0),
                accept_standard=words(row["accept_standard"]),
                fill_note=maybe(row.get("fill_note")),
                files=_files(row.get("files", {})),
                basis=row["basis"],
                source=row["source"],
                held=self._held(n, row),
                again=_again(row.get("again")),
            )

    def _held(self, n: int, row: Data) -> HeldSpec | None:
        data = row.get("held")
        if data is None:
            return None
        fields = tuple(data.get("fields", ()))
        over = Compiler(self.known | {f"held.{name}" for name in fields}, self.faults)
        return HeldSpec(
            base=Base(data.get("base", "certificates")),
            fields=fields,
            of=self.compile.optional(self.materials, f"/materials/{n}/held/of", data.get("of")),
            fits=over.optional(self.materials, f"/materials/{n}/held/fits", data.get("fits")),
            name=words(data.get("name") or row.get("replaces_name") or row["name"]),
            ground=data["ground"],
            basis=data["basis"],
            source=data["source"],
        )

    def _rules(self) -> Iterator[FormRule]:
        for n, row in enumerate(self.form.data.get("x-rules", ())):
            check = self.compile.needed(self.form, f"/x-rules/{n}/check", row["check"])
            if check is not None:
                yield FormRule(
                    row["code"],
                    check,
                    tuple(row["fields"]),
                    words(row),
                    row.get("level", "error"),
                    row.get("basis", ""),
                    row["source"],
                )

    def _visible(self) -> Iterator[tuple[str, Expression]]:
        for pointer, text in visible_conditions(self.form.data):
            place = "".join(f"/properties/{one}" for one in pointer.split("/")[1:])
            if (when := self.compile.needed(self.form, place, text)) is not None:
                yield pointer, when

    def _result(self) -> ResultSpec:
        data = self.result.data
        fields = []
        for n, row in enumerate(data["fields"]):
            value = self.compile.needed(self.result, f"/fields/{n}/value", row["value"])
            if value is not None:
                fields.append(ResultField(row["key"], words(row["label"]), value, row.get("personal", False)))
        until = data["validity"]
        return ResultSpec(
            type_code=data["type_code"],
            name=words(data["name"]),
            kind=data["kind"],
            template=data["template"],
            number_rule=data["number_rule"],
            validity=Validity(
                until["amount"], until["unit"], until.get("basis", ""), until["source"], until.get("until")
            ),
            fields=tuple(fields),
            keys={key: tuple(pointers) for key, pointers in data.get("keys", {}).items()},
            handovers=tuple(Handover(h["code"], words(h["name"])) for h in data.get("handovers", ())),
            unique=data.get("unique", ""),
            by_sound=tuple(data.get("by_sound", ())),
            by_place=tuple(data.get("by_place", ())),
            sample_note=maybe(data.get("sample_note")),
            source=data["source"],
            follow_ups=tuple(
                FollowUp(row["kind"], row.get("from_days", 0), row.get("basis", ""), row["source"])
                for row in data.get("follow_ups", ())
            ),
            ends=tuple(
                EndedCertificate(row["certificate"], row["printed"], row["holders"], row["source"])
                for row in data.get("ends", ())
            ),
            keep=data.get("archive", {}).get("keep", ""),
        )

    def _contacts(self, data: Data) -> Contacts:
        places = tuple(words(place) for place in data["places"])
        return Contacts(data["consult"], data["complain"], places, words(data["hours"]), data["source"])
