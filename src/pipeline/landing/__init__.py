"""What each source looks like once landed: one module a source, with its table and its rows."""
