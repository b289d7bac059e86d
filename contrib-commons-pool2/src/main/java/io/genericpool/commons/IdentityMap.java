package io.genericpool.commons;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Values by endpoint and object, for any number of threads without a common lock. Two objects are the same only if they
 * are one: {@code equals} of a pooled object may say anything, and is never called.
 *
 * <p>One object may have several values, under different endpoints (a factory that gives out constants) or under the same
 * one (a factory that gives out the same object twice). They hang in a chain that is replaced as a whole, so each change
 * is one CAS on the map; the newest is found first.
 */
final class IdentityMap<K, T> {
    private final ConcurrentHashMap<Identity, Link<K, T>> chains = new ConcurrentHashMap<>();

    void add(K endpoint, Object object, T value) {
        var identity = new Identity(object);
        var only = new Link<K, T>(endpoint, value, null);
        Link<K, T> chain = chains.putIfAbsent(identity, only);
        while (chain != null) {
            if (chains.replace(identity, chain, new Link<>(endpoint, value, chain))) {
                return;
            }
            chain = chains.putIfAbsent(identity, only);
        }
    }

    @Nullable
    T find(K endpoint, Object object) {
        Link<K, T> link = Link.find(chains.get(new Identity(object)), endpoint);
        return link == null ? null : link.value;
    }

    /** Takes a value out. Of several callers who ask for the same one, one gets it. */
    @Nullable
    T remove(K endpoint, Object object) {
        var identity = new Identity(object);
        for (; ; ) {
            Link<K, T> chain = chains.get(identity);
            Link<K, T> found = Link.find(chain, endpoint);
            if (chain == null || found == null) {
                return null;
            }
            Link<K, T> rest = chain.without(found);
            boolean isRemoved = rest == null ? chains.remove(identity, chain) : chains.replace(identity, chain, rest);
            if (isRemoved) {
                return found.value;
            }
        }
    }

    boolean isEmpty() {
        return chains.isEmpty();
    }

    void forEach(BiConsumer<? super K, ? super T> action) {
        chains.values().forEach(chain -> {
            for (Link<K, T> link = chain; link != null; link = link.next) {
                action.accept(link.endpoint, link.value);
            }
        });
    }

    private static final class Identity {
        private final Object object;

        Identity(Object object) {
            this.object = object;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Identity that && object == that.object;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(object);
        }
    }

    /** Immutable, and equal to itself only: that is what makes a replacement a CAS. */
    private static final class Link<K, T> {
        private final K endpoint;
        private final T value;
        private final @Nullable Link<K, T> next;

        Link(K endpoint, T value, @Nullable Link<K, T> next) {
            this.endpoint = endpoint;
            this.value = value;
            this.next = next;
        }

        static <K, T> @Nullable Link<K, T> find(@Nullable Link<K, T> chain, K endpoint) {
            Link<K, T> link = chain;
            while (link != null && !link.endpoint.equals(endpoint)) {
                link = link.next;
            }
            return link;
        }

        @Nullable
        Link<K, T> without(Link<K, T> gone) {
            if (this == gone) {
                return next;
            }
            return new Link<>(endpoint, value, next == null ? null : next.without(gone));
        }
    }
}
