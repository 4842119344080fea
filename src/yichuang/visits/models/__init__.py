"""Tables of visits: the hall's day with its queues, tickets, desks and calls; appointments. No decisions here."""

from yichuang.visits.models.booking import Booker as Booker
from yichuang.visits.models.booking import Booking as Booking
from yichuang.visits.models.booking import BookingGroup as BookingGroup
from yichuang.visits.models.booking import BookingHall as BookingHall
from yichuang.visits.models.booking import Seat as Seat
from yichuang.visits.models.booking import Slot as Slot
from yichuang.visits.models.booking import Waiting as Waiting
from yichuang.visits.models.extended import ExtendedService as ExtendedService
from yichuang.visits.models.hall import HERE as HERE
from yichuang.visits.models.hall import PRESENT as PRESENT
from yichuang.visits.models.hall import Call as Call
from yichuang.visits.models.hall import Desk as Desk
from yichuang.visits.models.hall import HallDay as HallDay
from yichuang.visits.models.hall import LineDay as LineDay
from yichuang.visits.models.hall import Queue as Queue
from yichuang.visits.models.hall import Ticket as Ticket
from yichuang.visits.models.loan import Loan as Loan
from yichuang.visits.models.loan import LoanItem as LoanItem
from yichuang.visits.models.node import NodeAct as NodeAct
from yichuang.visits.models.node import NodeConflict as NodeConflict
from yichuang.visits.models.node import NodeLink as NodeLink
from yichuang.visits.models.node import NumberBlock as NumberBlock
from yichuang.visits.models.qualified import QualifiedItem as QualifiedItem
from yichuang.visits.models.watch import Watch as Watch
