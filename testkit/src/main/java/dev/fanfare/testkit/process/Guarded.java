package dev.fanfare.testkit.process;

import java.io.IOException;
import java.util.Arrays;

/// The entry of a child JVM: runs another class's `main` and ends the process as soon as standard
/// input ends, which it does when the parent is gone, `kill -9` included.
///
/// It must not need any class of ours, because it runs on foreign class paths too.
public final class Guarded {
  private static final int ORPHANED = 75;

  private Guarded() {}

  /// @param args name of the class to run, then its own arguments
  public static void main(String[] args) throws ReflectiveOperationException {
    Thread.ofPlatform().daemon().name("parent-watch").start(Guarded::haltWithParent);
    var main = Class.forName(args[0]).getMethod("main", String[].class);
    main.setAccessible(true); // as the launcher does: the class need not be public
    main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
  }

  private static void haltWithParent() {
    try {
      while (System.in.read() >= 0) {
        // nobody writes; only the end of the stream counts
      }
    } catch (IOException e) {
      System.err.println("standard input broke, as when the parent is gone: " + e);
    }
    Runtime.getRuntime().halt(ORPHANED);
  }
}
