"""Telling people and systems: templates, messages, webhooks, the outbox."""
