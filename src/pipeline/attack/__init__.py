"""Attack: what a reader can tell of the hidden counts, from everything that is published."""
