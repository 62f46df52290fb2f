"""The queue, the jobs, the runtime they share and the scheduler."""
