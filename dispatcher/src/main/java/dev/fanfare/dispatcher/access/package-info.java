/// Who may use the API: roles, keys, and what a caller may see. Decides only; `feed` keeps the
/// table of keys and tenants, `control` makes and revokes them.
@NullMarked
package dev.fanfare.dispatcher.access;

import org.jspecify.annotations.NullMarked;
