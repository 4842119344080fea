"""告知承诺 by API: what is promised is read before filing, given back with it, and who promises is proved."""

from tests.cases.test_commitment import BARBER, ITEM
from tests.web.api.test_api import Caller

from yichuang.people import cast


def test_a_program_reads_the_letter_and_files_with_it(client, demo):
    call, example = Caller(client, demo, "zhangxiao"), demo.example(ITEM, BARBER)
    asked = {"answers": example.answers, "form": example.form}
    needs = call.post(f"items/{ITEM}/requirements", asked).json()
    (promised,) = needs["commitments"]
    assert promised["check_days"] == 40
    assert "国办发〔2020〕42号" not in promised["name"]["zh"]
    assert "指导意见" in promised["basis"]
    assert len(needs["letter"]) == 16
    body = {"item": ITEM, **asked}
    refused = call.post("cases", body, **{"Idempotency-Key": "one"})
    assert refused.status_code == 422
    assert {one["code"] for one in refused.json()["reasons"]} == {"NOT_COMMITTED", "PROOF_NEEDED"}
    filed = call.post(
        "cases",
        {**body, "commitment": needs["letter"], "password": cast.PASSWORD},
        **{"Idempotency-Key": "two"},
    )
    assert filed.status_code == 201, filed.content.decode()
    (row,) = call.get(f"cases/{filed.json()['number']}").json()["commitments"]
    assert (row["state"], row["code"], row["checks"]) == ("signed", "hygiene", [])


def test_the_usual_way_has_no_letter(client, demo):
    call, example = Caller(client, demo, "zhangxiao"), demo.example(ITEM, BARBER)
    needs = call.post(
        f"items/{ITEM}/requirements", {"answers": {**example.answers, "way": "usual"}, "form": example.form}
    ).json()
    assert (needs["commitments"], needs["letter"]) == ([], "")


def test_a_clerk_who_names_nobody_reads_what_is_needed(client, demo):
    example = demo.example(ITEM, BARBER)
    needs = Caller(client, demo, "lina").post(
        f"items/{ITEM}/requirements", {"answers": example.answers, "form": example.form}
    )
    assert needs.status_code == 200, needs.content.decode()
    assert [one["code"] for one in needs.json()["commitments"]] == ["hygiene"]
