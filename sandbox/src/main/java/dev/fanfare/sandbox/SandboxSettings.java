package dev.fanfare.sandbox;

import java.nio.file.Path;

/// What a sandbox is to be like.
///
/// @param port of API and dashboard
/// @param kafkaPort of the broker
/// @param registryPort of the schema registry
/// @param directory where everything that must outlive a restart is kept, and the logs
/// @param demo whether there is traffic to look at
public record SandboxSettings(
    int port, int kafkaPort, int registryPort, Path directory, boolean demo) {}
