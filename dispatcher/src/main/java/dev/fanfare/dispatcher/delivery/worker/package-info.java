/// The loop: deliveries in from Kafka, attempts on virtual threads, outcomes out in transactions.
///
/// ```
///   Pump ──records──▶ Lanes ──start──▶ AttemptRunner (virtual threads)
///    ▲ │               ▲ │ ◀──finished──────┘
///    │ └─revoked──────▶│ └──transfer──▶ Settler ──settled──▶ Lanes
///    └────pause/resume─┘
/// ```
///
/// Three kinds of thread; each owns what it writes and they share queues, nothing else. Decides
/// nothing itself that `lane`, `outcome` or `offset` can decide.
@NullMarked
package dev.fanfare.dispatcher.delivery.worker;

import org.jspecify.annotations.NullMarked;
