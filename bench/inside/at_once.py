"""Run inside the installation's environment: CPU of a filing by the commands, and of one that is decided at once.

    python at_once.py ROUNDS COUNT
    python at_once.py one lease|shop      one of them, when a line comes in: to see what rows it writes
    python at_once.py requests PEOPLE     for each line that comes in, a shop of each of so many people, to be filed by API:
                                          JSON [{"token", "body"}, …], each with a proof that was made just now

In turns, COUNT each: a lease is filed with three papers (what `file` measures by API); a shop is filed by somebody of her
own, compared with three bases, judged by its table, accepted, granted, and its licence recorded. CPU is this process's and
that of its PostgreSQL backend, over a connection as the doors have it. Prints JSON: {"file": [ms per filing, …], "at_once":
[…]}, and the parts of both in the middle round: {"python": {"file": ms, "at_once": …}, "postgresql": {…}}.
"""

import gc
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import django

from yichuang.settings.env import serve_doors
from yichuang.settings.processes.web import GARBAGE

LEASE, SHOP = "fangwu-zulin-beian", "getihu-sheli"
STREET = "440303001"
SOUNDS = "安贝晨岛恩帆果禾佳凯兰茂娜鹏乔瑞森棠万夏云竹"  # no two alike, and no two of them a place (宝安)
EACH = 8  # shops of one person in a day: below the bound on what is compared


Cpu = tuple[float, float]  # milliseconds of this process, and of its backend


def spent(backend: int) -> Cpu:
    """So far."""
    theirs = int(Path(f"/proc/{backend}/schedstat").read_text(encoding="ascii").split()[0])
    return time.process_time() * 1000, theirs / 1_000_000


def place_of(number: int) -> str:
    """An address of the bench's own."""
    return f"深圳市罗湖区桂园街道桂园路{number}号101"


class Bench:
    """The people, and one filing of each kind after the other."""

    def __init__(self) -> None:
        from yichuang.core.clock import now

        self.at = now()
        # So many that another run in the same installation meets none of this one's.
        self.names = iter(lambda: "".join(random.choices(SOUNDS, k=6)), None)
        self.people: list[Any] = []
        self.number = self.first = random.randrange(10**6) * 1000

    def provide(self, people: int) -> None:
        """So many people whom the population base knows, each with an account that was opened against the document."""
        from datetime import date, timedelta

        from yichuang.core.actors import SYSTEM, Channel
        from yichuang.core.identifiers import synthetic
        from yichuang.people.commands import register_party
        from yichuang.people.commands.accounts import create_account
        from yichuang.people.queries import actor_for_account, get_party
        from yichuang.registry.commands import load_batch
        from yichuang.registry.values import Base

        rows = []
        for _ in range(people):
            born = date(1950, 1, 1) + timedelta(days=random.randrange(18000))
            number = synthetic.cn_id(born, "female", region="440304", nth=random.randrange(50))
            mobile = f"138{random.randrange(10**8):08}"  # who is told by SMS, as who files in `file`
            party = register_party(
                actor=SYSTEM,
                kind="person",
                name="测试员",
                id_type="111",
                id_no=number,
                mobile=mobile,
                demo=True,
                at=self.at,
            )
            account = create_account(f"bench{uuid4().hex[:12]}", "", None, self.at, party=party, seen=True)
            self.people.append((actor_for_account(account, Channel.PORTAL, at=self.at), get_party(party)))
            rows.append({"key": number, "name": "测试员", "birth_date": born.isoformat(), "alive": True})
        load_batch(base=Base.POPULATION, source="demo_police", rows=rows, actor=SYSTEM, at=self.at)
        shops = [
            {"key": place, "standard": place, "street": STREET, "use": "shop", "registrable": True, "entities": 0}
            for place in map(place_of, range(self.first, self.first + 2 * people * EACH))
        ]
        load_batch(base=Base.ADDRESSES, source="demo_street", rows=shops, actor=SYSTEM, at=self.at)

    def lease(self) -> Callable[[], None]:
        from yichuang.cases.commands.drafts import store_upload
        from yichuang.cases.commands.file_case import Filing, file_case
        from yichuang.catalog.queries import get_pack

        example = sorted(get_pack(LEASE, at=self.at).examples, key=lambda e: e.file)[0]
        actor, _ = self.people[self.number % len(self.people)]  # nobody hands in too many files in a day
        self.number += 1
        house = {**example.form["house"], "detail": f"桂园社区演示路 {self.number} 号 301"}
        papers = {
            code: [
                store_upload(
                    actor=actor, name="a.jpg", kind="jpg", content=b"x", pages=2, sha256="0" * 64, at=self.at
                ).id
            ]
            for code in example.materials[:3]
        }
        filing = Filing(LEASE, None, example.answers, {**example.form, "house": house}, papers, actor.id)

        def run() -> None:
            file_case(actor=actor, filing=filing, key=uuid4().hex, at=self.at)

        return run

    def shop(self) -> Callable[[], None]:
        """Files one that is decided at once, as the doors do."""
        from yichuang.cases.commands.file_case import Filing, file_and_judge
        from yichuang.people.values import Proof

        actor, answers, form = self.new_shop()
        filing = Filing(SHOP, None, answers, form, {}, actor.id, proof=Proof(actor.id, "sms", self.at))

        def run() -> None:
            receipt, _ = file_and_judge(actor=actor, filing=filing, key=uuid4().hex, at=self.at)
            assert receipt.became is not None
            assert receipt.became.alone, receipt.became.why

        return run

    def new_shop(self) -> tuple[Any, Any, Any]:
        """The next person, and the answers and the form of a shop of theirs."""
        from yichuang.catalog.queries import get_pack

        example = sorted(get_pack(SHOP, at=self.at).examples, key=lambda e: e.file)[0]
        actor, party = self.people[self.number % len(self.people)]
        place = {"street": STREET, "detail": place_of(self.number)}  # where nobody is yet
        self.number += 1
        form = {
            **example.form,
            "operator": {**example.form["operator"], "name": party.name, "cn_id": party.id_no},
            "name": {**example.form["name"], "trade": next(self.names)},
            "place": {**example.form["place"], **place},
        }
        return actor, example.answers, form

    def request(self, tokens: dict[Any, str]) -> dict[str, Any]:
        """The next one, to be filed by API."""
        from yichuang.core.clock import now
        from yichuang.people.commands import keep_proof
        from yichuang.people.values import Proof

        actor, answers, form = self.new_shop()
        proof = keep_proof(proof=Proof(actor.id, "sms", now()))
        return {
            "token": tokens[actor.id],
            "body": {"item": SHOP, "answers": answers, "form": form, "proof": str(proof)},
        }


