/// What operators see beside our own meters: the Kafka clients' metrics, the trace that a thread
/// works for, spans, and log lines as JSON. Knows nothing of deliveries and endpoints.
@NullMarked
package dev.fanfare.dispatcher.telemetry;

import org.jspecify.annotations.NullMarked;
