"""预约: slots are published, booked, moved, given back, kept by checking in; the waiting list takes what comes free."""

from yichuang.visits.commands.booking.arriving import check_in as check_in
from yichuang.visits.commands.booking.closing import cancel_day as cancel_day
from yichuang.visits.commands.booking.making import book as book
from yichuang.visits.commands.booking.making import cancel_booking as cancel_booking
from yichuang.visits.commands.booking.making import move_booking as move_booking
from yichuang.visits.commands.booking.planning import publish_slots as publish_slots
from yichuang.visits.commands.booking.planning import set_booking_rules as set_booking_rules
from yichuang.visits.commands.booking.planning import set_group_plan as set_group_plan
from yichuang.visits.commands.booking.visiting import assign_helper as assign_helper
from yichuang.visits.commands.booking.visiting import carry_out as carry_out
from yichuang.visits.commands.booking.visiting import excuse_booking as excuse_booking
from yichuang.visits.commands.booking.visiting import miss_booking as miss_booking
from yichuang.visits.commands.booking.waiting import confirm_offer as confirm_offer
from yichuang.visits.commands.booking.waiting import join_waiting_list as join_waiting_list
from yichuang.visits.commands.booking.waiting import leave_waiting_list as leave_waiting_list
