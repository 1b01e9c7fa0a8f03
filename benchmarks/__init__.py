"""What a run costs, measured against the plainest script that gives the same figures: ``jiance bench``.

Belongs here: data of a given size, the floor, peers, measuring whole processes, the page. Does not belong here: anything
that a report is made with.
"""
