"""The derived returns of a year, worked out from its base returns, a column at a time.

Belongs here: pure functions from frames to frames, so that they do for a county of nine hundred
schools and for half a million. Every frame has a contract's own rows: its field names, and the
types of its raw table without the columns that intake adds. Does not belong here: the base returns
themselves (schools, pupils, population, money), file formats, the register.

A base frame may hold one county or many: everything said of a school follows from the rows of that
school, everything said of a county from the rows of that county, so a caller may go county by
county and write as it goes. Chance is a number worked out from a code, a name and the seed
(:mod:`pipeline.demo.forms.chance`); nothing depends on the order of rows.
"""
