package io.genericpool.spi;

import io.genericpool.CircuitState;
import io.genericpool.CircuitStats;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Several governors, all of which must agree. */
final class CombinedGovernor<E> implements ConnectGovernor<E> {
    private final List<ConnectGovernor<? super E>> governors;

    CombinedGovernor(List<ConnectGovernor<? super E>> governors) {
        this.governors = List.copyOf(governors);
    }

    /** Looks first and takes then, so that hardly ever something is taken that must be given back. */
    @Override
    public Verdict beforeConnect(E endpoint, long nowNanos) {
        Verdict strictest = peek(endpoint, nowNanos);
        if (strictest.kind() != Verdict.Kind.PROCEED) {
            return strictest;
        }
        int allowed = 0;
        try {
            for (; allowed < governors.size(); allowed++) {
                Verdict verdict = governors.get(allowed).beforeConnect(endpoint, nowNanos);
                if (verdict.kind() != Verdict.Kind.PROCEED) {
                    cancel(allowed, endpoint, nowNanos);
                    return verdict;
                }
            }
        } catch (Throwable e) {
            try {
                cancel(allowed, endpoint, nowNanos);
            } catch (Throwable second) {
                suppress(e, second);
            }
            throw e;
        }
        return Verdict.proceed();
    }

    private void cancel(int allowed, E endpoint, long nowNanos) {
        each(governors.subList(0, allowed), governor -> governor.onConnectCancelled(endpoint, nowNanos));
    }

    @Override
    public Verdict peek(E endpoint, long nowNanos) {
        Verdict strictest = Verdict.proceed();
        for (var governor : governors) {
            Verdict verdict = governor.peek(endpoint, nowNanos);
            int more = verdict.kind().compareTo(strictest.kind());
            if (more > 0 || (more == 0 && verdict.delay().compareTo(strictest.delay()) > 0)) {
                strictest = verdict;
            }
        }
        return strictest;
    }

    @Override
    public void onConnected(E endpoint, long nowNanos) {
        each(governor -> governor.onConnected(endpoint, nowNanos));
    }

    @Override
    public void onConnectFailed(E endpoint, long nowNanos, Throwable cause) {
        each(governor -> governor.onConnectFailed(endpoint, nowNanos, cause));
    }

    @Override
    public void onConnectCancelled(E endpoint, long nowNanos) {
        each(governor -> governor.onConnectCancelled(endpoint, nowNanos));
    }

    @Override
    public void onEndpointRemoved(E endpoint) {
        each(governor -> governor.onEndpointRemoved(endpoint));
    }

    @Override
    public void forget(E endpoint) {
        each(governor -> governor.forget(endpoint));
    }

    @Override
    public void forgetAll() {
        each(ConnectGovernor::forgetAll);
    }

    private void each(Consumer<ConnectGovernor<? super E>> told) {
        each(governors, told);
    }

    /** One that throws does not keep the others from hearing it; the first to throw is heard of. */
    private static <T> void each(List<T> all, Consumer<? super T> told) {
        Throwable failure = null;
        for (T one : all) {
            try {
                told.accept(one);
            } catch (Throwable e) {
                if (failure == null) {
                    failure = e;
                } else {
                    suppress(failure, e);
                }
            }
        }
        if (failure != null) {
            throw CombinedGovernor.<RuntimeException>unchecked(failure);
        }
    }

    private static void suppress(Throwable first, Throwable second) {
        if (first != second) {
            first.addSuppressed(second);
        }
    }

    /** As it was thrown: code of other languages throws checked exceptions that Java does not expect. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <X extends Throwable> X unchecked(Throwable failure) throws X {
        throw (X) failure;
    }

    /** The worst state, the longest time, the most failures. */
    @Override
    public CircuitStats circuit(E endpoint, long nowNanos) {
        CircuitStats worst = CircuitStats.closed();
        for (var governor : governors) {
            CircuitStats stats = governor.circuit(endpoint, nowNanos);
            int more = badness(stats.state()) - badness(worst.state());
            if (more > 0 || (more == 0 && stats.failures() > worst.failures())) {
                worst = stats;
            }
        }
        return worst;
    }

    private static int badness(CircuitState state) {
        return switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }

    @Override
    public Runnable observe(CircuitObserver<? super E> observer) {
        var endings = new ArrayList<Runnable>(governors.size());
        try {
            for (var governor : governors) {
                endings.add(observe(governor, observer));
            }
        } catch (Throwable e) {
            try {
                each(endings, Runnable::run);
            } catch (Throwable second) {
                suppress(e, second);
            }
            throw e;
        }
        return () -> each(endings, Runnable::run);
    }

    /** A governor of more general endpoints is only ever asked about this one's, so it tells of no others. */
    @SuppressWarnings("unchecked")
    private static <E> Runnable observe(ConnectGovernor<? super E> governor, CircuitObserver<? super E> observer) {
        return ((ConnectGovernor<E>) governor).observe(observer);
    }

    @Override
    public String toString() {
        return "all of " + governors;
    }
}
