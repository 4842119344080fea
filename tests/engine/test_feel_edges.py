"""FEEL at its edges, function by function, as the standard has it (DMN 1.5, 10.3.4); ranges against sets of points."""

import operator
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from yichuang.engine.feel.budget import Budget
from yichuang.engine.feel.decide import PLAIN, decide, run_with
from yichuang.engine.feel.kinds import Range
from yichuang.engine.feel.wide import parse_decision

AT = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


def value(text: str, **names: object) -> Any:
    return run_with(decide(parse_decision(text, names), PLAIN), names, at=AT, budget=Budget())


TEXTS = [
    'substring("abc", 3) = "c" and substring("abc", 4) = "" and substring("abc", -3) = "abc" and substring("abc", -4) = ""',
    'substring("abc", 2, 1) = "b" and substring("abc", 3, 5) = "c" and substring("abc", -2, 1) = "b" and substring("abc", 1, 2) = "ab"',
    'substring("abc", 0) = null and substring("abc", 1, 0) = null and substring("abc", 4, 0) = null and substring("abc", 0, 1) = null',
    'substring before("foobar", "bar") = "foo" and substring before("foobar", "x") = "" and substring before("foobar", "") = ""',
    'substring after("foobar", "ob") = "ar" and substring after("foobar", "x") = "" and substring after("foobar", "") = "foobar"',
    'not(contains("ab", "c")) and not(starts with("ab", "b")) and not(ends with("ab", "a"))',
    'upper case("aB") = "AB" and lower case("aB") = "ab" and string length("") = 0',
    'number("1,000.5", ",", ".") = 1000.5 and number("1.000,5", ".", ",") = 1000.5 and number("1 000", " ") = 1000',
    'number("1,5", null, ",") = 1.5 and number("1.5", null, ".") = 1.5 and number("12", null, null) = 12',
    'number("1.5", ",", ",") = null and number("1.5", " ", ",") = null and number("1", "x", ".") = null and number("1", ",", "x") = null',
    'number("1e3") = 1000 and number("-.5") = -0.5 and number("+1.") = 1 and number("1e") = null and number("") = null',
    'split("a,b,", ",") = ["a", "b", ""] and split("", ",") = [""] and split("ab", "") = null and split("a1b", "[0-9]") = ["a", "b"]',
    'replace("abc", "b", "[$0]") = "a[b]c" and replace("abc", "(b)", "$1$1") = "abbc" and replace("abc", "b", "$2") = "ac"',
    'replace("abc", "b", "$") = null and replace("abc", "x?", "y") = null and replace("abc", "(", "y") = null and replace("abc", "b", "$a") = null',
    'replace("aBa", "b", "x", "i") = "axa" and replace("aBa", "b", "x") = "aBa"',
    'string join(["a", "b"]) = "ab" and string join(["a"], ",") = "a" and string join([], ",") = "" and string join([1], ",") = null',
    'string join(["a", null, "b"], null) = "ab"',
]
SHOWN = [
    'string({a b: 1, c_d: 2}) = "{a b: 1, c_d: 2}" and string({"1a": 1}) = "{\\"1a\\": 1}" and string({"a-b": 1}) = "{\\"a-b\\": 1}"',
    'string([1..2]) = "[1..2]" and string((1..2)) = "(1..2)" and string([1..2)) = "[1..2)" and string((> 5)) = "(> 5)" and string((<= 5)) = "(<= 5)"',
    'string(true) = "true" and string([false, null]) = "[false, null]" and string(null) = null and string(function(a) a) = null',
    'string(["a\\"b", "c\\\\d"]) = "[\\"a\\\\\\"b\\", \\"c\\\\\\\\d\\"]"',
    'string(1.50) = "1.50" and string(-0.001) = "-0.001" and string(1e20) = "100000000000000000000"',
    'string(@"PT0S") = "PT0S" and string(-@"P1DT1H2M3.5S") = "-P1DT1H2M3.5S" and string(@"PT25H") = "P1DT1H" and string(@"PT60S") = "PT1M"',
    'string(@"P0M") = "P0M" and string(@"P13M") = "P1Y1M" and string(@"P12M") = "P1Y" and string(-@"P2M") = "-P2M"',
    'string(@"10:00:00.500+08:00") = "10:00:00.5+08:00" and string(@"10:00:00-05:30") = "10:00:00-05:30" and string(@"10:00:00+00:00") = "10:00:00Z"',
    'string(@"10:00:00+08:00:30") = "10:00:00+08:00:30" and string(@"10:00:00") = "10:00:00"',
    'string(@"2026-01-02T03:04:05@Asia/Shanghai") = "2026-01-02T03:04:05@Asia/Shanghai" and string(@"2026-01-02") = "2026-01-02"',
]
NUMBERS = [
    "decimal(1.115, 2) = 1.12 and decimal(1.125, 2) = 1.12 and decimal(1234, -2) = 1200 and decimal(1.5, 0) = 2",
    "floor(-1.58, 1) = -1.6 and floor(1.5) = 1 and floor(-1.5) = -2 and ceiling(1.51, 1) = 1.6 and ceiling(1.5) = 2",
    "round up(1.121, 2) = 1.13 and round up(-1.121, 2) = -1.13 and round down(1.129, 2) = 1.12 and round down(-1.129, 2) = -1.12",
    "round half up(1.125, 2) = 1.13 and round half up(-1.125, 2) = -1.13 and round half down(1.125, 2) = 1.12 and round half down(1.126, 2) = 1.13",
    "modulo(12, 5) = 2 and modulo(-12, 5) = 3 and modulo(12, -5) = -3 and modulo(-12, -5) = -2 and modulo(10, 5) = 0 and modulo(-10, 5) = 0",
    "modulo(10.1, 4.5) = 1.1 and modulo(-10.1, 4.5) = 3.4 and modulo(5, 0) = null",
    "sqrt(16) = 4 and sqrt(0) = 0 and sqrt(-1) = null and log(1) = 0 and log(0) = null and log(-1) = null and exp(0) = 1 and exp(99999) = null",
    "even(0) and even(-2) and not(even(3)) and odd(-1) and not(odd(2)) and not(even(1.5)) and not(odd(1.5))",
    'abs(-2) = 2 and abs(2) = 2 and abs(@"-P1D") = @"P1D" and abs(@"P1D") = @"P1D" and abs(@"-P1M") = @"P1M" and abs(@"P1M") = @"P1M"',
    "decimal(1, 6176) = 1 and decimal(1, 6177) = null and decimal(1, -6111) = 0 and decimal(1, -6112) = null",
]
SPANS = [
    '@"P1M" * 2 = @"P2M" and 2 * @"P1M" = @"P2M" and 2 * @"P1D" = @"P2D" and @"P1D" * 0.5 = @"PT12H" and @"P1M" * @"P1M" = null',
    '@"P1Y" / @"P4M" = 3 and @"P1D" / 2 = @"PT12H" and @"P3M" / 2 = @"P1M" and @"P1D" / @"PT6H" = 4 and @"P1D" / @"P1M" = null',
    '@"P1D" + @"PT1H" = @"PT25H" and @"P1D" - @"PT1H" = @"PT23H" and @"P1Y" + @"P1M" = @"P13M" and @"P1Y" - @"P1M" = @"P11M"',
    '@"P1D" + @"P1M" = null and @"P1D" - @"P1M" = null and @"P1D" + 1 = null and 1 - @"P1D" = null',
    '@"2026-03-31" - @"P1M" = @"2026-02-28" and @"2026-01-31" + @"P1M" = @"2026-02-28" and @"P1M" + @"2026-12-31" = @"2027-01-31"',
    '@"2026-01-01" + @"PT25H" = @"2026-01-02" and @"2026-01-01" - @"PT1H" = @"2025-12-31" and @"P1D" + @"2026-01-01" = @"2026-01-02"',
    '@"2026-01-01T00:00:00" - @"PT1S" = @"2025-12-31T23:59:59" and @"2026-01-01T00:00:00" + @"P1M" = @"2026-02-01T00:00:00"',
    '@"2026-03-03" - @"2026-03-01" = @"P2D" and @"2026-03-01" - @"2026-03-03" = @"-P2D" and @"P1D" - @"2026-03-01" = null',
    '@"2026-03-02" - @"2026-03-03T08:00:00Z" = @"-P1DT8H" and @"2026-03-03T08:00:00" - @"2026-03-02" = @"P1DT8H"',
    '@"2026-03-03T08:00:00Z" - @"2026-03-03T08:00:00+08:00" = @"PT8H" and @"2026-03-03T08:00:00Z" - @"2026-03-03T08:00:00" = null',
    '@"2026-03-03T08:00:00Z" + @"PT1H" = @"2026-03-03T09:00:00Z" and @"2026-03-03T08:00:00Z" - @"PT9H" = @"2026-03-02T23:00:00Z"',
    '@"2026-03-03T08:00:00Z" * @"PT1H" = null and @"2026-03-03T08:00:00Z" + @"2026-03-03T08:00:00Z" = null',
    '@"10:00:00" - @"PT11H" = @"23:00:00" and @"10:00:00" + @"PT15H" = @"01:00:00" and @"PT1H" + @"10:00:00" = @"11:00:00" and @"PT1H" - @"10:00:00" = null',
    '@"10:00:00" - @"09:30:00" = @"PT30M" and @"10:00:00Z" - @"10:00:00+08:00" = @"PT8H" and @"10:00:00" - @"10:00:00Z" = null',
    '@"10:00:00+08:00" + @"PT1H" = @"11:00:00+08:00" and @"10:00:00" * 2 = null and @"10:00:00" + @"P1M" = null and @"10:00:00" + @"10:00:00" = null',
    '-@"P1M" = @"-P1M" and -@"P1D" = @"-P1D" and -"a" = null and -null = null and -(-3) = 3',
    'years and months duration(@"2011-12-22", @"2013-08-24") = @"P1Y8M" and years and months duration(@"2013-08-24", @"2011-12-22") = @"-P1Y8M"',
    'years and months duration(@"2026-01-31", @"2026-02-28") = @"P0M" and years and months duration(@"2026-01-31", @"2026-02-28T23:00:00") = @"P0M"',
]
TIMES = [
    'date("0999-01-01").year = 999 and date("02026-01-01") = null and date("-2026-01-01") = null and date("2026-13-01") = null',
    'date(2026, 2, 29) = null and date(2024, 2, 29) = @"2024-02-29" and date(@"2026-01-02T03:04:05") = @"2026-01-02"',
    'date and time("2026-01-31T24:00:00") = @"2026-02-01T00:00:00" and date and time("2026-01-31") = @"2026-01-31T00:00:00"',
    'date and time("2026-01-31T25:00:00") = null and date and time("2026-01-32T10:00:00") = null and date and time("2026-01-31T") = null',
    'date and time(@"2026-01-31") = @"2026-01-31T00:00:00" and date and time(@"2026-01-31T05:00:00") = @"2026-01-31T05:00:00"',
    'date and time(@"2026-01-31T05:00:00", @"06:00:00") = @"2026-01-31T06:00:00"',
    'time("10:00:00.5") - time("10:00:00") = @"PT0.5S" and time("10:00:00.123456789") = time("10:00:00.123456")',
    'time("24:00:00") = null and time("10:60:00") = null and time("10:00") = null and time("10:00:00+18:00") != null',
    'time("10:00:00+18:01") = null and time("10:00:00-18:30") = null and time("10:00:00+08:60") = null and time("10:00:00@Nowhere/Land") = null',
    'time("10:00:00-05:30").time offset = @"-PT5H30M" and time("10:00:00+01:00:30").time offset = @"PT1H30S" and time("10:00:00z") = time("10:00:00Z")',
    'time(@"2026-01-01T10:00:00") = @"10:00:00" and time(@"2026-01-01") = @"00:00:00Z" and time(@"10:00:00") = @"10:00:00"',
    'time(10, 30, 1.5) = @"10:30:01.5" and time(10, 30, 0, @"PT8H") = @"10:30:00+08:00" and time(10, 30, 0, @"-PT8H") = @"10:30:00-08:00"',
    'time(24, 0, 0) = null and time(10, 60, 0) = null and time(10, 0, 0, @"PT19H") = null and time(10, 0, 0, @"P1M") = null and time(10, 0, 0, @"PT18H") != null',
    'duration("P1Y") = @"P12M" and duration("P1Y1M") = @"P13M" and duration("-P1Y1M") = @"-P13M" and duration("P1D") = @"PT24H"',
    'duration("P1DT") = null and duration("P") = null and duration("PT") = null and duration("P1YT1H") = null and duration("P1M1D") = null',
    'duration("PT1.5S") * 2 = @"PT3S" and duration("-PT1M") = @"-PT60S" and duration("PT1H1M1S") = @"PT3661S" and duration(@"P1D") = @"P1D"',
    'duration("P1DT1H") = @"PT25H" and duration("P1D1H") = null and duration("PT1D") = null and duration("P999999999999D") = null',
    'is(@"2026-01-01T00:00:00Z", @"2026-01-01T00:00:00Z") and not(is(@"2026-01-01T00:00:00Z", @"2026-01-01T08:00:00+08:00"))',
    'is(@"10:00:00", @"10:00:00") and not(is(@"10:00:00", @"11:00:00")) and not(is(@"2026-01-01T00:00:00Z", @"2026-01-01T00:00:01Z")) and is(null, null)',
    'day of year(@"2026-12-31") = 365 and week of year(@"2027-01-01") = 53 and month of year(@"2026-01-31") = "January" and month of year(@"2026-12-01") = "December"',
    'day of week(@"2026-11-23") = "Monday" and day of week(@"2026-11-29") = "Sunday"',
    'range("[1..3)") = [1..3) and range("(1..3]") = (1..3] and range("]1..3[") = (1..3) and range("[1..1]") = [1..1]',
    'range("[3..1]") = null and range("[1..]") = null and range("[..1]") = null and range("1..3") = null and range("[1..3") = null and range("[1..x]") = null',
    'range("[\\"a\\"..\\"c\\"]") = ["a".."c"] and range("[date(\\"2026-01-01\\")..@\\"2026-01-05\\"]") = [@"2026-01-01"..@"2026-01-05"]',
    'range("[duration(\\"P1D\\")..P2D]") = [@"P1D"..@"P2D"] and range("[10:00:00..11:00:00]") = [@"10:00:00"..@"11:00:00"] and range("[1..\\"a\\"]") = null',
    'range("[date and time(\\"2026-01-01T00:00:00\\")..2026-01-02T00:00:00]") = [@"2026-01-01T00:00:00"..@"2026-01-02T00:00:00"]',
]
PARTS = [
    '@"2026-03-04".year = 2026 and @"2026-03-04".month = 3 and @"2026-03-04".day = 4 and @"2026-03-04".weekday = 3 and @"2026-03-04".hour = 0',
    '@"2026-03-04T05:06:07".hour = 5 and @"2026-03-04T05:06:07".minute = 6 and @"2026-03-04T05:06:07".second = 7 and @"2026-03-04T05:06:07".year = 2026',
    '@"05:06:07+08:00".time offset = @"PT8H" and @"05:06:07".time offset = null and @"05:06:07Z".time offset = @"PT0S" and @"05:06:07".day = null',
    '@"P1Y2M".years = 1 and @"P1Y2M".months = 2 and @"-P1Y2M".years = -1 and @"-P1Y2M".months = -2 and @"P1Y2M".days = null',
    '@"P1DT2H3M4S".days = 1 and @"P1DT2H3M4S".hours = 2 and @"P1DT2H3M4S".minutes = 3 and @"P1DT2H3M4S".seconds = 4 and @"P1D".months = null',
    '@"-P1DT2H3M4S".days = -1 and @"-P1DT2H3M4S".hours = -2 and @"-P1DT2H3M4S".seconds = -4',
    "[1..5).start = 1 and [1..5).end = 5 and [1..5).start included and not([1..5).end included) and (> 5).start = 5 and (> 5).end = null",
    "{a: {b: 1}}.a.b = 1 and {a: 1}.b = null and [{a: 1}, {a: 2}].a = [1, 2] and [{a: 1}, {b: 2}].a = [1, null] and 1.a = null",
]
CONTEXTS = [
    'get value({a: {b: 1}}, ["a", "b"]) = 1 and get value({a: 1}, []) = null and get value({a: 1}, ["a", "b"]) = null and get value({a: 1}, [1]) = null',
    'get value({a: 1}, "b") = null and get entries({a: 1, b: 2}).key = ["a", "b"] and get entries({}) = []',
    'context put({a: 1}, ["b"], 2) = {a: 1, b: 2} and context put({a: {b: 1}}, ["a", "b"], 2) = {a: {b: 2}} and context put({a: 1}, "a", 2) = {a: 2}',
    'context put({a: 1}, ["a", "b"], 2) = null and context put({}, [], 1) = null and context put({}, [1], 1) = null and context put({a: {b: 1}}, ["a", 1], 1) = null',
    'context([{key: "a", value: null}]) = {a: null} and context([{key: "a"}]) = null and context([{key: 1, value: 1}]) = null and context([1]) = null',
    'context([{key: "a", value: 1}, {key: "a", value: 2}]) = null and context merge([{a: 1}, 2]) = null and context merge([]) = {}',
    "not(false) and not(not(true)) and not(1) = null and not(null) = null",
]
LISTS = [
    'min(3, 1, 2) = 1 and max([3, 1, 2]) = 3 and min([]) = null and max([1, null]) = null and min(["b", "a"]) = "a" and min([1, "a"]) = null',
    'sum(1, 2, 3) = 6 and sum([@"P1D", @"P2D"]) = @"P3D" and sum(["a", "b"]) = null and sum([1]) = 1 and sum([1, null]) = null',
    'product(2, 3) = 6 and product([]) = null and product([2, "a"]) = null and mean(1, 2, 3) = 2 and mean([]) = null and mean([1, "a"]) = null',
    'median(8, 2, 5, 3, 4) = 4 and median([6, 1, 2, 3]) = 2.5 and median([]) = null and median([1, "a"]) = null and median([1]) = 1',
    'stddev(2, 4, 7, 5) > 2.081 and stddev(2, 4, 7, 5) < 2.082 and stddev([1]) = null and stddev([1, "a"]) = null and stddev([1, 3]) > 1.414',
    'mode(6, 3, 9, 6, 6) = [6] and mode([6, 1, 9, 6, 1]) = [1, 6] and mode([]) = [] and mode([1, "a"]) = null',
    "all([true, null, false]) = false and all([true, null]) = null and all(true, true) and any([false, null, true]) and any([false, null]) = null and any([1]) = null",
    "sublist([1, 2, 3], 1, 2) = [1, 2] and sublist([1, 2, 3], -2) = [2, 3] and sublist([1, 2, 3], 3, 2) = null and sublist([1], 1, 0) = null and sublist([1], 2) = null",
    "insert before([1, 3], 2, 2) = [1, 2, 3] and insert before([1, 3], -1, 2) = [1, 2, 3] and insert before([1], 2, 9) = null and insert before([1], 0, 9) = null",
    "remove([1, 2, 3], 1) = [2, 3] and remove([1, 2, 3], -1) = [1, 2] and remove([1], 2) = null and remove([1, 2, 3], 2) = [1, 3] and remove([1, 2, 3], -3) = [2, 3]",
    "list replace([2, 4, 7], 3, 6) = [2, 4, 6] and list replace([2, 4, 7], -1, 6) = [2, 4, 6] and list replace([2], 2, 6) = null and list replace([2, 4, 7], 1, 6) = [6, 4, 7]",
    "list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5) = [5, 5, 7, 8] and list replace([1], function(a) true, 5) = null",
    "list replace([1], function(a, b) 1, 5) = null",
    "concatenate([1, 2], [3], []) = [1, 2, 3] and append([], 1) = [1] and append(null, 1) = [null, 1] and append([1], [2]) = [1, [2]]",
    'union([1, 2], [2, 3], [null]) = [1, 2, 3, null] and distinct values([1, "1", 1, null, null]) = [1, "1", null] and index of([1, null, null], null) = [2, 3]',
    'list contains([1, null], null) and not(list contains([1], "1")) and list contains([[1]], [1]) and reverse([1, 2, 3]) = [3, 2, 1]',
    "flatten([[1, 2], [[3]], 4]) = [1, 2, 3, 4] and flatten([]) = [] and count([null]) = 1",
    'sort([3, 1, 2], function(a, b) a < b) = [1, 2, 3] and sort([3, 1, 2]) = [1, 2, 3] and sort([1, "a"]) = null and sort([1], function(a) true) = null and sort([1, 1]) = [1, 1]',
    "sort([{a: 2, b: 1}, {a: 1, b: 2}, {a: 2, b: 3}], function(x, y) x.a < y.a).b = [2, 1, 3]",
]
LOOPS = [
    "(for i in 1..1 return i) = [1] and (for i in [1..3] return i) = [1, 2, 3] and (for i in (1..3) return i) = [2] and (for i in (1..3] return i) = [2, 3]",
    "(for i in [1..3) return i) = [1, 2] and (for i in 1.5..3 return i) = null and (for i in 1..2.5 return i) = null and (for i in 2..-1 return i) = [2, 1, 0, -1]",
    '(for d in @"2026-01-30"..@"2026-02-01" return d.day) = [30, 31, 1] and (for d in @"2026-01-02"..@"2026-01-01" return d.day) = [2, 1]',
    '(for d in [@"2026-01-01"..@"2026-01-02"] return d.day) = [1, 2] and (for i in 1..@"2026-01-01" return i) = null and (for i in [3..1] return i) = null',
    "(for i in 7 return i) = [7] and (for i in [] return i) = [] and (for i in [1, 2], j in 1..i return j) = [1, 1, 2]",
    "(some x in [1, null] satisfies x > 0) and (some x in [null] satisfies x > 0) = null and (every x in [1, null] satisfies x > 0) = null and every x in [] satisfies false",
    "(every x in [0, null] satisfies x > 0) = false and (some x in null satisfies true) = null and (every x in null satisfies true) = null",
    "[1, 2, 3][-3] = 1 and [1, 2, 3][3] = 3 and [1, 2, 3][0] = null and [1, 2, 3][-4] = null and [1, 2, 3][1.5] = null",
    "[1, 2, 3][item > 1][1] = 2 and [{a: 1}, {a: 2}][a = 2].a = [2] and [1, 2][null] = [] and [1, 2][true] = [1, 2] and [1, 2][false] = [] and null[1] = null",
    "1[true] = [1] and 1[false] = [] and 1[1] = 1 and 1[2] = null and [1, 2][item = null] = []",
]
TYPES = [
    '@"2026-03-03T08:00:00" instance of date and time and not(@"2026-03-03T08:00:00" instance of date) and not(@"2026-03-03" instance of date and time)',
    '@"10:00:00" instance of time and @"P1D" instance of days and time duration and @"P1M" instance of years and months duration and not(@"P1M" instance of days and time duration)',
    "null instance of Null and not(1 instance of Null) and not(null instance of number) and 1 instance of Any and not(true instance of number) and true instance of boolean",
    '[1, null] instance of list<number> and not([1, "a"] instance of list<number>) and not(1 instance of list<number>) and [] instance of list<string>',
    "[1..5] instance of range<number> and not([1..5] instance of range<string>) and (> 5) instance of range<number> and not(5 instance of range<number>)",
    "{a: 1, b: 2} instance of context<a: number> and not({b: 1} instance of context<a: number>) and {a: null} instance of context<a: number>",
    "not({a: 1} instance of context<a: string>) and not(1 instance of context<a: number>) and {a: {b: 1}} instance of context<a: context<b: number>>",
    "abs instance of function<number> -> number and not(abs instance of function<number, number> -> number) and not(1 instance of function<number> -> number)",
    "(function(a: number) a) instance of function<number> -> Any and not((function(a: string) a) instance of function<number> -> Any)",
    "not((function(a: number, b: number) a) instance of function<number> -> Any) and (function(a) a) instance of function<number> -> string",
    "(function(a: context<x: number>) a) instance of function<context<x: number, y: string>> -> Any",
    "not((function(a: context<x: number, y: string>) a) instance of function<context<x: number>> -> Any)",
    "not((function(a: context<x: string>) a) instance of function<context<x: number>> -> Any)",
    "(function(f: function<number> -> string) 1) instance of function<function<number> -> string> -> Any",
    "not((function(f: function<number> -> string) 1) instance of function<function<number> -> number> -> Any)",
    "not((function(f: function<number> -> string) 1) instance of function<function<number, number> -> string> -> Any)",
    "(function(l: list<Any>) l) instance of function<list<number>> -> Any and not((function(l: list<string>) l) instance of function<list<number>> -> Any)",
    "(function(r: range<Any>) r) instance of function<range<number>> -> Any and not((function(r: range<string>) r) instance of function<range<number>> -> Any)",
    '(function(a: list<number>) count(a))(1) = 1 and (function(a: number) a)([1]) = 1 and (function(a: number) a)([1, 2]) = null and (function(a: number) a)(["x"]) = null',
    '(function(a: date and time) a)(@"2026-01-01") = @"2026-01-01T00:00:00" and (function(a: date) a)(@"2026-01-01T00:00:00") = null and (function(a: number) a)(null) = null',
    "(1 instance of nobody) = null and ([1] instance of list<nobody>) = null",
]
LOGIC = [
    "(true and 1) = null and (false and 1) = false and (1 and false) = false and (true or 1) = true and (1 or true) = true and (false or 1) = null",
    "if 1 then false else true and true",
    '1 < 2 and not(2 < 2) and 2 <= 2 and not(2 > 2) and 2 >= 2 and 1 != 2 and not(1 != 1) and (1 < "a") = null and (true < false) = null',
    '"a" < "b" and @"2026-01-01" < @"2026-01-02" and @"P1D" > @"PT23H" and @"P1Y" > @"P11M" and @"10:00:00" < @"10:00:01"',
    '@"2026-01-01T08:00:00+08:00" = @"2026-01-01T00:00:00Z" and @"2026-01-01T00:00:00" = @"2026-01-01T00:00:00" and {a: 1} = {a: 1} and {a: 1} != {a: 2} and {a: 1} != {b: 1}',
    "[1, 2] = [1, 2] and [1, 2] != [2, 1] and [1] != [1, 2] and [1..2] = [1..2] and [1..2] != [1..2) and [1..2] != (1..2]",
    "5 between 1 and 5 and 1 between 1 and 5 and not(6 between 1 and 5) and not(0 between 1 and 5) and (null between 1 and 5) = null",
    "5 in [1..5] and not(5 in [1..5)) and not(1 in (1..5]) and 5 in (> 3) and not(5 in (> 5)) and 5 in (>= 5) and 5 in (<= 5) and not(5 in (< 5))",
    '3 in (!= 4) and not(3 in (!= 3)) and 3 in (= 3) and not(3 in (= 4)) and (3 in [null..5]) = null and ("a" in [1..5]) = null and 3 in (1, 3) and not(3 in (1, 2))',
    "3 in [1, 3] and not(3 in [1, 2]) and [1] in [[1], [2]] and 3 in ([1..2], [3..4]) and (null in (1)) = false and null in (null)",
    '2 ** 3 ** 2 = 64 and 2 ** 0.5 > 1.414 and (0 ** -1) = null and ("a" ** 2) = null and (2 ** "a") = null and 10 - 2 - 3 = 5 and 12 / 3 / 2 = 2',
    "(function(a, b) a - b)(5, 3) = 2 and (function(a, b) a)(1) = null and (function(a) a)(b: 1) = null and (function(a, b) a - b)(b: 5, a: 3) = -2 and (1)(2) = null",
    'abs(n: -1) = 1 and abs(m: -1) = null and substring(string: "abc", start position: 2) = "bc" and substring(start position: 2, string: "abc", length: 1) = "b"',
    '{a: 1, b: {c: a + 1}}.b.c = 2 and {a: 1, a b: 2, c: a b}.c = 2 and {"x y": 3}.x y = 3 and {a: 1}.a + 1 = 2',
    "count(today()) = 1 and now().second = 0 and today().month = 3",
]


