package dev.fanfare.sandbox.rules.planted.upper;

import dev.fanfare.sandbox.rules.planted.lower.Lower;

/// Uses what uses it.
public record Upper(Lower below) {}
