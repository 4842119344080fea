"""What the books already say of an applicant, put where a form asks for it: whatever document they are known by.

A person: name, mobile and the number — in the field for 18-digit numbers (GB 11643: resident cards, residence permits of
Hong Kong, Macao and Taiwan residents, new cards of foreign permanent residents) or, with any other document, in
`id_type` and `other_id`. A company: name and credit code; its contact stays to be named.
"""

from collections.abc import Mapping

from yichuang.core.identifiers import check_cn_id
from yichuang.people.values import RESIDENT_ID, PartyRow
from yichuang.webkit.forms import JsonDict, Schema, resolve, type_of


def prefilled(schema: Schema, applicant: PartyRow) -> JsonDict:
    """{part: {field: value}} of the first part that asks for such an applicant; empty when none does."""
    wanted = "uscc" if applicant.kind == "company" else "cn_id"
    for name, raw in schema.get("properties", {}).items():
        part = resolve(raw, schema)
        fields = part.get("properties", {}) if type_of(part) == "object" else {}
        if any(field.get("format") == wanted for field in fields.values()):
            known = _of_company(fields, applicant) if wanted == "uscc" else _of_person(fields, applicant)
            return {name: known} if known else {}
    return {}


def _of_company(fields: Mapping[str, Schema], applicant: PartyRow) -> JsonDict:
    found = {key: applicant.id_no for key, field in fields.items() if field.get("format") == "uscc"}
    return found | _plain(fields, {"name": applicant.name, "address": applicant.address})


def _of_person(fields: Mapping[str, Schema], applicant: PartyRow) -> JsonDict:
    found = _plain(fields, {"name": applicant.name, "mobile": applicant.mobile, "address": applicant.address})
    number_in = next(key for key, field in fields.items() if field.get("format") == "cn_id")
    chooses = fields.get("id_type", {}).get("enum")
    if chooses is None:
        return found | ({number_in: applicant.id_no} if not check_cn_id(applicant.id_no) else {})
    if applicant.id_type not in chooses:  # the form does not know this document: the person says which one counts
        return found
    other = applicant.id_type != RESIDENT_ID and "other_id" in fields
    return found | {"id_type": applicant.id_type, "other_id" if other else number_in: applicant.id_no}


def _plain(fields: Mapping[str, Schema], known: Mapping[str, str]) -> JsonDict:
    return {key: value for key, value in known.items() if value and fields.get(key, {}).get("type") == "string"}
