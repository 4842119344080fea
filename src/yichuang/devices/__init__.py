"""Machines: terminals, lockers, readers, printers: heartbeat, alarms, remote commands."""
