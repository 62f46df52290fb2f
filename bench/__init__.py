"""Measurements of MTA against the practice city: what survives being killed, and who gets what in a crowd."""
