"""Every address of the citizen's door, and who may come in."""

from yichuang.core.actors import Channel
from yichuang.web.portal import views_account as account
from yichuang.web.portal import views_agents as agents
from yichuang.web.portal import views_booking as booking
from yichuang.web.portal import views_bookings as bookings
from yichuang.web.portal import views_cases as mine
from yichuang.web.portal import views_certificates as after
from yichuang.web.portal import views_company as company
from yichuang.web.portal import views_correct as mending
from yichuang.web.portal import views_face as face
from yichuang.web.portal import views_filing as filing
from yichuang.web.portal import views_heard as heard
from yichuang.web.portal import views_held as fetching
from yichuang.web.portal import views_help as helping
from yichuang.web.portal import views_home as home
from yichuang.web.portal import views_items as items
from yichuang.web.portal import views_link as link
from yichuang.web.portal import views_lists as lists
from yichuang.web.portal import views_me as me
from yichuang.web.portal import views_packages as packages
from yichuang.web.portal import views_packed as packed
from yichuang.web.portal import views_packing as packing
from yichuang.web.portal import views_papers as papers
from yichuang.web.portal import views_places as places
from yichuang.web.portal import views_promise as letters
from yichuang.web.portal import views_rating as rating
from yichuang.web.portal import views_relay as relaying
from yichuang.web.portal import views_rules as judged
from yichuang.web.portal import views_service as serving
from yichuang.web.portal import views_signing as signing
from yichuang.web.portal import views_tickets as tickets
from yichuang.webkit.routes import ACCOUNT, DEMO, LINK, PUBLIC, SIGNED_IN, Door, route

