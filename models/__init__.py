"""The tables (singular modules) and what is asked of them (plural modules)."""
