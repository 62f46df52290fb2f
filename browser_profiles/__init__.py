"""Who the browser looks like, how it moves, and the warm pool of pages."""
