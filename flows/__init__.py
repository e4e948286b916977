"""Prefect: the quarterly flow and nothing else."""
