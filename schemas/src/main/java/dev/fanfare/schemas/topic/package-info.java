/// Every topic that Fanfare reads or writes, declared once: name, value, clean-up, least retention.
/// Stages meet here and nowhere else; this package opens no connection.
@NullMarked
package dev.fanfare.schemas.topic;

import org.jspecify.annotations.NullMarked;
