/** The settings of a session: what a connection begins with, and what a lease has changed. Not exported. */
@NullMarked
package io.genericpool.jdbc.internal.session;

import org.jspecify.annotations.NullMarked;
