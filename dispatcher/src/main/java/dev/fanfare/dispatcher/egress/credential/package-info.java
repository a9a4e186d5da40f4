/// How POSTs prove to an endpoint who sends them, beside their signature: a password, a client's
/// credentials for access tokens, or a certificate. Only reads and holds them; fetching tokens and
/// showing certificates is the egress's. No `toString` here shows a secret.
@NullMarked
package dev.fanfare.dispatcher.egress.credential;

import org.jspecify.annotations.NullMarked;
