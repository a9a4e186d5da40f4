/// One signed POST to an address that we allow. Whatever a stranger's server does comes back as a
/// [Reply], never as an exception.
@NullMarked
package dev.fanfare.dispatcher.egress;

import org.jspecify.annotations.NullMarked;
