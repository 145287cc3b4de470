"""Where Django's French formats are not how French people write: « 10 oct. 2026, 20 h 17 » in the admin's lists.

The same as the filter `stamp` (cohorts/moments.py); what is not here stays Django's.
"""

NBSP = "\u00a0"
DATETIME_FORMAT = f"j{NBSP}N{NBSP}Y, G{NBSP}\\h{NBSP}i"
