"""全城通办: filed at a community, judged by the district hall, decided by the department, handed out at either place."""

import pytest

from yichuang.cases import queries
from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.carry import receive_result, send_result
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.refuse import refuse_case
from yichuang.cases.models import Case, ResultPlace
from yichuang.cases.pages import WorkFilters
from yichuang.cases.states import Act, State
from yichuang.cases.values import RefusalKind
from yichuang.core import ledger
from yichuang.core.jobs import run_waiting
from yichuang.core.refusals import NotFound, Refused
from yichuang.issuing import queries as issuing
from yichuang.issuing.commands import hand_over
from yichuang.notices.queries import list_inbox
from yichuang.people.queries import get_party


def walk_in(demo, who):
    papers = (*demo.example("yangquan-dengji").materials, "application_form")
    return demo.file(demo.actor(who), applicant=demo.actor("zhangxiao").id, materials=papers)


@pytest.fixture
def taken(demo):
    """A dog of 张晓, filed at the community of 文慧; the district hall answers for dogs."""
    return walk_in(demo, "wenhui")


@pytest.fixture
def granted(demo, taken):
    """Accepted by 李娜 of the district hall, granted there by the chief representative; the result is made."""
    accept_case(actor=demo.actor("lina"), number=taken.number, version=1, findings={}, at=demo.at)
    decide_case(actor=demo.actor("chengang"), number=taken.number, version=2, outcome="grant", reasons="", at=demo.at)
    run_waiting()
    return taken


def page(demo, who, number):
    return queries.get_case_for(demo.actor(who), number, at=demo.at)


def give(demo, who, number):
    zhang = get_party(demo.actor("zhangxiao").id)
    return hand_over(
        actor=demo.actor(who), number=number, version=Case.objects.get(number=number).version,
        identity=zhang.id_no, receiver_name=zhang.name, at=demo.at,
    )  # fmt: skip


def codes(caught):
    return [reason.code for reason in caught.value.reasons]


def test_both_places_see_it_the_one_that_took_it_judges_nothing(demo, taken):
    case = Case.objects.get(number=taken.number)
    assert case.taking_place.code == "LH-C440303002003"
    assert case.responsible_place.code == "LH"
    for who in ("wenhui", "lina", "mali", "zhoujie"):
        shown = page(demo, who, taken.number)
        assert shown.taken_for_another
        assert (shown.taking_place, shown.responsible_place) == (case.taking_place_id, case.responsible_place_id)
    assert set(page(demo, "wenhui", taken.number).acts) == {Act.SUPPLEMENT, Act.WITHDRAW}
    assert {Act.ACCEPT, Act.NOTIFY_GAPS, Act.REFUSE} <= set(page(demo, "lina", taken.number).acts)
    common = {"number": taken.number, "version": 1, "at": demo.at}
    with pytest.raises(Refused) as accepting:
        accept_case(actor=demo.actor("wenhui"), findings={}, **common)
    with pytest.raises(Refused) as refusing:
        refuse_case(actor=demo.actor("wenhui"), kind=RefusalKind.NOT_ACCEPTED, reason="不办", **common)
    assert codes(accepting) == codes(refusing) == ["NOT_ALLOWED"]
    for stranger in ("linxiaoyu", "zhaomin"):
        with pytest.raises(NotFound):
            page(demo, stranger, taken.number)


def test_it_stands_on_the_lists_of_both_places_once_among_their_own_by_urgency(demo, taken):
    own = demo.file(demo.actor("lina"), applicant=demo.actor("zhangjie").id, form=other_dog(demo))
    for who, expected in (
        ("lina", {taken.number, own.number}),
        ("wenhui", {taken.number}),
        ("zhoujie", {taken.number, own.number}),
    ):
        rows = queries.list_work(demo.actor(who), filters=WorkFilters(), at=demo.at).items
        assert {row.number for row in rows} == expected
        assert len(rows) == len(expected)
        assert [row.due_at for row in rows] == sorted(row.due_at for row in rows)
        assert {row.number for row in rows if row.taken_for_another} == {taken.number}
        found = queries.list_work(demo.actor(who), filters=WorkFilters(text=taken.number), at=demo.at).items
        assert [row.number for row in found] == [taken.number]
    assert queries.list_work(demo.actor("linxiaoyu"), filters=WorkFilters(), at=demo.at).items == ()


def other_dog(demo):
    dog = demo.example("yangquan-dengji").form["dog"]
    return {"dog": {**dog, "chip": "999000000077777"}}


