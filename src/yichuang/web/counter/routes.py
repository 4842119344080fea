"""The counter's address book."""

from yichuang.core.actors import Channel
from yichuang.core.roles import CHIEF_REPRESENTATIVE, COMMUNITY_WORKER, HALL_MANAGER, INTAKE_CLERK, ISSUING_CLERK
from yichuang.web.counter import (
    asking,
    booking_plan,
    bookings,
    desk,
    door,
    elsewhere,
    hall,
    helping,
    home,
    hours,
    intake,
    issue,
    loans,
    packages,
    priority,
    queueing,
    relaying,
    replay,
    service,
    signing,
    turning,
    views,
)
from yichuang.webkit import looks
from yichuang.webkit.routes import Door, route, staff

STAFF = staff(INTAKE_CLERK, COMMUNITY_WORKER, ISSUING_CLERK, CHIEF_REPRESENTATIVE, HALL_MANAGER)
CLERKS = staff(INTAKE_CLERK, COMMUNITY_WORKER)
CHIEFS = staff(CHIEF_REPRESENTATIVE)
ISSUERS = staff(ISSUING_CLERK, COMMUNITY_WORKER)
SERVERS = staff(INTAKE_CLERK, COMMUNITY_WORKER, ISSUING_CLERK)
HELPERS = staff(INTAKE_CLERK, COMMUNITY_WORKER, HALL_MANAGER)
MANAGERS = staff(HALL_MANAGER)
GUIDES = staff(INTAKE_CLERK, COMMUNITY_WORKER, ISSUING_CLERK, HALL_MANAGER)
SENDERS = staff(INTAKE_CLERK, COMMUNITY_WORKER, CHIEF_REPRESENTATIVE)
POST, BOTH = ("POST",), ("GET", "POST")

