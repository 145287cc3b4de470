"""Staff's screens that show several apps, or name people: they stand above the apps they show."""

from portal.admin import addresses, applications, cohorts, journal, letters, notes

__all__ = ["addresses", "applications", "cohorts", "journal", "letters", "notes"]
