"""How much a file may be, and how much it may cost. All the numbers of this room, and no others."""

MB = 1024 * 1024

# --- The file ---------------------------------------------------------------------------------

MAX_SIZE = 10 * MB
"""One uploaded file."""
MAX_RESULT = 20 * MB
"""What is kept of it. A PDF grows a little, because its dictionaries are written out."""

# --- Pictures ---------------------------------------------------------------------------------

MAX_PIXELS = 50_000_000
"""A PNG or a progressive JPEG, which are decoded whole."""
MAX_PHOTO_PIXELS = 220_000_000
"""A JPEG, which is decoded at half, a quarter or an eighth of its size. Phones take photos of 200 million pixels."""
MAX_SIDE = 40_000
"""A page of the web photographed whole, a panorama. Each row costs memory of its own."""
KEPT_PIXELS = 9_000_000
"""A picture with more is scaled down to that: a page of A4 scanned at 300 points an inch has 8.7 million."""
WHOLE_PIXELS = 20_000_000
"""A picture with more is first reduced by strips, for want of memory."""
JPEG_QUALITY = 85

# --- PDFs -------------------------------------------------------------------------------------

MAX_PAGES = 100
MAX_NESTING = 50
"""Arrays and dictionaries within one another."""
MAX_DEPTH = 100
"""Objects that lead to one another: the tree of pages, drawings that show drawings."""
MAX_OBJECTS = 60_000
"""Dictionaries, arrays and streams that are copied."""
MAX_FILTERS = 3
"""Compressions around one stream."""
MAX_STREAM = 96 * MB
"""One stream, decompressed: a page of A4 at 600 points an inch, in colour. Counted without being kept."""
MAX_DECODED = 512 * MB
"""All the streams of one file, decompressed."""
MAX_REWRITTEN = 24 * MB
"""A stream that has to be decompressed in memory to be written anew; one that holds what is to be drawn."""
MAX_SETTING = 200_000
"""What a compression may say of itself: a row of a picture, at most."""
MAX_IMAGE_PIXELS = 100_000_000
"""A picture within a PDF: A3 scanned at 600 points an inch has 70 million."""

# --- The sandbox ------------------------------------------------------------------------------

MEMORY = 400 * MB
"""Address space. With the worker's own memory it makes less than 512 MB."""
CPU_SECONDS = 20
WALL_SECONDS = 40
"""On a busy machine the process waits too."""
OPEN_FILES = 16
MAX_SAID = 16 * 1024
"""What the sandbox may say of a file."""

# --- Tables -----------------------------------------------------------------------------------

MAX_TABLE = 2 * MB
"""A CSV file, or an Excel workbook."""
MAX_UNZIPPED = 8 * MB
"""All the parts of a workbook, unzipped: a thousand full lines make half a megabyte of it."""
MAX_PARTS = 200
"""Files within a workbook."""
MAX_TAGS = 300_000
"""Marks of XML in the whole workbook: a thousand lines of forty cells have two thirds of that."""
MAX_LINES = 1_000
"""Lines of a table, its header apart."""
MAX_COLUMNS = 40
MAX_CELL = 1_000
"""Characters of a cell."""
