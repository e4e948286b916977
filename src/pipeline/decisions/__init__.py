"""Values that no code list knows, and what a team decided that they stand for."""
