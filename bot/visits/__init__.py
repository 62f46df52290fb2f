"""A booked appointment as its person sees it: what is told of it, its papers, and its buttons."""
