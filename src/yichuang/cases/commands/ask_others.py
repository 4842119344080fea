"""共同签署 for programs, which keep no drafts with us: what they send is kept as a draft, and the others are asked to sign it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import messages
from yichuang.cases.commands.cosign import ask_signatures
from yichuang.cases.commands.drafts import agree_to_fetch, save_draft
from yichuang.cases.commands.file_case import Filing, open_pack
from yichuang.cases.handed import not_to_be_had, paper_faults
from yichuang.cases.needs import facts_for
from yichuang.cases.storage import lock_own
from yichuang.catalog import queries as catalog
from yichuang.core import idempotency
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W

ACT = "ask_others"


@transaction.atomic
def ask_others(*, actor: Actor, filing: Filing, key: str, at: datetime) -> tuple[UUID, bool]:
    """Keep the filing as a draft of the actor's and ask for its signatures, once per `key`; the draft, and whether it is a replay.

    Refused as `ask_signatures` refuses, and for what the last signature would file in vain: somebody for whom the actor may
    not act, papers that the item does not ask for, files that are not the actor's.
    """
    answer, replayed = idempotency.run_once(
        key=key,
        scope=idempotency.scope_of(actor, ACT),
        body_hash=idempotency.body_hash(filing.body()),
        at=at,
        do=lambda: {"draft": str(_ask(actor, filing, at))},
    )
    return UUID(answer["draft"]), replayed


def asked_others(actor: Actor, key: str) -> bool:
    """Whether the actor asked under this key before: then a proof is not asked for again."""
    return idempotency.kept_answer(key=key, scope=idempotency.scope_of(actor, ACT)) is not None


def _ask(actor: Actor, filing: Filing, at: datetime) -> UUID:
    if actor.kind != "person" or actor.id is None:
        raise NotFound(W("草稿", "draft"))
    pack = open_pack(filing, at)
    applicant = filing.applicant or actor.id
    if not actor.acts_for(applicant, item=pack.code):
        raise Refused(Reason("NOT_AUTHORISED_FOR", messages.NOT_AUTHORISED_FOR, "/applicant"))
    answers, form = filing.answers, filing.form
    refuse_all([*catalog.check_answers(pack, answers), *catalog.check_form(pack, form, at=at, answers=answers)])
    facts = facts_for(
        pack, applicant, form, channel=actor.channel.value, follow_up=filing.follow_up, previous=filing.previous, at=at
    )
    needs = catalog.requirements(pack.code, pack.version, answers=answers, form=form, facts=facts, at=at)
    own = {row.id: row for row in lock_own(actor, {upload for ids in filing.materials.values() for upload in ids})}
    rules = {m.code: m.spec.files for m in needs.materials}
    refuse_all(
        [*needs.blocked, *paper_faults(filing.materials, own, rules), *not_to_be_had(filing.materials, own, None)]
    )
    draft = save_draft(
        actor=actor,
        item_code=pack.code,
        item_version=pack.version,
        answers=answers,
        form=form,
        materials={code: [str(upload) for upload in ids] for code, ids in filing.materials.items()},
        applicant=applicant,
        step="check",
        previous=filing.previous,
        follow_up=filing.follow_up,
        at=at,
    )
    for code in sorted(filing.agreed):
        agree_to_fetch(actor=actor, draft=draft, material=code, agreed=True, at=at)
    sent = replace(filing, item_version=pack.version, applicant=applicant, draft=draft)
    ask_signatures(actor=actor, filing=sent, at=at)
    return draft
