/**
 * One endpoint's books and the steps that change them, under its lock: requests, hand-over, operators' orders; and the
 * registry of all. {@code EndpointOutlet} is the one way from here up.
 */
@NullMarked
package io.genericpool.core.internal.endpoint;

import org.jspecify.annotations.NullMarked;
