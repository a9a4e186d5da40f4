/// Whether the Kafka cluster is what Fanfare needs: which topics there must be, what is missing or
/// would lose records, and making what is missing.
///
/// The plan and the check decide on values only; `TopicAdmin` alone talks to the cluster. Nothing
/// here deletes or changes a topic that exists.
@NullMarked
package dev.fanfare.dispatcher.cluster;

import org.jspecify.annotations.NullMarked;
