"""The work: one case from filing through acceptance, review and decision, with its clocks and ledger."""
