"""A case's page with 20 acts in its timeline: the citizen's own, and the same case as the department sees it."""

from collections.abc import Iterator

from bench.ceiling import Ceiling
from bench.client import Answer, Connection, Request, for_ever, sign_in
from bench.figures import Result
from bench.measure import measure, profile
from bench.stack import Stack
from bench.world import World

NAME = "casepage"
BAR = 20.0
ACTS = 20
# every row that the page shows or needs, one prepared statement per table, by key
WHO = """
SELECT session_key, session_data, expire_date FROM django_session WHERE session_key = '{session}';
SELECT a.*, p.* FROM people_account AS a LEFT JOIN people_party AS p ON p.id = a.party_id WHERE a.username = '{who}';
"""
CASE = """
SELECT * FROM cases_case WHERE number = '{number}';
SELECT * FROM cases_material WHERE case_id = '{id}' ORDER BY "order";
SELECT f.*, u.* FROM cases_materialfile AS f JOIN cases_upload AS u ON u.id = f.upload_id
  WHERE f.material_id IN (SELECT id FROM cases_material WHERE case_id = '{id}');
SELECT * FROM cases_document WHERE case_id = '{id}' ORDER BY id;
SELECT * FROM core_entry WHERE subject_kind = 'case' AND subject_id = '{id}' ORDER BY seq;
"""
LOOKS = "SELECT * FROM people_look WHERE party_id = '{party}' ORDER BY at DESC, id DESC LIMIT 100;\n"
STAFF = """
SELECT s.* FROM people_staff AS s JOIN people_account AS a ON a.id = s.account_id WHERE a.username = '{who}';
SELECT g.* FROM people_grantrow AS g WHERE g.staff_id = '{staff}';
SELECT i.* FROM engine_instance AS i WHERE i.subject_id = '{id}' AND i.subject_kind = 'case';
SELECT t.* FROM engine_task AS t WHERE t.subject_id = '{id}' AND t.subject_kind = 'case';
"""


def run(stack: Stack, world: World, quick: bool) -> list[Result]:
    case = world.walked("zhangxiao", ACTS)
    return [_page(stack, world, case["number"], door, who, quick) for door, who in DOORS]


DOORS = (("my/cases/{number}", "zhangxiao"), ("office/cases/{number}/", "wangqiang"))


def _page(stack: Stack, world: World, number: str, door: str, who: str, quick: bool) -> Result:
    headers = sign_in(stack.port, who, world.password)
    request = Request("/" + door.format(number=number), headers)
    office = door.startswith("office")
    result = Result(
        NAME + ("-office" if office else ""),
        f"{'the department' if office else 'the applicant'} opens a case with {ACTS} acts",
        BAR,
    )
    connection = Connection(stack.port)
    answer = connection.send(request)
    connection.close()
    result.facts |= {"bytes": len(answer.body), "cases": world.loaded}
    result.faults += _faults(answer, number)
    script = _script(stack, headers["Cookie"], number, who, office)
    requests: Iterator[Request] = for_ever(lambda _: request)
    measure(stack, result, requests, Ceiling(stack, script), quick=quick)
    profile(stack, result, lambda: request, 44)
    return result


def _faults(answer: Answer, number: str) -> list[str]:
    """The page that is measured must be the page that was meant."""
    shown = answer.body.count(b"<time class=") or answer.body.count(b"<time ")
    if answer.status != 200 or number.encode() not in answer.body or shown < ACTS:
        return [f"status {answer.status}, {shown} rows of the timeline"]
    return []


def _script(stack: Stack, cookie: str, number: str, who: str, office: bool) -> str:
    case, party = stack.execute(f"SELECT id, applicant_id FROM cases_case WHERE number = '{number}'")[0]
    session = next(part.partition("=")[2] for part in cookie.split("; ") if part.startswith("session="))
    told = {"session": session, "who": who, "number": number, "id": case, "party": party, "staff": ""}
    if office:
        found = stack.execute(
            f"SELECT s.id FROM people_staff s JOIN people_account a ON a.id = s.account_id WHERE a.username = '{who}'"
        )
        told["staff"] = found[0][0]
    return (WHO + CASE + (STAFF if office else LOOKS)).format(**told)
