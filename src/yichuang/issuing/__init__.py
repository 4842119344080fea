"""Handing over: rendering and sealing certificates, printing, lockers, express delivery, verification."""
