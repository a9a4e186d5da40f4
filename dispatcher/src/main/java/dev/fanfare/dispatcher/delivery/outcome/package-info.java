/// What becomes of a delivery, before an attempt (`Admission`) and after it (`Verdict`), and of its
/// endpoint (`EndpointHealth`). Decides only.
@NullMarked
package dev.fanfare.dispatcher.delivery.outcome;

import org.jspecify.annotations.NullMarked;
