"""The command line.

A start makes many objects that stay; from here on Python searches them for garbage less often than
every 700 allocations.
"""

import gc

gc.set_threshold(100_000)
