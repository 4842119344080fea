"""A JSON Schema becomes a form and what was posted becomes data again."""

import re
from typing import Any

from django.http import QueryDict
from django.template import engines

from yichuang.core.refusals import Reason
from yichuang.core.words import W
from yichuang.webkit import forms
from yichuang.webkit.problems import problems_of

SCHEMA: dict[str, Any] = {
    "type": "object",
    "x-groups": [{"id": "dog", "zh": "犬只", "en": "The dog"}, {"id": "owner", "zh": "养犬人", "en": "The owner"}],
    "required": ["owner", "dog"],
    "$defs": {"name": {"type": "string", "x-label": "姓名", "x-label-en": "Name", "maxLength": 50}},
    "properties": {
        "owner": {
            "type": "object", "x-group": "owner", "x-label": "养犬人", "x-label-en": "Owner", "required": ["name"],
            "properties": {
                "name": {"$ref": "#/$defs/name", "x-personal": True},
                "mobile": {"type": "string", "format": "mobile", "x-label": "手机", "x-label-en": "Mobile"},
            },
        },
        "dog": {
            "type": "object", "x-group": "dog", "x-label": "犬只", "x-label-en": "Dog", "required": ["sex"],
            "properties": {
                "sex": {"type": "string", "enum": ["m", "f"], "x-label": "性别", "x-label-en": "Sex", "x-options": {"m": {"zh": "公", "en": "male"}, "f": {"zh": "母", "en": "female"}}},
                "height": {"type": "number", "x-label": "肩高", "x-label-en": "Height", "x-unit": "cm"},
                "teeth": {"type": "integer", "x-label": "牙", "x-label-en": "Teeth"},
                "sterilised": {"type": "boolean", "x-label": "绝育", "x-label-en": "Sterilised"},
                "colours": {"type": "array", "x-label": "毛色", "x-label-en": "Colours", "items": {"enum": ["b", "w"], "x-options": {"b": {"zh": "黑", "en": "black"}, "w": {"zh": "白", "en": "white"}}}},
            },
        },
        "keepers": {"type": "array", "x-label": "共同饲养人", "x-label-en": "Keepers", "maxItems": 3, "items": {"type": "object", "x-label": "人", "required": ["name"], "properties": {"name": {"$ref": "#/$defs/name"}}}},
        "agree": {"type": "boolean", "x-widget": "checkbox", "x-label": "同意", "x-label-en": "I agree"},
    },
}  # fmt: skip


def post(text: str) -> QueryDict:
    return QueryDict(text)


def test_subjects_come_in_the_order_of_the_groups_and_nothing_is_left_out() -> None:
    assert [(s.id, s.names) for s in forms.subjects(SCHEMA)] == [
        ("dog", ("dog",)),
        ("owner", ("owner",)),
        ("keepers", ("keepers",)),
        ("other", ("agree",)),
    ]


def test_fields_carry_kind_label_value_and_origin() -> None:
    origin = {"/owner/name": W("您的账号", "your account")}
    dog, owner, *_ = forms.render_schema(SCHEMA, {"owner": {"name": "𠮷田"}, "dog": {"height": 40}}, origins=origin)
    kinds = {f.name: f.kind for f in dog.fields[0].children}
    assert kinds == {
        "/dog/sex": "radio",
        "/dog/height": "text",
        "/dog/teeth": "text",
        "/dog/sterilised": "yesno",
        "/dog/colours": "checks",
    }
    name, mobile = owner.fields[0].children
    assert (name.value, name.required, name.personal, name.origin) == ("𠮷田", True, True, origin["/owner/name"])
    assert (mobile.kind, mobile.required, mobile.origin) == ("tel", False, None)


def test_posted_text_becomes_typed_data_and_nonsense_stays_to_be_refused() -> None:
    found = forms.parse_schema_post(
        SCHEMA,
        post(
            "/dog/sex=m&/dog/height=40.5&/dog/teeth=many&/dog/sterilised=false&/dog/colours=b&/dog/colours=w&/owner/name= 张 &agree=x&/hack=1"
        ),
    )
    dog = {"sex": "m", "height": 40.5, "teeth": "many", "sterilised": False, "colours": ["b", "w"]}
    assert found == {"dog": dog, "owner": {"name": "张"}}


def test_what_is_typed_comes_back_the_same() -> None:
    form = {
        "dog": {"sex": "f", "height": 40, "teeth": 42, "sterilised": True, "colours": ["w"]},
        "keepers": [{"name": "李"}],
        "agree": True,
    }
    posted = QueryDict(mutable=True)

    def fill(field: forms.Field) -> None:
        if field.kind in {"group", "list"}:
            if field.kind == "list":
                posted[f"{field.name}#"] = str(len(field.children))
            for child in field.children:
                fill(child)
        elif field.kind == "checks":
            posted.setlist(field.name, field.value)
        else:
            posted[field.name] = field.value

    for page in forms.render_schema(SCHEMA, form):
        for each in page.fields:
            fill(each)
    assert forms.parse_schema_post(SCHEMA, posted) == form


def test_a_subject_replaces_only_itself() -> None:
    dog, owner, *_ = forms.subjects(SCHEMA)
    base = {"dog": {"sex": "m"}, "owner": {"name": "张"}}
    assert forms.parse_schema_post(SCHEMA, post("/owner/name=李"), base, owner) == {
        "dog": {"sex": "m"},
        "owner": {"name": "李"},
    }
    assert forms.parse_schema_post(SCHEMA, post("x=1"), base, dog) == {"owner": {"name": "张"}}


