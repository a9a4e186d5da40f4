/// One YAML file, the environment and the defaults, made into the settings of every package.
///
/// All faults are told in one run, each with its key and where it stands. The keys and their
/// defaults are in the resource `fanfare.default.yaml` and nowhere else. Only this package and
/// `app` know the whole; everybody else is handed a small record.
@NullMarked
package dev.fanfare.dispatcher.config;

import org.jspecify.annotations.NullMarked;
