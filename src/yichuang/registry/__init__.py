"""What the state already knows: population, legal entities, addresses, and the certificate base; comparison and the log of every use."""
