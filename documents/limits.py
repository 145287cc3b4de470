"""How much a file may be, and how much it may cost. All the numbers of this room, and no others."""

MB = 1024 * 1024

# --- The file ---------------------------------------------------------------------------------

MAX_SIZE = 10 * MB
"""One uploaded file, and what is kept of it."""

# --- Pictures ---------------------------------------------------------------------------------

MAX_PIXELS = 50_000_000
"""A picture decoded whole: PNG."""
MAX_PHOTO_PIXELS = 220_000_000
"""A JPEG, which is decoded at an eighth, a quarter or half of its size: phones make 200 Mpx."""
LONGEST_SIDE = 3600
"""What is kept: an A4 page scanned at 300 points an inch, whole, has 3,508."""

# --- PDFs -------------------------------------------------------------------------------------

MAX_PAGES = 100
MAX_DEPTH = 60
"""Nested arrays and dictionaries, nodes of the tree of pages."""
MAX_OBJECTS = 100_000
MAX_STREAM = 64 * MB
"""One stream, once its filters are undone."""
MAX_DECODED = 192 * MB
"""All streams together, once their filters are undone."""

# --- The sandbox ------------------------------------------------------------------------------

MEMORY = 400 * MB
CPU_SECONDS = 20
WALL_SECONDS = 40
