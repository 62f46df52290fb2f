"""The wish conversation: a form that steps fill in."""
