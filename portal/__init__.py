"""The City's pages: one page, one file; contract.py says what the page's API answers."""
