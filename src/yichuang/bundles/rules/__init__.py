"""Pure rules of packages: the one form, the clock in business minutes, what follows a refusal."""
