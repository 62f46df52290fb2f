"""What MTA's looks are compared with. Nothing in here imports MTA: its interpreter may be that of .venv-bench."""
