import threading
from datetime import date

import pytest
from django.db import connection, transaction

from yichuang.core.numbers import last_number, next_block, next_number, next_numbers

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
def test_two_counters_are_raised_in_one_statement(django_assert_num_queries):
    case, receipt = ("case", "440303", DAY), ("document.receipt", "GZ", date(2026, 1, 1))
    next_number(kind="case", place="440303", day=DAY)
    with django_assert_num_queries(1):
        assert next_numbers(first=case, second=receipt) == (2, 1)
    assert next_numbers(first=case, second=receipt) == (3, 2)
    assert next_number(kind="document.receipt", place="GZ", day=date(2026, 1, 1)) == 3
