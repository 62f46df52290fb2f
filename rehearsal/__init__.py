"""The practice city: the City's API in both dialects, a page, mail, moods."""
