"""Mental-health need, money, activity and outcome for London's boroughs, from people's own spreadsheets."""

from mhequity.reading import Reading, read

__all__ = ["Reading", "read"]
