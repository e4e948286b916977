"""Alerts on their way to people: who is told what, over which channel, and what is known."""
