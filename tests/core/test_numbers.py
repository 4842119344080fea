import threading
from datetime import date

import pytest
from django.db import connection, transaction

from yichuang.core.numbers import at_hand, last_number, next_block, next_number, next_numbers

DAY = date(2026, 3, 2)


@pytest.mark.django_db
def test_numbers_count_from_one_per_kind_place_and_day(django_assert_num_queries):
    with django_assert_num_queries(4):
        assert [next_number(kind="case", place="440305005", day=DAY) for _ in range(3)] == [1, 2, 3]
        assert next_number(kind="case", place="440303", day=DAY) == 1
    assert next_number(kind="ticket", place="440305005", day=DAY) == 1
    assert next_number(kind="case", place="440305005", day=date(2026, 3, 3)) == 1


@pytest.mark.django_db
def test_blocks_lie_between_single_numbers():
    assert next_number(kind="t", place="p", day=DAY) == 1
    assert next_block(kind="t", place="p", day=DAY, size=50) == range(2, 52)
    assert next_number(kind="t", place="p", day=DAY) == 52
    with pytest.raises(ValueError, match="at least one"):
        next_block(kind="t", place="p", day=DAY, size=0)


@pytest.mark.django_db
def test_the_number_given_last_is_told_per_kind_place_and_day_and_takes_none():
    next_block(kind="t", place="p", day=DAY, size=7)
    for other in ({"kind": "x"}, {"place": "x"}, {"day": date(2026, 3, 3)}):
        assert last_number(**{"kind": "t", "place": "p", "day": DAY, **other}) == 0
        next_number(**{"kind": "t", "place": "p", "day": DAY, **other})
    assert [last_number(kind="t", place="p", day=DAY) for _ in range(2)] == [7, 7]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_act_gives_its_number_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        assert next_number(kind="t", place="p", day=DAY) == 1
        raise RuntimeError
    assert next_number(kind="t", place="p", day=DAY) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_clerks_at_once_get_eight_different_numbers_without_a_gap():
    taken: list[int] = []

    def clerk() -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    taken.append(next_number(kind="t", place="p", day=DAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=clerk) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 81))


@pytest.mark.django_db
def test_several_counters_are_raised_in_one_statement(django_assert_num_queries):
    case, receipt = ("case", "440303", DAY), ("document.receipt", "GZ", date(2026, 1, 1))
    next_number(kind="case", place="440303", day=DAY)
    with django_assert_num_queries(1):
        assert next_numbers([case, receipt]) == [2, 1]
    assert next_numbers([case, receipt]) == [3, 2]
    assert next_number(kind="document.receipt", place="GZ", day=date(2026, 1, 1)) == 3


@pytest.mark.django_db
def test_what_is_at_hand_is_taken_in_one_statement_and_each_of_it_given_once(django_assert_num_queries):
    paper, licence = ("document.grant", "GZ", DAY), ("certificate.dog", "GZ", DAY)
    with django_assert_num_queries(1), at_hand([paper, licence]):
        assert next_number(kind="certificate.dog", place="GZ", day=DAY) == 1
        assert next_number(kind="document.grant", place="GZ", day=DAY) == 1
    with at_hand([paper]):
        assert [next_number(kind="document.grant", place="GZ", day=DAY) for _ in range(2)] == [2, 3]
    assert next_number(kind="document.grant", place="GZ", day=DAY) == 4


@pytest.mark.django_db
def test_a_number_that_is_left_at_hand_is_a_defect_and_one_of_a_refused_act_goes_back():
    paper = ("document.grant", "GZ", DAY)
    with pytest.raises(RuntimeError, match=r"document\.grant"), transaction.atomic(), at_hand([paper]):
        pass
    with pytest.raises(KeyError), transaction.atomic(), at_hand([paper]):
        raise KeyError
    assert next_number(kind="document.grant", place="GZ", day=DAY) == 1
