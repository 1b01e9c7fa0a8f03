"""Broken and malicious files: nothing crashes, hangs, costs unbounded memory, or acts where it is shown."""
