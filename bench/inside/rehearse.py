"""Run inside the installation's environment: COUNT judged cases of an item, then a rehearsal of its table over all of them.

    python rehearse.py COUNT

Prints one JSON object: seconds of the rehearsal, its sums, and how much more memory the process held at most.
"""

import json
import resource
import sys
import time
from typing import Any

import django

ITEM, BATCH = "getihu-sheli", 5_000
# cases like the one that is there: a case has one judgement
COPY = """
INSERT INTO cases_case ({columns})
SELECT {values} FROM cases_case c, generate_series(1, $1::int) n WHERE c.id = $2
"""


def main(count: int) -> None:
    django.setup()
    from django.db import transaction

    from yichuang.cases.commands.rehearse import ask_rehearsal, rehearse
    from yichuang.cases.models import AutoDecision, Case, Rehearsal
    from yichuang.cases.queries import get_rehearsal
    from yichuang.catalog.packs.decision_trial import judged
    from yichuang.catalog.queries import get_pack
    from yichuang.core import sql
    from yichuang.core.actors import Channel
    from yichuang.core.clock import now
    from yichuang.people.queries import actor_for_account, find_demo_account

    at = now()
    pack = get_pack(ITEM, at=at)
    assert pack.decision is not None
    names = [field.column for field in Case._meta.concrete_fields]
    own = {
        "id": "gen_random_uuid()",
        "number": "'B-' || n",
        "query_index": "'B-' || n",
        "state": "'GRANTED'",
        "outcome": "'grant'",
        "accepted_as": "'full'",
        "accepted_at": "c.filed_at",
        "accepted_date": "c.filed_at::date",
        "decided_at": "c.filed_at",
        "due_at": "NULL",
        "answer_due_at": "NULL",
    }
    values = ", ".join(own.get(name, f"c.{name}") for name in names)
    like = Case.objects.get(id=_one_case(pack, at))
    sql.run(COPY.format(columns=", ".join(names), values=values), [count, like.id])
    ids = list(Case.objects.filter(number__startswith="B-").order_by("id").values_list("id", flat=True))
    read = [judged(pack, one) for one in pack.decision.examples]

    def row(n: int) -> AutoDecision:
        said = read[n % len(read)]
        codes = ["approve"] if n % 50 == 0 else list(said.codes)  # one of fifty would be judged otherwise
        return AutoDecision(
            case_id=ids[n], item_code=ITEM, item_version=pack.version, sha="0" * 64, mode="shadow", state="done",
            verdict="approve" if codes == ["approve"] else "person", codes=codes, inputs=dict(said.inputs),
            record=said.record, asked_at=at, judged_at=at,
        )  # fmt: skip

    for start in range(0, count, BATCH):
        AutoDecision.objects.bulk_create([row(n) for n in range(start, min(start + BATCH, count))])
    account = find_demo_account("wuqian")
    assert account is not None
    editor = actor_for_account(account, Channel.COUNTER, at=at)
    with transaction.atomic():
        asked = ask_rehearsal(actor=editor, item=ITEM, at=at)
    before, began, used = _memory(), time.monotonic(), time.process_time()
    rehearse(rehearsal=asked, at=at)
    seconds, cpu = time.monotonic() - began, time.process_time() - used
    row_ = Rehearsal.objects.get(id=asked)
    page: Any = get_rehearsal(editor, ITEM, asked)
    told = {
        "seconds": seconds, "cpu": cpu, "state": row_.state, "total": row_.total, "changed": row_.changed,
        "shown": len(page.cases.items), "more_megabytes": _memory() - before,
    }  # fmt: skip
    sys.stdout.write(json.dumps(told))


def _one_case(pack: Any, at: Any) -> Any:
    """A worked example of the pack, filed."""
    from yichuang.cases.commands.file_case import Filing, file_case
    from yichuang.core.actors import Channel
    from yichuang.people.queries import actor_for_account, find_demo_account

    account, example = find_demo_account("zhangxiao"), pack.examples[0]
    assert account is not None
    actor = actor_for_account(account, Channel.PORTAL, at=at)
    filing = Filing(ITEM, None, example.answers, example.form, {}, actor.id)
    receipt, _ = file_case(actor=actor, filing=filing, key="rehearse", at=at)
    return receipt.case_id


def _memory() -> float:
    """The most that this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]))
