"""Every read of visits: halls and their queues, tickets, appointments."""

from yichuang.visits.queries.booking import booking_page as booking_page
from yichuang.visits.queries.booking import bookings_of_day as bookings_of_day
from yichuang.visits.queries.booking import days_of as days_of
from yichuang.visits.queries.booking import find_bookings as find_bookings
from yichuang.visits.queries.booking import get_slot as get_slot
from yichuang.visits.queries.booking import halls_for as halls_for
from yichuang.visits.queries.booking import helpers_of as helpers_of
from yichuang.visits.queries.booking import missed_at as missed_at
from yichuang.visits.queries.booking import my_bookings as my_bookings
from yichuang.visits.queries.booking import my_waits as my_waits
from yichuang.visits.queries.booking import plan_page as plan_page
from yichuang.visits.queries.booking import slots as slots
from yichuang.visits.queries.booking import slots_of_day as slots_of_day
from yichuang.visits.queries.booking import standing_of as standing_of
from yichuang.visits.queries.hall import board as board
from yichuang.visits.queries.hall import desk_page as desk_page
from yichuang.visits.queries.hall import has_queues as has_queues
from yichuang.visits.queries.hall import holder as holder
from yichuang.visits.queries.hall import my_ticket as my_ticket
from yichuang.visits.queries.hall import queues_of as queues_of
from yichuang.visits.queries.hall import ticket_here as ticket_here
from yichuang.visits.queries.halls import halls_now as halls_now
from yichuang.visits.queries.lines import waiting_lines as waiting_lines
from yichuang.visits.queries.loans import loan_desk as loan_desk
from yichuang.visits.queries.manager import hall_load as hall_load
from yichuang.visits.queries.qualified import items_asking as items_asking
