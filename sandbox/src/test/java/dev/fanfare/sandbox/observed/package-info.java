/// Whether operators see what they need: alert rules, runbooks and dashboards, on a real
/// Prometheus.
@NullMarked
package dev.fanfare.sandbox.observed;

import org.jspecify.annotations.NullMarked;