def measured(runs: Sequence[Callable[[], None]], backend: int) -> Cpu:
    """What one of them costs, ours and the backend's."""
    ours, theirs = spent(backend)
    for run in runs:
        run()
    after = spent(backend)
    return (after[0] - ours) / len(runs), (after[1] - theirs) / len(runs)


def a_round(bench: Bench, count: int, backend: int) -> dict[str, Cpu]:
    """So many leases, then so many shops."""
    return {
        "file": measured([bench.lease() for _ in range(count)], backend),
        "at_once": measured([bench.shop() for _ in range(count)], backend),
    }


def one_when_told(which: str) -> None:
    """Say when everything is ready, wait for a line, do one: who watches sees nothing but its rows."""
    bench = Bench()
    bench.provide(1)
    makes = {"lease": bench.lease, "shop": bench.shop}[which]
    makes()()
    run = makes()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    run()


def requests_when_told(people: int) -> None:
    """Tokens are of seven days, proofs of five minutes: these are made for each line."""
    from yichuang.people.commands import issue_token
    from yichuang.people.queries import account_of

    bench = Bench()
    bench.provide(people)
    tokens = {actor.id: issue_token(account=account_of(actor), at=bench.at) for actor, _ in bench.people}
    for _ in sys.stdin:
        sys.stdout.write(json.dumps([bench.request(tokens) for _ in range(people)], default=str) + "\n")
        sys.stdout.flush()


def main() -> None:
    from django.conf import settings

    serve_doors(settings.DATABASES["default"])  # as what judges at once: pages and the API
    django.setup()
    from django.db import connection

    if sys.argv[1] == "one":
        one_when_told(sys.argv[2])
        return
    if sys.argv[1] == "requests":
        requests_when_told(int(sys.argv[2]))
        return
    rounds, count = int(sys.argv[1]), int(sys.argv[2])
    bench = Bench()
    bench.provide((rounds + 1) * count // EACH + 1)
    gc.collect()  # garbage is looked for as in a worker of the web
    gc.freeze()
    gc.set_threshold(GARBAGE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    a_round(bench, 3, backend)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum would have by now, which pauses here
    found = [a_round(bench, count, backend) for _ in range(rounds)]
    told: dict[str, Any] = {
        "file": [sum(one["file"]) for one in found],
        "at_once": [sum(one["at_once"]) for one in found],
    }
    for side, name in enumerate(("python", "postgresql")):
        told[name] = {part: median(one[part][side] for one in found) for part in found[0]}
    sys.stdout.write(json.dumps(told))


main()
