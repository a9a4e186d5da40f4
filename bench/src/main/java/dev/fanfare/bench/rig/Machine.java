package dev.fanfare.bench.rig;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/// What this machine is, as far as it tells. The details are Linux's; elsewhere they are left out.
public final class Machine {
  private static final Path CPUS = Path.of("/proc/cpuinfo");

  private Machine() {}

  public static Map<String, Object> described() {
    var all = new LinkedHashMap<String, Object>();
    all.put("cores", Runtime.getRuntime().availableProcessors());
    cpu(all);
    var system = ManagementFactory.getOperatingSystemMXBean();
    if (system instanceof com.sun.management.OperatingSystemMXBean more) {
      all.put("memory_mib", more.getTotalMemorySize() >> 20);
    }
    all.put("os", system.getName() + " " + system.getVersion() + " " + system.getArch());
    all.put("java", Runtime.version().toString());
    return all;
  }

  private static void cpu(Map<String, Object> all) {
    try (var lines = Files.lines(CPUS)) {
      lines
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .ifPresent(line -> all.put("cpu", line.substring(line.indexOf(':') + 1).strip()));
    } catch (IOException e) {
      all.put("cpu", "unknown"); // another system
    }
  }

  /// Memory of a process that lies in RAM, in KiB.
  public static OptionalLong residentKib(long pid) {
    try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty(); // gone, or another system
    }
  }
}
