"""The conversations, one file each. bot/conversations.py is their table."""