@pytest.mark.parametrize(
    "text",
    [*TEXTS, *SHOWN, *NUMBERS, *SPANS, *TIMES, *PARTS, *CONTEXTS, *LISTS, *LOOPS, *TYPES, *LOGIC],
)
def test_each_edge_is_as_the_standard_has_it(text: str) -> None:
    assert value(text) is True


@pytest.mark.parametrize(
    ("by", "made"),
    [("x\\\\", "ax\\c"), ("\\$", "a$c"), ("\\x", None), ("\\", None), ("$0$0", "abbc"), ("x$", None)],
)
def test_signs_in_a_replacement(by: str, made: str | None) -> None:
    assert value('replace("abc", "b", by)', by=by) == made


def test_a_number_of_more_than_sixty_signs_is_none() -> None:
    assert value("number(s)", s="1" * 61) is None
    assert value("number(s)", s="1" + "0" * 59) == Decimal(10) ** 59


# ── ranges, against sets of points: whole numbers and the halves between them ─────────────────────────────────────────
SPANS_OF = [
    Range(Decimal(low), Decimal(high), low_in, high_in)
    for low, high in product(range(1, 5), repeat=2)
    for low_in, high_in in product((True, False), repeat=2)
    if low < high or (low == high and low_in and high_in)
]


def points(span: Range | Decimal) -> set[float]:
    if isinstance(span, Decimal):
        return {float(span)}
    low, high = float(str(span.low)), float(str(span.high))
    grid = [n / 2 for n in range(2, 9)]
    return {p for p in grid if low <= p <= high and (p > low or span.low_in) and (p < high or span.high_in)}


