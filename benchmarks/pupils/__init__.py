"""The core facts by pupil instead of by school: generated rows, their SQL, and what they cost on each engine.

Belongs here: the generator of pupil rows, the SQL files over them (``sql/``, in the house's form), running them through the
product's own interface to engines, measuring that (``jiance bench --size pupil``). Does not belong here: anything that an
edition is made with. No edition reads pupils: these files lie outside ``/sql``, so that neither its loader nor the sum over
the code of an edition knows them.
"""
