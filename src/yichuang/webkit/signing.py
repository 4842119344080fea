"""共同签署: what is signed, as the signer reads it at any door."""

from dataclasses import replace
from datetime import datetime

from yichuang.cases.cosigning import SignaturePage
from yichuang.catalog import queries as catalog
from yichuang.core.words import W, Words
from yichuang.webkit.areas import with_places
from yichuang.webkit.forms import Answer, Subject, answers_of, subjects

FETCHED = W("{name}（不用交，经申请人同意调取）", "{name} (not handed in: fetched with the applicant’s consent)")


def sections_of(page: SignaturePage, at: datetime) -> list[tuple[Subject, tuple[Answer, ...]]]:
    """The form as it is signed, subject by subject: names and terms are what is agreed to, numbers of people are masked.

    None of a form that is no longer theirs to read: a page of dashes would look like an empty application.
    """
    if not page.form:
        return []
    pack = catalog.get_pack(page.item_code, version=page.item_version, at=at)
    schema = with_places(catalog.form_schema(pack, page.answers, page.form))
    return [
        (subject, tuple(_shown(line) for line in answers_of(schema, page.form, subject)))
        for subject in subjects(schema)
    ]


def _shown(line: Answer) -> Answer:
    return replace(line, value=line.masked) if line.personal and not line.pointer.endswith("/name") else line


def choices_of(page: SignaturePage, at: datetime) -> list[tuple[Words, Words]]:
    """The situation that was chosen: question and answer."""
    pack = catalog.get_pack(page.item_code, version=page.item_version, at=at)
    rows = []
    for question in catalog.asked_questions(pack, page.answers):
        chosen = next((one.label for one in question.options if one.value == page.answers.get(question.id)), None)
        if chosen is not None:
            rows.append((question.text, chosen))
    return rows


def papers_of(page: SignaturePage, at: datetime) -> list[Words]:
    """The names of the papers that go with it, and of those that are fetched instead (免证办, with consent)."""
    pack = catalog.get_pack(page.item_code, version=page.item_version, at=at)
    return [
        material.name if material.code in page.materials else FETCHED.format(name=material.name)
        for material in pack.materials
        if material.code in {*page.materials, *page.fetched}
    ]