def meets(a: set[float], b: set[float]) -> bool:
    return max(a) == min(b) and max(a) == int(max(a))


def earlier(a: set[float], b: set[float]) -> bool:
    return min(a) < min(b) and bool(a & b) and max(a) <= max(b)


def later(a: set[float], b: set[float]) -> bool:
    return max(a) > max(b) and bool(a & b) and min(a) >= min(b)


RELATIONS: dict[str, Callable[[set[float], set[float]], bool]] = {
    "before": lambda a, b: max(a) < min(b),
    "after": lambda a, b: min(a) > max(b),
    "meets": meets,
    "met by": lambda a, b: meets(b, a),
    "overlaps": lambda a, b: bool(a & b),
    "overlaps before": earlier,
    "overlaps after": later,
    "finishes": lambda a, b: max(a) == max(b) and min(a) >= min(b),
    "finished by": lambda a, b: max(a) == max(b) and min(b) >= min(a),
    "includes": operator.ge,
    "during": operator.le,
    "starts": lambda a, b: min(a) == min(b) and max(a) <= max(b),
    "started by": lambda a, b: min(a) == min(b) and max(b) <= max(a),
    "coincides": operator.eq,
}
WITH_POINTS = {
    "before": ("pp", "pr", "rp"), "after": ("pp", "pr", "rp"), "finishes": ("pr",), "finished by": ("rp",), "includes": ("rp",),
    "during": ("pr",), "starts": ("pr",), "started by": ("rp",), "coincides": ("pp",),
}  # fmt: skip


