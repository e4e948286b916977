"""Quality: the gate before a release, and the alerts on declaration rates."""