def test_pages_of_a_list_over_both_relations_come_once_each_in_order(demo, taken):
    numbers = [taken.number]
    for nth in range(4):
        actor = demo.actor("wenhui" if nth % 2 else "lina")
        dog = {**demo.example("yangquan-dengji").form["dog"], "chip": f"99900000008000{nth}"}
        numbers.append(demo.file(actor, applicant=demo.actor("zhangjie").id, form={"dog": dog}).number)
    cursor, found = None, []
    while True:
        part = queries.list_work(demo.actor("lina"), filters=WorkFilters(), at=demo.at, cursor=cursor, limit=2)
        found += [row.number for row in part.items]
        cursor = part.next
        if cursor is None:
            break
    assert sorted(found) == sorted(numbers)


def test_the_result_lies_at_the_responsible_place_travels_and_is_handed_out_where_it_was_filed(demo, granted):
    number = granted.number
    made = page(demo, "zhangxiao", number)
    assert (made.state, made.result.place_name.zh) == (
        State.GRANTED,
        page(demo, "lina", number).responsible_place_name.zh,
    )
    to_send, to_receive = queries.list_results(demo.actor("lina"), at=demo.at)
    assert ([row.case.number for row in to_send], to_receive) == ([number], ())
    version = Case.objects.get(number=number).version
    with pytest.raises(Refused) as early:
        receive_result(actor=demo.actor("wenhui"), number=number, version=version, at=demo.at)
    assert codes(early) == ["RESULT_NOT_SENT"]
    with pytest.raises(Refused) as unsaid:
        send_result(actor=demo.actor("lina"), number=number, version=version, carrier=" ", at=demo.at)
    assert codes(unsaid) == ["CARRIER_NEEDED"]
    with pytest.raises(Refused) as not_there:
        send_result(actor=demo.actor("wenhui"), number=number, version=version, carrier="专人", at=demo.at)
    assert codes(not_there) == ["NOT_ALLOWED"]

    sent = send_result(actor=demo.actor("zhoujie"), number=number, version=version, carrier="机要交换 0007", at=demo.at)
    assert sent.state is State.GRANTED
    shown = page(demo, "wenhui", number)
    assert (shown.result.carrier, shown.result.bound_for) == ("机要交换 0007", shown.taking_place)
    assert Act.DELIVER not in shown.acts
    assert Act.RECEIVE_RESULT in shown.acts
    assert page(demo, "zhangxiao", number).result.carrier == ""
    assert [r.case.number for r in queries.list_results(demo.actor("wenhui"), at=demo.at)[1]] == [number]
    with pytest.raises(Refused) as again:
        send_result(actor=demo.actor("lina"), number=number, version=sent.version, carrier="专人", at=demo.at)
    assert codes(again) == ["RESULT_NOT_HERE"]
    with pytest.raises(Refused):
        give(demo, "zhoujie", number)

    there = receive_result(actor=demo.actor("wenhui"), number=number, version=sent.version, at=demo.at)
    assert there.state is State.READY
    told = [m for m in list_inbox(demo.actor("zhangxiao").id) if m.template == "ready_for_collection"]
    assert shown.taking_place_name.zh in told[0].body
    assert [row.number for row in issuing.ready_list(demo.actor("wenhui"), at=demo.at).items] == [number]
    with pytest.raises(Refused) as elsewhere:
        give(demo, "zhoujie", number)
    assert codes(elsewhere) == ["RESULT_ELSEWHERE"]
    assert give(demo, "wenhui", number).state is State.DELIVERED
    acts = [entry.act for entry in ledger.list_entries(ledger.Subject("case", granted.case_id))]
    assert [act for act in acts if "result" in act] == ["result-made", "send-result", "receive-result"]


def test_who_comes_to_the_responsible_place_before_it_is_sent_gets_it_there(demo, granted):
    assert give(demo, "zhoujie", granted.number).state is State.DELIVERED


def test_where_the_place_itself_answers_it_is_ready_at_once_and_its_place_is_on_record(demo):
    receipt = walk_in(demo, "lina")
    accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    decide_case(actor=demo.actor("chengang"), number=receipt.number, version=2, outcome="grant", reasons="", at=demo.at)
    run_waiting()
    assert Case.objects.get(number=receipt.number).state == "READY"
    assert ResultPlace.objects.get(case_id=receipt.case_id).place.code == "LH"
