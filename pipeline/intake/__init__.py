"""Intake: received files, as registered, become typed raw tables with findings for the rest.

Belongs here: the register, the contracts, decoding, the written rules for cells, headers and
rows. Does not belong here: rules across tables (quality), crosswalks and everything after.
"""
