"""What the person reads and, over Telegram, says."""