@pytest.mark.parametrize("name", RELATIONS)
def test_ranges_stand_to_each_other_as_their_points_do(name: str) -> None:
    run = decide(parse_decision(f"{name}(a, b)", ["a", "b"]), PLAIN)
    sides: dict[str, list[Any]] = {"p": [Decimal(n) for n in range(1, 5)], "r": SPANS_OF}
    shapes = ("rr", *WITH_POINTS.get(name, ()))
    for a, b in [pair for shape in shapes for pair in product(sides[shape[0]], sides[shape[1]])]:
        said = run_with(run, {"a": a, "b": b}, at=AT, budget=Budget())
        assert said is RELATIONS[name](points(a), points(b)), (name, a, b)


@pytest.mark.parametrize("name", RELATIONS)
def test_ranges_of_other_kinds_stand_in_no_relation(name: str) -> None:
    assert value(f'{name}([1..2], ["a".."b"])') is None
    assert value(f"{name}([1..2], null)") is None
    assert value(f"{name}([true..true], [true..true])") is None


# ── patterns ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("pattern", "flags", "text", "found"),
    [
        ("a{2}", "", "aa", True), ("^a{2}$", "", "aaa", False), ("^a{2,}$", "", "aaa", True), ("^a{2,3}$", "", "aaaa", False),
        ("^a{0,1}$", "", "", True), ("a{1001}", "", "a", None), ("a{1,1001}", "", "a", None), ("a{1000}", "", "a", False),
        ("a{,2}", "", "a", None), ("a{2", "", "aa", None), ("a{x}", "", "a", None), ("a{3,2}", "", "aaa", None),
        ("^a?$", "", "", True), ("^a+?b$", "", "aab", True), ("a**", "", "a", None), ("*a", "", "a", None), ("a|*", "", "a", None),
        ("^(?:ab)+$", "", "abab", True), ("(?<a>b)", "", "b", None), ("(?:a", "", "a", None), ("a)", "", "a", None), ("()", "", "", True),
        ("^[^a]$", "", "b", True), ("^[^a]$", "", "a", False), ("^[a-c]$", "", "b", True), ("^[a-c]$", "", "d", False), ("[c-a]", "", "b", None),
        ("^[a-]$", "", "-", True), ("^[-a]$", "", "-", True), ("^[]a]$", "", "]", None), ("[]", "", "a", None), ("[^]", "", "a", None), ("^[a\\]]$", "", "]", True), ("[a", "", "a", None),
        ("^[a-z-[aeiou]]$", "", "b", True), ("^[a-z-[aeiou]]$", "", "e", False), ("[a-z-[e]x]", "", "b", None), ("[a[b]]", "", "a", None),
        ("^[\\d-[5]]$", "", "5", False), ("^[\\d-[5]]$", "", "4", True), ("^[^\\d-[x]]$", "", "x", False), ("^[a-z-[a-z-[e]]]$", "", "e", True),
        ("^\\s$", "", "\t", True), ("^\\S$", "", "\t", False), ("^\\S$", "", "x", True), ("^\\D$", "", "5", False), ("^\\W$", "", "_", False),
        ("^\\i\\c*$", "", "a:1", True), ("^\\i$", "", "1", False), ("^\\I$", "", "1", True), ("^\\C$", "", "a", False), ("^\\c$", "", "1", True),
        ("^\\n\\r\\t$", "", "\n\r\t", True), ("^\\.\\|\\-$", "", ".|-", True), ("\\e", "", "e", None), ("\\", "", "a", None),
        ("^\\p{Nd}$", "", "5", True), ("^\\p{Nd}$", "", "a", False), ("^\\P{Nd}$", "", "a", True), ("\\p{Xx}", "", "a", None), ("\\p{L", "", "a", None),
        ("\\pL", "", "a", None), ("^\\p{IsHiragana}$", "", "あ", True), ("^\\p{IsHiragana}$", "", "ア", False), ("\\p{IsNowhere}", "", "a", None),
        ("^\\p{IsBasicLatin}$", "", "\x7f", True), ("^\\p{IsBasicLatin}$", "", "\x80", False), ("^\\p{IsCyrillic}$", "", "Ж", True),
        ("^[\\P{L}]$", "", "1", True), ("^[\\P{L}a]$", "", "a", True), ("^[\\P{L}a]$", "", "b", False), ("^[^\\P{L}]$", "", "b", True),
        ("^(a)(b)\\2\\1$", "", "abba", True), ("(a)\\2", "", "aa", None), ("(a\\1)", "", "aa", None), ("^(a)\\1$", "", "ab", False),
        ("a.b", "", "a\rb", False), ("a.b", "s", "a\rb", True), ("^b", "", "a\nb", False), ("a$", "m", "a\nb", True), ("A", "i", "a", True), ("A", "", "a", False),
        ("a b", "x", "ab", True), ("a[ ]b", "x", "a b", True), ("a[ ]b", "x", "ab", False), ("a\\[ b", "x", "a[b", True), ("^[a\\] ] b$", "x", "]b", True), ("^[a\\] ] b$", "x", "] b", False),
        ("a.b", "q", "axb", False), ("(", "q", "(", True), ("a", "z", "a", None), ("a", "ii", "a", True), ("a#b", "x", "a#b", True),
        ("^(ab|cd){2}$", "", "abcd", True), ("^(a|b)*$", "", "abab", True), ("(a|a)*", "", "a", None), ("(a|A)*", "", "aA", True), ("(a?|b)*", "", "b", None),
        ("^(a{2})*$", "", "aaaa", True), ("(a*)+", "", "a", None), ("(a?)+", "", "a", True), ("(a?)+", "", "a" * 30, None), ("(a{2,3})*", "", "aa", None), ("^(a?)b$", "", "b", True),
        ("^(a{1}){1}$", "", "a", True), ("(a+){1}", "", "aa", True), ("(a+){2}", "", "aa", None),
    ],
)  # fmt: skip
def test_each_pattern_matches_refuses_or_is_refused(pattern: str, flags: str, text: str, found: bool | None) -> None:
    assert value("matches(s, p, f)", s=text, p=pattern, f=flags) is found


@pytest.mark.parametrize(("length", "taken"), [(500, True), (501, False)])
def test_a_pattern_has_at_most_500_signs(length: int, taken: bool) -> None:
    assert (value("matches(s, p)", s="", p="a" * length) is not None) is taken


@pytest.mark.parametrize(
    ("pattern", "length", "taken"),
    [  # where it begins, times how often each repetition may end: four million at most
        ("a*", 1999, True),  # 1999 · 2000
        ("a*", 2000, False),
        ("a*b*", 158, True),  # 158 · 159 · 159
        ("a*b*", 159, False),
        ("a*b*c*", 43, True),
        ("a*b*c*", 44, False),
        ("a{0,9}b", 200_000, True),
        ("a{0,9}b{0,9}", 200_000, False),
        ("a?b?", 200_000, True),
        ("a?b?c?d?e?", 200_000, False),
        ("(a{100}){198}", 1, True),  # (1 + 100) · 198 signs
        ("(a{100}){199}", 1, False),
    ],
)
def test_what_a_pattern_costs_depends_on_how_long_the_text_is(pattern: str, length: int, taken: bool) -> None:
    assert (value("matches(s, p)", s="x" * length, p=pattern) is not None) is taken
