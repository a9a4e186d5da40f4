/// Where each open delivery is, and whether it can be there: the sum that shows a loss. Decides
/// only: what the topics hold and how far the stages have read comes in as a [Cut].
@NullMarked
package dev.fanfare.dispatcher.log.ledger;

import org.jspecify.annotations.NullMarked;
