package dev.fanfare.sandbox.rules.planted.lower;

import dev.fanfare.sandbox.rules.planted.upper.Upper;
import java.util.List;

/// Uses what uses it.
public record Lower(List<Upper> above) {}
