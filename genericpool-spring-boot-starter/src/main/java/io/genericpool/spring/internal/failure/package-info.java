/** What a start tells that cannot go on: the property, its value, and what to write instead. */
@NullMarked
package io.genericpool.spring.internal.failure;

import org.jspecify.annotations.NullMarked;
