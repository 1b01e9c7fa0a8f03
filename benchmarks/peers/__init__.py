"""Peers: other ways to the same figures, each a script of its own. They import nothing of the product."""
