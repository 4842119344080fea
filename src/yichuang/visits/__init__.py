"""Coming in: appointments, tickets, calling, windows, waiting forecast, loans of convenience items."""
