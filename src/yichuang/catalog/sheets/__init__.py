"""Item lists as workbooks (XLSX) in the national element columns, out of packs and into drafts of packs."""
