"""What exists and from what: thin Dagster assets and checks, in the order data flows.

received -> staging -> (gate 1) -> core -> (gate 2) -> indicators -> progress -> (gate 3) -> report.
How things are done is in ``pipeline/``; nothing here decides anything about figures.
"""
