"""Plain rules of the project: no input, no output, no clock of their own."""