def test_rows_are_added_and_removed_without_javascript() -> None:
    form = forms.parse_schema_post(SCHEMA, post("/keepers%23=2&/keepers/0/name=A&/keepers/1/name=B"))
    assert form["keepers"] == [{"name": "A"}, {"name": "B"}]
    assert forms.press_buttons(SCHEMA, form, post("_add=/keepers")) == "/keepers/2"
    assert forms.press_buttons(SCHEMA, form, post("_remove=/keepers/0")) == "/keepers"
    assert form["keepers"] == [{"name": "B"}, {}]
    assert forms.press_buttons(SCHEMA, form, post("_add=/owner/name/x")) == ""
    assert forms.press_buttons(SCHEMA, form, post("")) == ""


def test_a_huge_row_count_is_bounded() -> None:
    form = forms.parse_schema_post(SCHEMA, post("/keepers%23=999999999"))
    assert len(form["keepers"]) == forms.MOST_ROWS


def test_problems_stand_on_the_page_of_their_field() -> None:
    problems = problems_of([Reason("X", W("错", "wrong"), "/owner/name"), Reason("Y", W("总", "all"))])
    dog, owner, *_ = forms.render_schema(SCHEMA, {}, problems)
    assert [p.code for p in dog.problems] == ["Y"]
    assert [p.code for p in owner.problems] == ["X", "Y"]
    assert owner.problems.of("/owner/name")[0].anchor == "f-owner-name" == owner.fields[0].children[0].id


def test_answers_are_shown_as_people_read_them() -> None:
    form = {"dog": {"sex": "f", "height": 40, "sterilised": False, "colours": ["b", "w"]}, "keepers": [{"name": "李"}]}
    lines = [a for s in forms.subjects(SCHEMA) for a in forms.answers_of(SCHEMA, form, s)]
    shown = {a.pointer: a.value.zh for a in lines}
    assert shown["/dog/sex"] == "母"
    assert shown["/dog/height"] == "40 cm"
    assert shown["/dog/colours"] == "黑、白"
    assert shown["/dog/sterilised"] == "否"
    assert shown["/owner/name"] == "—"
    keeper = next(a for a in lines if a.pointer == "/keepers/0/name")
    assert (keeper.label.en, keeper.row.en, keeper.name.en) == ("Keepers, no. 1 · Name", "Keepers, no. 1", "Name")


def test_each_row_of_a_list_has_its_heading_once() -> None:
    form = {"keepers": [{"name": "李"}, {"name": "张"}]}
    lines = [a for s in forms.subjects(SCHEMA) for a in forms.answers_of(SCHEMA, form, s)]
    page = '{% from "ui/parts.html" import term %}{% for line in lines %}{{ term(line, loop.previtem) }}{% endfor %}'
    shown = engines["jinja2"].env.from_string(page).render(lines=lines)
    headings = re.findall(r'<dt class="row-of">(.*?)</dt>', shown)
    assert "·" not in shown
    lines = [a for a in lines if a.row.zh]
    shown = engines["jinja2"].env.from_string(page).render(lines=lines)
    assert shown.startswith('<dt class="row-of">'), "a list may come first"
    rows = [a.row.zh for a in lines]
    assert headings == list(dict.fromkeys(rows))
    assert len(headings) == 2


def test_staff_read_personal_lines_masked_by_their_format() -> None:
    """A long name keeps its family name, a company its name, a choice (a grade of disability) nothing."""
    schema = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "format": "name_cn", "x-personal": True},
            "lessee": {"type": "string", "x-personal": True},
            "card": {"type": "string", "format": "bank_card", "x-personal": True},
            "grade": {"enum": ["1", "2"], "x-options": {"1": {"zh": "一级", "en": "1"}, "2": {"zh": "二级", "en": "2"}}}
            | {"type": "string", "x-personal": True},
            "home": {"type": "string", "x-personal": True},
            "income": {"type": "number", "x-personal": True},
            "note": {"type": "string"},
        },
    }
    form = {
        "income": 36000.5,
        "name": "阿不都热西提·买买提艾力江·阿卜杜拉",
        "lessee": "深圳市罗湖区阳光宠物用品有限公司",
        "card": "6222020000000001234",
        "grade": "1",
        "note": "张三",
    }
    shown = {a.pointer: a.value.zh for _, lines in forms.masked_answers(schema, form) for a in lines}
    assert shown == {
        "/name": "阿***·***·***拉",
        "/lessee": "深圳市罗湖区阳光宠物用品有限公司",
        "/card": "**** 1234",
        "/grade": "****",
        "/home": "—",
        "/income": "****",
        "/note": "张三",
    }
    assert forms.masked_form(schema, form) == {p.removeprefix("/"): v for p, v in shown.items() if p != "/home"}


def test_a_month_is_read_as_people_say_it_only_where_the_form_asks_for_one() -> None:
    month = {"type": "string", "pattern": "^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$"}
    assert forms.readable(month, "2024-05", {}) == W("2024年5月", "May 2024")
    assert forms.readable({"type": "string", "pattern": "^[0-9-]+$"}, "1901-05", {}) == W("1901-05", "1901-05")
