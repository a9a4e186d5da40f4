/// The commands: `run` and `topics` work on the cluster, the others are clients of the REST API.
///
/// What a command has to say goes to stdout, what goes wrong is one clear line on stderr and an
/// exit code; a stack trace only with `--verbose`. Holds no logic of the dispatcher.
@NullMarked
package dev.fanfare.dispatcher.cli;

import org.jspecify.annotations.NullMarked;
