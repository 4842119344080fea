"""SMS platforms (短信平台) over signed HTTP: client, simulator, configuration. The protocol: docs/how-to/messages.md."""
