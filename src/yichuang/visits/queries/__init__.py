"""Every read of visits: halls and their queues, tickets, appointments."""

from yichuang.visits.queries.hall import board as board
from yichuang.visits.queries.hall import desk_page as desk_page
from yichuang.visits.queries.hall import has_queues as has_queues
from yichuang.visits.queries.hall import holder as holder
from yichuang.visits.queries.hall import my_ticket as my_ticket
from yichuang.visits.queries.hall import queues_of as queues_of
from yichuang.visits.queries.hall import ticket_here as ticket_here
