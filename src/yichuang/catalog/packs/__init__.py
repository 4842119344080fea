"""Reading, checking and trying item packs: folders of plain files (no Django, no database)."""
