"""What a person sees of their watches: read from the rows, drawn, and changed by a tap."""
