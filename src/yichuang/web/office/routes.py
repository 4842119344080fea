"""The office's address book."""

from yichuang.core.actors import Channel
from yichuang.core.roles import CHIEF_REPRESENTATIVE, HALL_MANAGER, REVIEWER, SUPERVISOR
from yichuang.web.office import (
    appraisals,
    archive,
    certificates,
    checks,
    corrections,
    items,
    packages,
    questions,
    ratings,
    rechecks,
    several,
    supervision,
    views,
)
from yichuang.webkit import looks
from yichuang.webkit.routes import Door, route, staff

STAFF = staff(REVIEWER, SUPERVISOR, CHIEF_REPRESENTATIVE)
REVIEWERS = staff(REVIEWER, CHIEF_REPRESENTATIVE)
SUPERVISORS = staff(SUPERVISOR)
WATCHERS = staff(REVIEWER, SUPERVISOR, CHIEF_REPRESENTATIVE, HALL_MANAGER)
URGERS = staff(SUPERVISOR, HALL_MANAGER)
KEEPERS = staff(REVIEWER, SUPERVISOR)
POST = ("POST",)

DOOR = Door(
    name="office",
    prefix="office/",
    channel=Channel.COUNTER,
    routes=(
        route("", views.tasks, name="tasks", audience=STAFF),
        route("tasks/", several.act, name="several", audience=REVIEWERS, methods=POST),
        route("cases/", views.department_cases, name="cases", audience=STAFF),
        route("supervision/", supervision.supervision, name="supervision", audience=WATCHERS),
        route("questions/", questions.questions, name="questions", audience=STAFF),
        route(
            "questions/<uuid:question>/answer/",
            questions.answer,
            name="answer",
            audience=staff(REVIEWER),
            methods=POST,
        ),
        route("duty/", questions.duty, name="duty", audience=staff(REVIEWER), methods=("GET", "POST")),
        route("rechecks/", rechecks.rechecks, name="rechecks", audience=STAFF),
        route(
            "rechecks/<uuid:recheck>/",
            rechecks.recheck,
            name="recheck",
            audience=staff(REVIEWER),
            methods=("GET", "POST"),
        ),
        route("checks/", checks.checks, name="checks", audience=STAFF),
        route("checks/<uuid:commitment>/", checks.check, name="check", audience=STAFF),
        route("checks/<uuid:commitment>/<str:step>/", checks.step, name="check-step", audience=REVIEWERS, methods=POST),
        route("ratings/", ratings.ratings, name="ratings", audience=WATCHERS),
        route("items/", items.items, name="items", audience=WATCHERS),
        route("packages/<str:number>/", packages.one, name="package", audience=STAFF),
        route("cases/<str:number>/urge/", supervision.urge, name="urge", audience=URGERS, methods=POST),
        route("cases/<str:number>/", views.case, name="case", audience=STAFF),
        route("cases/<str:number>/clock/", views.clock, name="clock", audience=STAFF),
        route("cases/<str:number>/unmask/", views.unmask, name="unmask", audience=STAFF, methods=POST),
        route("cases/<str:number>/decide/", views.decide, name="decide", audience=REVIEWERS, methods=POST),
        route(
            "cases/<str:number>/human-review/",
            views.human_review,
            name="human-review",
            audience=REVIEWERS,
            methods=POST,
        ),
        route("cases/<str:number>/suspend/", views.suspend, name="suspend", audience=REVIEWERS, methods=POST),
        route("cases/<str:number>/resume/", views.resume, name="resume", audience=REVIEWERS, methods=POST),
        route(
            "cases/<str:number>/extension/<str:step>/",
            views.extension,
            name="extension",
            audience=REVIEWERS,
            methods=POST,
        ),
        route(
            "cases/<str:number>/hearing/<str:step>/", views.hearing, name="hearing", audience=REVIEWERS, methods=POST
        ),
        route(
            "cases/<str:number>/transfer/", views.transfer, name="transfer", audience=REVIEWERS, methods=("GET", "POST")
        ),
        route("corrections/", corrections.waiting, name="corrections", audience=REVIEWERS),
        route(
            "cases/<str:number>/correct/",
            corrections.correct,
            name="correct",
            audience=REVIEWERS,
            methods=("GET", "POST"),
        ),
        route(
            "cases/<str:number>/corrections/<uuid:correction>/<str:step>/",
            corrections.correction,
            name="correction",
            audience=REVIEWERS,
            methods=POST,
        ),
        route(
            "cases/<str:number>/answer-code/", views.answer_code, name="answer-code", audience=REVIEWERS, methods=POST
        ),
        route("cases/<str:number>/terminate/", views.terminate, name="terminate", audience=REVIEWERS, methods=POST),
        route("cases/<str:number>/notify/", views.notify_again, name="notify", audience=SUPERVISORS, methods=POST),
        route("cases/<str:number>/repair/", views.repair, name="repair", audience=SUPERVISORS, methods=POST),
        route(
            "cases/<str:number>/tasks/<uuid:task>/<str:step>/",
            views.task,
            name="task",
            audience=REVIEWERS,
            methods=POST,
        ),
        route("archive/", archive.archive, name="archive", audience=KEEPERS),
        route("archive/<uuid:package>/", archive.package, name="archive-package", audience=KEEPERS),
        route("archive/appraisals/", appraisals.appraisals, name="appraisals", audience=KEEPERS),
        route(
            "archive/<uuid:package>/appraisal/",
            appraisals.appraisal,
            name="appraisal",
            audience=KEEPERS,
            methods=("GET", "POST"),
        ),
        route(
            "archive/<uuid:package>/appraisal/answer/",
            appraisals.answer,
            name="appraisal-answer",
            audience=KEEPERS,
            methods=POST,
        ),
        route("certificates/", certificates.certificates, name="certificates", audience=STAFF),
        route("certificates/<uuid:id>/", certificates.certificate, name="certificate", audience=STAFF),
        route(
            "certificates/<uuid:id>/open/",
            certificates.open_one,
            name="certificate-open",
            audience=REVIEWERS,
            methods=POST,
        ),
        route(
            "certificates/<uuid:id>/proceedings/<uuid:proceeding>/<str:step>/",
            certificates.step,
            name="certificate-step",
            audience=REVIEWERS,
            methods=POST,
        ),
        route("documents/<uuid:document>/", looks.document, name="document", audience=STAFF),
        route("uploads/<uuid:upload>/", looks.upload, name="upload", audience=STAFF),
    ),
)
