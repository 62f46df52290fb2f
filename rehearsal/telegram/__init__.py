"""A Bot API of our own: Telegram as far as the bot needs it, on this machine, with its limits and its troubles."""
