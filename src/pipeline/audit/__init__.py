"""What in a printed table cannot be true, and which of its hidden cells can be worked out."""
