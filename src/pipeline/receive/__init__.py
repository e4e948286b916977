"""Receive: what lies in the inbox, what of it is new, and its sealed snapshot."""
