"""The roof: wires everything; nobody imports it."""
