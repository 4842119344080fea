"""The administrators' door: people and powers, items, network, calendar, messages, the ledger's state."""
