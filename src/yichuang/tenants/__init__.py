"""Applications of others: each with processes, decision tables, forms and data of its own, apart from all others."""
