"""The right to be forgotten: a person's rows out of a home, and kept out."""
