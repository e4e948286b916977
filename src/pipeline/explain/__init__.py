"""Explain a figure: from what is published back to definition, files, rows, rule and protection."""
