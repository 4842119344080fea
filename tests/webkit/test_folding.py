"""Templates compiled for one language say the same as Jinja's own, to the letter."""

from pathlib import Path
from uuid import UUID

import jinja2
import pytest
from django.template import engines
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from markupsafe import Markup

from yichuang.core.words import W
from yichuang.webkit import folding
from yichuang.webkit.addresses import address

SOURCE = Path(folding.__file__).parents[1]
TEMPLATES = sorted(str(t).partition("/templates/")[2] for t in SOURCE.glob("**/templates/**/*.html"))
LANGUAGES = ("zh-hans", "en")
HOSTILE = "<b>&\"'</b>"
PIECES = [
    '<p>{{ _("登录") }}</p>{{ _("请在 %(day)s 前补交", day=hostile) }}',
    '{{ _("登录", **{}) }}{{ _(unknown) }}',
    '{{ site()|say }} · {{ words|say }}{{ hostile }}{{ markup }}{{ none }}{{ 1.5 }}{{ 3 }}{{ [hostile] }}',
    "{{ icon('login') }}{{ icon(name) }}{{ static('webkit/theme.css') }}{{ url('portal:home') }}{{ url('office:case', name ~ '&<ü') }}",
    "{{ url('office:cases', q={'q': hostile}) }}{{ url('office:cases', q={'q': '中'}) }}{{ has('portal:home') }}{{ has('no:where') }}",
    "{% if locale == 'en' %}en{% elif hostile %}{{ locale }}{% else %}none{% endif %}{% if demo %}<i>{% else %}<u>{% endif %}",
    "{% if has('no:where') %}a{% elif locale == 'fr' %}b{% elif none %}c{% else %}d{% endif %}",
    "{% if hostile == 'x' %}a{% elif locale %}b{{ locale }}{% elif none %}c{% else %}d{% endif %}",
    "{% if none %}a{% elif has('no:where') %}b{% elif hostile %}c{% else %}d{% endif %}",
    "{% macro m(locale, _='x') %}{{ locale }}{{ _ }}{{ hostile }}{% endmacro %}{{ m('fr') }}{{ m(hostile, markup) }}",
    "{% macro m(x) %}<a>{{ x }}{{ caller(hostile) }}</a>{% endmacro %}{% call(y) m(hostile) %}{{ y }}{{ _('退出') }}{% endcall %}",
    "{% set demo = hostile %}{{ demo }}{% for url in ('a', 'b') %}{{ url }}{{ loop.index }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% from 'ui/parts.html' import tag, light, step_bar %}{{ tag(words, 'blue') }}{{ light('red') }}{{ step_bar([(words, 'done')]) }}",
    "{{ day|day }}{{ day|iso }}{{ words.zh|upper|length }}{{ hostile|replace('b', 'i') }}{{ ('a' ~ hostile)|e }}",
    "{{ deep.words.zh }}{{ deep.count }}{{ deep.items() }}{{ deep.none.b is defined }}{{ words.no|default('x') }}{{ deep.words.en.upper() }}",
    "{% from 'ui/parts.html' import tag %}{% set state = once(tag) %}{% for w in [words, words] %}{{ state(w, hostile) }}{% endfor %}",
    '{% filter upper %}{{ hostile }}{{ _("登录") }}{% endfilter %}{% set x %}<b>{{ hostile }}{% endset %}{{ x }}',
]  # fmt: skip


@pytest.fixture
def values():
    from datetime import UTC, datetime

    return {
        "hostile": HOSTILE, "markup": Markup("<b>"), "none": None, "words": W("是<", "yes<"), "unknown": "没有这句", "name": "login",
        "deep": {"words": W("深", "deep"), "count": 3, "none": None},
        "day": datetime(2026, 2, 28, 16, tzinfo=UTC),
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("piece", PIECES)
def test_a_folded_template_says_the_same(piece, language, values):
    house = engines["jinja2"].env
    with translation.override(language):
        plain = house.from_string(piece).render({**values, "locale": language})
    with translation.override("zh-hans" if language == "en" else "en"):  # its language is its own
        folded = house.in_language(language).from_string(piece).render({**values, "locale": language})
    assert folded == plain


def test_what_stands_in_the_template_is_worked_out_once():
    house = engines["jinja2"].env.in_language("en")
    source = house.compile('{% if locale == "en" %}{{ icon("login") }}{{ _("登录") }}{% endif %}</a>', raw=True)
    assert "Sign in</a>" in source
    assert "icon(" not in source


def test_every_template_compiles():
    for name in TEMPLATES:
        folding.template(name, "zh-hans")


def test_a_name_that_is_not_there_fails():
    house = engines["jinja2"].env.in_language("zh-hans")
    for piece in ("{{ nobody }}", "{{ nobody() }}", "{{ words.nothing }}"):
        with pytest.raises(jinja2.UndefinedError):
            house.from_string(piece).render({"words": W("", "")})


ONE = UUID("018f2f4e-8d5e-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("portal:home", ()), ("office:case", ("GH-2026-1",)), ("office:case", ("a b/ü",)), ("office:case", ("..",)), ("office:case", ("",)),
        ("office:case", (ONE,)), ("office:case", (Markup("x"),)), ("office:case", ()), ("office:case", ("a", "b")),
        ("office:task", ("N-1", ONE, "claim")), ("office:task", ("N-1", str(ONE), "claim")), ("office:task", ("N-1", "x", "claim")),
        ("office:document", (ONE,)), ("no:where", ("x",)), ("api:openapi-json", ()),
    ],
)  # fmt: skip
def test_addresses_are_those_of_django(name, args):
    try:
        expected = reverse(name, args=args)
    except NoReverseMatch:
        with pytest.raises(NoReverseMatch):
            address(name, *args)
    else:
        assert address(name, *args) == expected
