"""Starts one command and tells what the kernel accounts to it: ``python -I -S starter.py FD COMMAND …`` writes its exit code, CPU
seconds, wall seconds and peak memory in KiB to the file descriptor FD.

Belongs here: nothing more. A process is accounted the memory of the one that it was started from, until it takes more itself:
so what is measured is started from here, and this has to stay small (no more imports).
"""

import os
import sys
import time

told = int(sys.argv[1])
os.set_inheritable(told, False)
began = time.monotonic()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
wall = time.monotonic() - began
os.write(told, f"{os.waitstatus_to_exitcode(status)} {usage.ru_utime + usage.ru_stime} {wall} {usage.ru_maxrss}".encode())