DOOR = Door(
    name="counter",
    prefix="counter/",
    channel=Channel.COUNTER,
    routes=(
        route("", desk.desk, name="desk", audience=STAFF),
        route("ratings/<uuid:invitation>/", queueing.rating, name="rating", audience=SERVERS, methods=POST),
        route("leave/", desk.leave, name="leave", audience=CLERKS, methods=POST),
        route("loans/", loans.loans, name="loans", audience=GUIDES),
        route("loans/<str:step>/", loans.step, name="loans-step", audience=GUIDES, methods=POST),
        route("relay/", relaying.relay, name="relay", audience=CLERKS, methods=BOTH),
        route("intake/", intake.find, name="intake", audience=CLERKS, methods=BOTH),
        route("intake/<uuid:party>/", intake.person, name="person", audience=CLERKS),
        route("intake/<uuid:party>/<str:code>/", intake.apply, name="apply", audience=CLERKS, methods=BOTH),
        route("packages/", packages.find, name="packages", audience=STAFF),
        route("packages/<str:number>/", packages.one, name="package", audience=STAFF),
        route("cases/<str:number>/", views.case, name="case", audience=STAFF),
        route("cases/<str:number>/clock/", views.clock, name="clock", audience=STAFF),
        route("cases/<str:number>/unmask/", views.unmask, name="unmask", audience=STAFF, methods=POST),
        route("cases/<str:number>/accept/", views.accept, name="accept", audience=CLERKS, methods=POST),
        route("cases/<str:number>/promise/", views.promise, name="promise", audience=CLERKS, methods=POST),
        route("cases/<str:number>/offer/", views.offer, name="offer", audience=CLERKS, methods=POST),
        route("cases/<str:number>/notify/", views.notify, name="notify", audience=CLERKS, methods=POST),
        route("cases/<str:number>/precheck/", views.precheck, name="precheck", audience=CLERKS, methods=POST),
        route("cases/<str:number>/refuse/", views.refuse, name="refuse", audience=CLERKS, methods=POST),
        route("cases/<str:number>/withdraw/", views.withdraw, name="withdraw", audience=CLERKS, methods=POST),
        route("cases/<str:number>/terminate/", views.terminate, name="terminate", audience=CLERKS, methods=POST),
        route("cases/<str:number>/supplement/", views.supplement, name="supplement", audience=CLERKS, methods=POST),
        route("cases/<str:number>/supply-link/", views.supply_link, name="supply-link", audience=CLERKS, methods=POST),
        route("cases/<str:number>/trips/", views.trip, name="trip", audience=SERVERS, methods=POST),
        route("cases/<str:number>/decide/", views.decide, name="decide", audience=CHIEFS, methods=POST),
        route("cases/<str:number>/hand-over/", issue.hand_over, name="hand-over", audience=ISSUERS, methods=BOTH),
        route("cases/<str:number>/exchange/", issue.exchange, name="exchange", audience=ISSUERS, methods=POST),
        route("cases/<str:number>/certificate/", issue.certificate, name="certificate", audience=ISSUERS),
        route("cases/<str:number>/send/", elsewhere.send, name="send", audience=SERVERS, methods=POST),
        route("cases/<str:number>/transfer/", elsewhere.transfer, name="transfer", audience=SENDERS, methods=BOTH),
        route("cases/<str:number>/correct/", turning.correct, name="correct", audience=SENDERS, methods=BOTH),
        route(
            "cases/<str:number>/corrections/<uuid:correction>/<str:step>/",
            turning.correction,
            name="correction",
            audience=SENDERS,
            methods=POST,
        ),
        route("cases/<str:number>/receive/", elsewhere.receive, name="receive", audience=SERVERS, methods=POST),
        route("cases/<str:number>/priority/", priority.priority, name="priority", audience=CLERKS, methods=POST),
        route("cases/<str:number>/ask/", asking.ask, name="ask", audience=CLERKS, methods=POST),
        route("identity/<uuid:party>/", signing.identity, name="identity", audience=CLERKS, methods=BOTH),
        route("signatures/<uuid:signature>/", signing.signature, name="signature", audience=CLERKS, methods=BOTH),
        route("service/<uuid:party>/", service.service, name="service", audience=CLERKS, methods=BOTH),
        route("help/", helping.listed, name="help", audience=HELPERS),
        route("help/new/<uuid:party>/", helping.new, name="help-new", audience=CLERKS, methods=BOTH),
        route("help/<uuid:help>/", helping.one, name="help-one", audience=HELPERS),
        route("help/<uuid:help>/<str:step>/", helping.step, name="help-step", audience=HELPERS, methods=POST),
        route("door/", door.door, name="door", audience=GUIDES),
        route("door/give/", door.give, name="door-give", audience=GUIDES, methods=POST),
        route("door/arrive/<uuid:booking>/", door.arrive, name="door-arrive", audience=GUIDES, methods=POST),
        route("queue/", queueing.queue, name="queue", audience=GUIDES),
        route("queue/take/", queueing.take, name="queue-take", audience=GUIDES, methods=POST),
        route("queue/<str:step>/", queueing.step, name="queue-step", audience=SERVERS, methods=POST),
        route("tickets/<uuid:ticket>/<str:step>/", queueing.ticket, name="ticket", audience=SERVERS, methods=POST),
        route("bookings/", bookings.listed, name="bookings", audience=GUIDES),
        route("bookings/close-day/", bookings.close_day, name="booking-close-day", audience=MANAGERS, methods=POST),
        route("bookings/plan/", booking_plan.plan, name="booking-plan", audience=MANAGERS),
        route(
            "bookings/plan/<str:step>/", booking_plan.save, name="booking-plan-save", audience=MANAGERS, methods=POST
        ),
        route("bookings/new/<uuid:party>/", bookings.new, name="booking-new", audience=CLERKS, methods=BOTH),
        route("bookings/<uuid:booking>/", bookings.one, name="booking", audience=GUIDES),
        route("bookings/originals/", home.originals, name="originals", audience=GUIDES),
        route("bookings/<uuid:booking>/home/", home.visit, name="home", audience=GUIDES),
        route("bookings/<uuid:booking>/home/draft/", home.draft, name="home-draft", audience=CLERKS, methods=POST),
        route("bookings/<uuid:booking>/home/receipt/", home.receipt, name="home-receipt", audience=GUIDES),
        route("bookings/<uuid:booking>/home/<str:step>/", home.step, name="home-step", audience=GUIDES, methods=POST),
        route("originals/<uuid:original>/back/", home.give_back, name="original-back", audience=GUIDES, methods=POST),
        route("bookings/<uuid:booking>/arrive/", bookings.arrive, name="booking-arrive", audience=GUIDES, methods=POST),
        route("bookings/<uuid:booking>/move/", bookings.move, name="booking-move", audience=GUIDES, methods=BOTH),
        route("bookings/<uuid:booking>/<str:step>/", bookings.step, name="booking-step", audience=GUIDES, methods=POST),
        route("hall/", hall.hall, name="hall", audience=MANAGERS),
        route("hall/replay/", replay.replay, name="hall-replay", audience=MANAGERS),
        route("hall/hours/", hours.hours, name="hall-hours", audience=MANAGERS),
        route("hall/hours/<str:step>/", hours.step, name="hall-hours-step", audience=MANAGERS, methods=POST),
        route("hall/items/", hall.item, name="hall-item", audience=MANAGERS, methods=POST),
        route("hall/windows/<str:step>/", hall.window, name="hall-window", audience=MANAGERS, methods=POST),
        route("ready/", issue.ready, name="ready", audience=ISSUERS),
        route("documents/<uuid:document>/", looks.document, name="document", audience=STAFF),
        route("uploads/<uuid:upload>/", looks.upload, name="upload", audience=STAFF),
    ),
)
