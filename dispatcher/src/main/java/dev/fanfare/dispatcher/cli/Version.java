package dev.fanfare.dispatcher.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/// The version that stands in the jar's manifest.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    var version = Optional.ofNullable(Version.class.getPackage().getImplementationVersion());
    return new String[] {"fanfare " + version.orElse("(unpackaged)"), "Java " + Runtime.version()};
  }
}
