"""Clock, working days, identifiers (ID card, credit code …), money, actors, refusals, the tamper-evident ledger; no business words."""