BOTH = ("GET", "POST")
DOOR = Door(
    name="portal",
    prefix="",
    channel=Channel.PORTAL,
    routes=(
        route("", home.home, name="home", audience=PUBLIC),
        route("help", account.help_page, name="help", audience=PUBLIC),
        route("places", places.places, name="places", audience=PUBLIC),
        route("places/<str:code>", places.place, name="place", audience=PUBLIC),
        route("places/<str:code>/ticket", tickets.take, name="ticket-take", audience=SIGNED_IN, methods=("POST",)),
        route("t/<str:token>", tickets.ticket, name="ticket", audience=LINK, methods=BOTH),
        route("rate/<str:token>", rating.rate, name="rate", audience=LINK, methods=BOTH),
        route("my/ratings", rating.mine, name="ratings", audience=SIGNED_IN),
        route("items", items.items, name="items", audience=PUBLIC),
        route("items/<str:code>", items.item, name="item", audience=PUBLIC),
        route("items/<str:code>/halls", items.item_halls, name="item-halls", audience=PUBLIC),
        route("items/<str:code>/start", items.start, name="start", audience=PUBLIC),
        # 预约
        route("items/<str:code>/book", booking.halls, name="booking-halls", audience=PUBLIC),
        route("items/<str:code>/book/<str:place>", booking.slots, name="booking-slots", audience=PUBLIC),
        route("items/<str:code>/book/<str:place>/wait", booking.join, name="booking-wait", audience=SIGNED_IN, methods=("POST",)),
        route("book/<uuid:slot>/<str:code>", booking.confirm, name="booking-confirm", audience=SIGNED_IN, methods=BOTH),
        route("my/bookings", bookings.mine, name="bookings", audience=SIGNED_IN),
        route("my/bookings/<uuid:booking>", bookings.one, name="booking", audience=SIGNED_IN),
        route("my/bookings/<uuid:booking>/calendar.ics", bookings.calendar, name="booking-calendar", audience=SIGNED_IN),
        route("my/bookings/<uuid:booking>/<str:step>", bookings.step, name="booking-step", audience=SIGNED_IN, methods=("POST",)),
        route("my/waiting/<uuid:waiting>/<str:step>", bookings.wait_step, name="waiting-step", audience=SIGNED_IN, methods=("POST",)),
        route("lists", lists.lists, name="lists", audience=PUBLIC),
        route("lists/<str:code>", lists.one_list, name="list", audience=PUBLIC),
        # filing
        route("file/<str:item>", filing.start, name="file-start", audience=SIGNED_IN, methods=BOTH),
        route("file/<str:item>/", filing.start, name="file", audience=SIGNED_IN, methods=BOTH),
        route("my/drafts/<uuid:draft>", filing.resume, name="resume", audience=SIGNED_IN),
        route("my/drafts/<uuid:draft>/discard", filing.discard, name="discard", audience=SIGNED_IN, methods=BOTH),
        route("my/drafts/<uuid:draft>/relay", relaying.relay, name="relay", audience=SIGNED_IN, methods=BOTH),
        route("relay", relaying.enter, name="relay-enter", audience=SIGNED_IN, methods=BOTH),
        route("relay/<str:code>", relaying.opened, name="relay-open", audience=SIGNED_IN),
        route("my/drafts/<uuid:draft>/submit", filing.submit, name="submit", audience=SIGNED_IN, methods=("POST",)),
        route("my/drafts/<uuid:draft>/cosign", signing.ask, name="cosign", audience=SIGNED_IN, methods=("POST",)),
        route("my/drafts/<uuid:draft>/signing", signing.signing, name="signing", audience=SIGNED_IN, methods=BOTH),
        route("my/signatures", signing.listed, name="signatures", audience=SIGNED_IN),
        route("my/signatures/<uuid:signature>", signing.one, name="signature", audience=SIGNED_IN, methods=BOTH),
        route("my/drafts/<uuid:draft>/step/<str:step>", filing.step, name="file", audience=SIGNED_IN, methods=BOTH),
        route("my/drafts/<uuid:draft>/step/<str:step>/save", filing.save, name="file-save", audience=SIGNED_IN, methods=("POST",)),
        route("my/drafts/<uuid:draft>/papers/<str:material>", filing.upload, name="file-upload", audience=SIGNED_IN, methods=("POST",)),
        route("my/drafts/<uuid:draft>/papers/<str:material>/<uuid:upload>/remove", filing.remove, name="file-remove", audience=SIGNED_IN, methods=("POST",)),
        route("my/drafts/<uuid:draft>/papers/<str:material>/fetch", fetching.agree, name="file-fetch", audience=SIGNED_IN, methods=("POST",)),
        route("my/drafts/<uuid:draft>/papers/<str:material>/again", fetching.again, name="file-again", audience=SIGNED_IN, methods=("POST",)),
        route("my/drafts/<uuid:draft>/face", face.ask, name="file-face", audience=SIGNED_IN, methods=("POST",)),
        route("my/drafts/<uuid:draft>/face/aside", face.aside, name="file-face-aside", audience=SIGNED_IN, methods=("POST",)),
        route("my/drafts/<uuid:draft>/face/back", face.back, name="file-face-back", audience=SIGNED_IN),
        # 一件事
        route("packages", packages.packages, name="packages", audience=PUBLIC),
        route("packages/<str:code>", packages.package, name="package", audience=PUBLIC),
        route("packages/<str:code>/start", packing.start, name="package-start", audience=SIGNED_IN, methods=BOTH),
        route("my/packages", packages.my_packages, name="my-packages", audience=SIGNED_IN),
        route("my/packages/drafts/<uuid:draft>", packing.resume, name="package-draft", audience=SIGNED_IN),
        route("my/packages/drafts/<uuid:draft>/discard", packing.discard, name="package-discard", audience=SIGNED_IN, methods=BOTH),
        route("my/packages/drafts/<uuid:draft>/submit", packing.submit, name="package-submit", audience=SIGNED_IN, methods=("POST",)),
        route("my/packages/drafts/<uuid:draft>/step/<str:step>", packing.step, name="package-step", audience=SIGNED_IN, methods=BOTH),
        route("my/packages/drafts/<uuid:draft>/papers/<str:slot>/<str:material>", packing.upload, name="package-upload", audience=SIGNED_IN, methods=("POST",)),
        route("my/packages/drafts/<uuid:draft>/papers/<str:slot>/<str:material>/<uuid:upload>/remove", packing.remove, name="package-remove", audience=SIGNED_IN, methods=("POST",)),
        route("my/packages/<str:number>", packages.one, name="package-one", audience=SIGNED_IN),
        route("my/packages/<str:number>/receipt", packages.receipt, name="package-receipt", audience=SIGNED_IN),
        route("my/packages/<str:number>/items/<str:slot>", packed.complete, name="package-complete", audience=SIGNED_IN, methods=BOTH),
        route("my/packages/<str:number>/items/<str:slot>/leave", packed.leave, name="package-leave-item", audience=SIGNED_IN, methods=BOTH),
        route("my/packages/<str:number>/collect", packed.collect, name="package-collect", audience=SIGNED_IN, methods=("POST",)),
        route("my/packages/<str:number>/leave", packed.leave_all, name="package-leave", audience=SIGNED_IN, methods=BOTH),
        # my cases
        route("my/cases", mine.my_cases, name="my-cases", audience=SIGNED_IN),
        route("my/cases/<str:number>", mine.case, name="case", audience=SIGNED_IN),
        route("my/cases/<str:number>/receipt", filing.receipt, name="receipt", audience=SIGNED_IN),
        route("my/cases/<str:number>/clock", mine.clock, name="clock", audience=SIGNED_IN),
        route("my/cases/<str:number>/process", mine.process, name="case-process", audience=SIGNED_IN),
        route("my/cases/<str:number>/rules", judged.rules, name="rules", audience=SIGNED_IN, methods=BOTH),
        route("my/cases/<str:number>/papers", mine.supplement, name="supplement", audience=SIGNED_IN, methods=BOTH),
        route("my/cases/<str:number>/papers/<str:material>", mine.supplement_upload, name="supplement-upload", audience=SIGNED_IN, methods=("POST",)),
        route("my/cases/<str:number>/link", mine.supply_link, name="supply-link", audience=SIGNED_IN, methods=BOTH),
        route("my/cases/<str:number>/promise", letters.promise, name="promise", audience=SIGNED_IN, methods=BOTH),
        route("my/cases/<str:number>/promise/decline", letters.decline, name="decline", audience=SIGNED_IN, methods=BOTH),
        route("my/cases/<str:number>/correct", mending.correct, name="correct", audience=SIGNED_IN, methods=BOTH),
        route(
            "my/cases/<str:number>/corrections/<uuid:correction>/<str:step>",
            mending.correction,
            name="correction",
            audience=SIGNED_IN,
            methods=("POST",),
        ),
        route("my/cases/<str:number>/withdraw", mine.withdraw, name="withdraw", audience=SIGNED_IN, methods=BOTH),
        route("my/cases/<str:number>/objection", mine.objection, name="objection", audience=SIGNED_IN, methods=BOTH),
        route("my/cases/<str:number>/certificate", mine.certificate, name="my-certificate", audience=SIGNED_IN),
        route("my/documents/<uuid:document>", mine.document, name="document", audience=SIGNED_IN),
        route("my/files/<uuid:upload>", mine.my_upload, name="my-file", audience=SIGNED_IN),
        route("my/cases/<str:number>/pick-up", papers.pick_up, name="pick-up", audience=SIGNED_IN, methods=("POST",)),
        route("my/certificates", papers.certificates, name="certificates", audience=SIGNED_IN),
        route("my/certificates/<uuid:id>", papers.certificate, name="certificate", audience=SIGNED_IN),
        route("my/certificates/<uuid:id>/about", after.about, name="certificate-about", audience=SIGNED_IN),
        route("my/certificates/<uuid:id>/proceedings/<uuid:proceeding>/defence", after.defence, name="certificate-defence", audience=SIGNED_IN, methods=("POST",)),
        # without an account
        route("verify", papers.verify, name="verify", audience=PUBLIC, methods=BOTH),
        route("verify/<str:code>", papers.verify_code, name="verify-code", audience=PUBLIC),
        route("progress", link.progress, name="progress", audience=PUBLIC, methods=BOTH),
        route("s/", link.enter, name="supply-enter", audience=PUBLIC, methods=BOTH),
        route("s/<str:code>", link.supply, name="supply", audience=LINK, methods=BOTH),
        route("s/<str:code>/done", link.supply_done, name="supply-done", audience=LINK),
        route("s/<str:code>/papers/<str:material>", link.supply_upload, name="supply-upload", audience=LINK, methods=("POST",)),
        route("h/", heard.enter, name="heard-enter", audience=PUBLIC, methods=BOTH),
        route("h/<str:code>", heard.heard, name="heard", audience=LINK, methods=BOTH),
        route("my/notices", heard.notices, name="notices", audience=SIGNED_IN),
        route("my/notices/<uuid:notice>", heard.notice, name="notice", audience=SIGNED_IN, methods=BOTH),
        # who I am
        route("sign-in", account.sign_in, name="sign-in", audience=PUBLIC, methods=BOTH),
        route("sign-in/code", account.sign_in_code, name="sign-in-code", audience=PUBLIC, methods=("POST",)),
        route("sign-out", account.sign_out, name="sign-out", audience=PUBLIC, methods=("POST",)),
        route("register", account.register, name="register", audience=DEMO, methods=BOTH),
        route("password", account.password, name="password", audience=ACCOUNT, methods=BOTH),
        route("language", account.language, name="language", audience=PUBLIC, methods=("POST",)),
        route("elder", account.elder, name="elder", audience=PUBLIC, methods=("POST",)),
        route("my/account", me.account, name="account", audience=SIGNED_IN, methods=BOTH),
        route("my/messages", me.messages, name="messages", audience=ACCOUNT),
        route("my/service", serving.service, name="service", audience=SIGNED_IN, methods=BOTH),
        route("my/help", helping.mine, name="help-mine", audience=SIGNED_IN),
        route("my/help/new", helping.new, name="help-new", audience=SIGNED_IN, methods=BOTH),
        route("my/help/<uuid:help>", helping.one, name="help-one", audience=SIGNED_IN),
        route("my/help/<uuid:help>/<str:step>", helping.step, name="help-step", audience=SIGNED_IN, methods=("POST",)),
        route("my/agents", agents.agents, name="agents", audience=SIGNED_IN),
        route("my/agents/give", agents.give, name="agent-give", audience=SIGNED_IN, methods=BOTH),
        route("my/agents/<uuid:id>/end", agents.end, name="agent-end", audience=SIGNED_IN, methods=BOTH),
        route("my/company", company.companies, name="company", audience=SIGNED_IN),
        route("my/looks", account.looks, name="looks", audience=SIGNED_IN),
        route("dev/outbox", account.outbox, name="outbox", audience=DEMO),
    ),
)  # fmt: skip
