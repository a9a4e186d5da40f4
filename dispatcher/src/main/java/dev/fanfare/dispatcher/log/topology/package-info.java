/// The log's Kafka Streams topology: what the pipe's topics say of each delivery, kept in two
/// stores a partition. It reads topics and writes stores; it shares no class with the stages that
/// write the topics.
@NullMarked
package dev.fanfare.dispatcher.log.topology;

import org.jspecify.annotations.NullMarked;
