"""One pandera schema for each source and for each published table."""
