package io.genericpool.group;

import java.util.List;

/**
 * Ranks the members of a group for one request. The pool calls it on the requesting thread and without a lock, once per
 * request, so it must be quick and must not wait. Calls of several threads overlap.
 *
 * <p>A mistake at run time never loses a request. When the ranking throws, returns null or names no member, the pool uses
 * the declared order. The pool ignores strangers, nulls and repetitions in the list. {@link GroupStats#rankingFailures()}
 * counts each such case.
 *
 * @param <E> the type of endpoints
 */
@FunctionalInterface
public interface Ranking<E> {
    /**
     * Returns members in the order in which they should serve a request, the best one first. A member that is not in the
     * list does not serve this request.
     *
     * @param members the members of one tier in their declared order, unmodifiable; never empty
     * @return endpoints among them
     */
    List<? extends E> rank(List<? extends MemberLoad<? extends E>> members);
}
