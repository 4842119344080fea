"""Ticket printers (小票打印机) that speak ESC/POS over TCP, usually port 9100: byte stream, client, simulator, configuration."""
