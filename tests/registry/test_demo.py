"""The demo's shared bases: the same each time, sound, and enough to file and doubt with."""

from datetime import UTC, datetime, timedelta

from yichuang.core.actors import SYSTEM
from yichuang.core.clock import local_date
from yichuang.core.identifiers.synthetic import is_synthetic_cn_id
from yichuang.core.words import W
from yichuang.people.queries import list_demo_parties
from yichuang.registry.commands import ask_local, load_demo_bases
from yichuang.registry.demo import deliveries
from yichuang.registry.models import Holding, SharedBatch
from yichuang.registry.queries import list_contradictions, source_states
from yichuang.registry.rules.quality import check_row
from yichuang.registry.values import Base, Ground, Purpose, Question

ON = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def test_the_whole_demo_is_sound_and_the_same_each_time():
    first, again = deliveries((), on=local_date(ON)), deliveries((), on=local_date(ON))
    assert first == again
    assert [
        fault for one in first for row in one.rows for fault in check_row(one.base, row, today=local_date(ON)).faults
    ] == []
    by_base = {one.source: one.rows for one in first}
    assert len(by_base["demo_police"]) == 2000
    assert 450 <= len(by_base["demo_street"]) <= 550
    assert len({str(row["street"]) for row in by_base["demo_street"]}) == 10
    assert len({row["key"] for row in by_base["demo_police"]}) == 2000
    assert all(is_synthetic_cn_id(str(row["key"])) for row in by_base["demo_police"])
    assert 10 <= len(by_base["demo_court"]) <= 30


def test_every_demo_person_is_known_with_name_and_home(demo):
    people = [party for party in list_demo_parties() if party.kind == "person"]
    assert len(people) == 9
    questions = [
        Question(p.name_masked, Base.POPULATION, p.id_no, ("name", "alive", "residence_address")) for p in people
    ]
    questions += [Question("home", Base.ADDRESSES, p.address, ("standard",)) for p in people if "罗湖" in p.address]
    questions += [Question("credit", Base.CREDIT, p.id_no, ("restricted",)) for p in people]
    purpose = Purpose("x", "", W("演示", "demo"))
    answers = ask_local(questions, actor=SYSTEM, ground=Ground("duty", "x"), purpose=purpose, at=demo.at)
    assert [answer.fields["name"] for answer in answers[:9]] == [party.name for party in people]
    assert {answer.state for answer in answers[9:-9]} == {"found"}
    assert {answer.state for answer in answers[-9:]} == {"none"}  # nobody of the cast is restricted


def test_a_second_load_writes_nothing_and_the_lists_have_something_to_show(demo):
    batches = SharedBatch.objects.count()
    assert load_demo_bases(at=demo.at) == 0
    assert SharedBatch.objects.count() == batches
    assert load_demo_bases(at=demo.at + timedelta(days=40), people=100) == 0  # said again, and nothing is new
    assert Holding.objects.filter(whole_at=demo.at + timedelta(days=40)).count() == 4
    assert len(list_contradictions(SYSTEM).items) == 3
    assert {state.code for state in source_states(SYSTEM, at=demo.at)} >= {"demo_police", "demo_street", "demo_court"}
