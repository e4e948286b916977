"""Backups: a home in one file, without its keys, and a home made of such a file."""
