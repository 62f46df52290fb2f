"""OpenTelemetry of a process: spans as JSON lines in the data folder, when asked for. They hold ids, never persons."""

from pathlib import Path

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter


def set_up(*, role: str, folder: Path | None) -> None:
    """Without a folder the API's own no-op tracer stays, which costs next to nothing."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    provider = TracerProvider(resource=Resource.create({"service.name": f"mta-{role}"}))
    lines = (folder / f"{role}.jsonl").open("a", encoding="utf-8", buffering=1)
    provider.add_span_processor(BatchSpanProcessor(ConsoleSpanExporter(out=lines, formatter=_line)))
    trace.set_tracer_provider(provider)


def _line(span: ReadableSpan) -> str:
    return f"{span.to_json(indent=None)}\n"
