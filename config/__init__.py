"""How a process is set up: settings, logging, telemetry."""
