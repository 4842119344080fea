"""What other rooms and doors may hold of a visit to a hall: tickets, queues, boards, appointments."""

from yichuang.visits.values.hall import CLASS_WORDS as CLASS_WORDS
from yichuang.visits.values.hall import OUTCOME_WORDS as OUTCOME_WORDS
from yichuang.visits.values.hall import PRIORITY_REASONS as PRIORITY_REASONS
from yichuang.visits.values.hall import RULE_WORDS as RULE_WORDS
from yichuang.visits.values.hall import Before as Before
from yichuang.visits.values.hall import Board as Board
from yichuang.visits.values.hall import BoardCall as BoardCall
from yichuang.visits.values.hall import Called as Called
from yichuang.visits.values.hall import Choice as Choice
from yichuang.visits.values.hall import DeskPage as DeskPage
from yichuang.visits.values.hall import Head as Head
from yichuang.visits.values.hall import Line as Line
from yichuang.visits.values.hall import MyTicket as MyTicket
from yichuang.visits.values.hall import Outcome as Outcome
from yichuang.visits.values.hall import QueueRow as QueueRow
from yichuang.visits.values.hall import Rule as Rule
from yichuang.visits.values.hall import Source as Source
from yichuang.visits.values.hall import Taken as Taken
from yichuang.visits.values.hall import TicketClass as TicketClass
from yichuang.visits.values.hall import TicketRow as TicketRow
