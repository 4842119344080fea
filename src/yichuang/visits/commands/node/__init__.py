"""Halls that go on without the network (断网续办, X15): days and numbers lent to a hall's own node, its journal applied once."""

from yichuang.visits.commands.node.applying import receive as receive
from yichuang.visits.commands.node.lending import ask_back as ask_back
from yichuang.visits.commands.node.lending import lend_days as lend_days
from yichuang.visits.commands.node.lending import take_back as take_back
from yichuang.visits.commands.node.pairing import begin_node as begin_node
from yichuang.visits.commands.node.pairing import know_node as know_node
from yichuang.visits.commands.node.pairing import note_trouble as note_trouble
from yichuang.visits.commands.node.pairing import note_whole as note_whole
from yichuang.visits.commands.node.pairing import pair as pair
from yichuang.visits.commands.node.pairing import take_copy as take_copy
from yichuang.visits.commands.node.returning import accept_loan as accept_loan
from yichuang.visits.commands.node.returning import hand_back_past as hand_back_past
from yichuang.visits.commands.node.returning import sent as sent
from yichuang.visits.commands.node.settling import settle as settle
