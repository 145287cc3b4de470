"""Staff's screens for the letters and the journal. They name people, so they stand above the apps they show."""

from portal.admin import journal, letters

__all__ = ["journal", "letters"]
