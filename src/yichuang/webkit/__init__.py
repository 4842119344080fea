"""What doors share: layout, components, uploads, problem documents, and the registry of routes and who may enter."""
