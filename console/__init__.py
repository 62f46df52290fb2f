"""The operator's surface: the mta command."""
