"""Proof: keep what an edition was made from, make it again, follow a figure to its rows, compare editions."""
