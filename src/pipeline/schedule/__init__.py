"""The schedule: what is expected of each snapshot, until when, and what a look does about it."""
