"""One trace from the slot seen to the person told: the context travels in each message's options."""

from typing import Any

import dramatiq
from dramatiq.middleware import Middleware
from opentelemetry import context, propagate, trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

OPTION = "trace"


class Tracing(Middleware):
    """A producer span where a message is made, a consumer span around its run; both in the sender's trace."""

    def __init__(self) -> None:
        self._running: dict[str, tuple[Span, Any]] = {}

    def before_enqueue(self, broker: dramatiq.Broker, message: dramatiq.Message[Any], delay: int | None) -> None:
        del broker, delay
        if OPTION in message.options:  # the hop from the delay queue enqueues a second time
            return
        with trace.get_tracer(__name__).start_as_current_span(f"send {message.actor_name}", kind=SpanKind.PRODUCER):
            carrier: dict[str, str] = {}
            propagate.inject(carrier)
            message.options[OPTION] = carrier

    def before_process_message(self, broker: dramatiq.Broker, message: dramatiq.broker.MessageProxy) -> None:
        del broker
        parent = propagate.extract(message.options.get(OPTION, {}))
        span = trace.get_tracer(__name__).start_span(f"run {message.actor_name}", parent, kind=SpanKind.CONSUMER)
        span.set_attribute("mta.args", list(message.args))
        self._running[message.message_id] = (span, context.attach(trace.set_span_in_context(span)))

    def after_process_message(
        self,
        broker: dramatiq.Broker,
        message: dramatiq.broker.MessageProxy,
        *,
        result: Any = None,
        exception: BaseException | None = None,
    ) -> None:
        del broker, result
        running = self._running.pop(message.message_id, None)
        if running is None:  # another middleware skipped the message before it came to us
            return
        span, token = running
        if exception is not None:
            span.set_status(Status(StatusCode.ERROR, type(exception).__name__))
        context.detach(token)
        span.end()

    after_skip_message = after_process_message
