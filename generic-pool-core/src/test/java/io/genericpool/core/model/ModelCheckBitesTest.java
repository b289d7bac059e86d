package io.genericpool.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointLimits;
import io.genericpool.IdleOrder;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.model.ModelState.Conn;
import io.genericpool.core.model.ModelState.Endpoint;
import io.genericpool.core.model.ModelState.Waiter;
import io.genericpool.core.model.TraceServer.Connection;
import io.genericpool.core.model.TraceServer.Target;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The model check is worth what it finds: pools and models that are a little wrong, each in one way, must not pass it. */
class ModelCheckBitesTest {
    private static final int SEEDS = 300;
    private static final int STEPS = 1_000;
    /** A shrunk trace has at most so many steps, also where a slow machine had no time to shrink it further. */
    private static final int SHORT = 150;

    /** Pools with one knob turned a little further than the model knows. */
    private static final Map<String, BiConsumer<TraceConfig, ConnectionPoolBuilder<Target, Connection>>> KNOBS =
            Map.ofEntries(
                    Map.entry("totalMaxSize", (config, knobs) -> knobs.totalMaxSize(config.totalMaxSize + 1)),
                    Map.entry("maxSize", (config, knobs) -> limits(config, knobs, l -> l.withMaxSize(l.maxSize() + 1))),
                    Map.entry(
                            "minIdle",
                            (config, knobs) ->
                                    limits(config, knobs, l -> l.withMinIdle(Math.min(l.maxSize(), l.minIdle() + 1)))),
                    Map.entry(
                            "maxConnects",
                            (config, knobs) -> limits(config, knobs, l -> l.withMaxConnects(l.maxConnects() + 1))),
                    Map.entry(
                            "maxWaiters",
                            (config, knobs) ->
                                    limits(config, knobs, l -> l.withMaxWaiters(l.maxWaiters() == 0 ? 1 : 0))),
                    Map.entry("reserved", (config, knobs) -> limits(config, knobs, l -> l.withReserved(0))),
                    Map.entry("maxLeases", (config, knobs) -> knobs.maxLeases(6)),
                    Map.entry("maxEndpoints", (config, knobs) -> knobs.maxEndpoints(13)),
                    Map.entry("disposeBatchSize", (config, knobs) -> knobs.disposeBatchSize(3)),
                    Map.entry("acquireTimeout", (config, knobs) -> knobs.acquireTimeout(more(config.acquireTimeout))),
                    Map.entry("connectTimeout", (config, knobs) -> knobs.connectTimeout(more(config.connectTimeout))),
                    Map.entry("checkTimeout", (config, knobs) -> knobs.checkTimeout(more(config.checkTimeout))),
                    Map.entry("resetTimeout", (config, knobs) -> knobs.resetTimeout(more(config.resetTimeout))),
                    Map.entry("disposeTimeout", (config, knobs) -> knobs.disposeTimeout(more(config.disposeTimeout))),
                    Map.entry("idleTimeout", (config, knobs) -> knobs.idleTimeout(more(config.idleTimeout))),
                    Map.entry("maxLifetime", (config, knobs) -> knobs.maxLifetime(more(config.maxLifetime))),
                    Map.entry("keepaliveInterval", (config, knobs) -> {
                        if (config.collector) {
                            knobs.keepaliveInterval(more(config.keepalive));
                        }
                    }),
                    Map.entry(
                            "alivenessBypass", (config, knobs) -> knobs.alivenessBypass(more(config.alivenessBypass))),
                    Map.entry(
                            "endpointRetention",
                            (config, knobs) -> knobs.endpointRetention(more(config.endpointRetention))),
                    Map.entry(
                            "overtakeWindow", (config, knobs) -> knobs.overtakeWindow(more(config.overtakeWindow + 1))),
                    Map.entry("leakDetectionThreshold", (config, knobs) -> {
                        if (config.collector) {
                            knobs.leakDetectionThreshold(more(config.leakThreshold));
                        }
                    }),
                    Map.entry(
                            "idleOrder",
                            (config, knobs) -> knobs.idleOrder(config.fifo ? IdleOrder.LIFO : IdleOrder.FIFO)));

    private static void limits(
            TraceConfig config, ConnectionPoolBuilder<Target, Connection> knobs, UnaryOperator<EndpointLimits> change) {
        knobs.endpointLimits(target -> {
            EndpointLimits right = config.limits[target.index() % config.limits.length];
            EndpointLimits wrong = change.apply(right);
            return wrong.maxSize() > config.totalMaxSize ? right : wrong;
        });
    }

    private static java.time.Duration more(long nanos) {
        return TraceConfig.duration(nanos >= TraceConfig.OFF ? nanos : nanos + 20_000_000);
    }

    /** Models with one rule broken. */
    private static final Map<String, Function<TraceConfig, PoolModel>> RULES = Map.of(
            "a failed connect fails nobody",
            config -> new PoolModel(config) {
                @Override
                void blame(Conn c, Waiter w) {
                    super.blame(c, null);
                }
            },
            "a released connection never gives way",
            config -> new PoolModel(config) {
                @Override
                boolean givesWay(Conn c, boolean servesItself, long window) {
                    return false;
                }
            },
            "it gives way whatever the window says",
            config -> new PoolModel(config) {
                @Override
                boolean givesWay(Conn c, boolean servesItself, long window) {
                    return super.givesWay(c, servesItself, 0);
                }
            },
            "a resumed endpoint serves nobody",
            config -> new PoolModel(config) {
                @Override
                void suspend(Endpoint p, io.genericpool.SuspendMode mode) {
                    p.mode = mode;
                }
            },
            "a death casts no suspicion",
            config -> new PoolModel(config) {
                @Override
                void suspectAll(Endpoint p) {}
            },
            "a governor that refuses fails nobody",
            config -> new PoolModel(config) {
                @Override
                boolean isHopeless(Endpoint p, Waiter w) {
                    return false;
                }
            },
            "in order, nobody waits for a check",
            config -> new PoolModel(config) {
                @Override
                boolean waitsInOrder(Endpoint p, Waiter w, Conn usable) {
                    return false;
                }
            },
            "an evict spares what is leased",
            config -> new PoolModel(config) {
                @Override
                void evict(Endpoint p) {
                    Set<Conn> leased = new java.util.HashSet<>(p.conns);
                    leased.removeIf(c -> c.state != State.LEASED || c.isEvicted);
                    super.evict(p);
                    leased.forEach(c -> c.isEvicted = false);
                }
            });

    /** Pools that forget something: what a call of theirs does not do, or does otherwise. */
    private static final Map<String, Function<Object, Object>> LIES = Map.of(
            "evict",
            result -> null,
            "resume",
            result -> null,
            "resizeTotal",
            result -> null,
            "suspend",
            result -> null,
            "tryConnection",
            result -> Optional.empty(),
            "warmUp",
            result -> CompletableFuture.completedFuture(0));

    static Set<String> knobs() {
        return KNOBS.keySet();
    }

    static Set<String> rules() {
        return RULES.keySet();
    }

    static Set<String> lies() {
        return LIES.keySet();
    }

    @ParameterizedTest(name = "a pool with another {0} is noticed")
    @MethodSource("knobs")
    void aPoolWithAnotherSettingIsNoticed(String knob) {
        assertNoticed(new Pools() {
            @Override
            ConnectionPoolBuilder<Target, Connection> knobs(World world) {
                var knobs = super.knobs(world);
                KNOBS.get(knob).accept(world.config, knobs);
                return knobs;
            }
        });
    }

    @ParameterizedTest(name = "a model in which {0} is noticed")
    @MethodSource("rules")
    void aModelWithABrokenRuleIsNoticed(String rule) {
        assertNoticed(new Pools() {
            @Override
            PoolModel model(TraceConfig config) {
                return RULES.get(rule).apply(config);
            }
        });
    }

    @ParameterizedTest(name = "a pool whose {0} does nothing is noticed")
    @MethodSource("lies")
    void aPoolThatDoesNotDoWhatItIsToldIsNoticed(String method) {
        assertNoticed(new Pools() {
            @Override
            @SuppressWarnings("unchecked")
            ConnectionPool<Target, Connection> pool(World world) {
                return between(
                        ConnectionPool.class,
                        super.pool(world),
                        (called, honest) -> called.getName().equals(method)
                                ? LIES.get(method).apply(null)
                                : honest.call());
            }
        });
    }

    /** What the pool itself gives for a call. */
    interface Honest {
        Object call() throws Throwable;
    }

    /** What stands between the trace and the pool, and says what the trace gets. */
    interface Between {
        Object call(Method called, Honest honest) throws Throwable;
    }

    static <T> T between(Class<T> type, T honest, Between between) {
        return type.cast(Proxy.newProxyInstance(
                ModelCheckBitesTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    return between.call(called, () -> {
                        try {
                            return called.invoke(honest, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
                }));
    }

    /** Found within a few traces; told with the seed, the way to replay it, and a trace that is short and fails too. */
    static void assertNoticed(Pools wrong) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            var check = new ModelCheck(seed, STEPS, wrong);
            var failed = check.play();
            if (failed.error() != null) {
                assertThat(new ModelCheck(seed, STEPS, new Pools()).play().error())
                        .as("what is right passes where what is wrong does not")
                        .isNull();
                long[] shrunk = check.shrink(failed);
                assertThat(shrunk).hasSizeLessThanOrEqualTo(Math.min(failed.steps(), SHORT));
                var told = catchThrowableOfType(AssertionError.class, check::run);
                assertThat(told)
                        .hasMessageContaining("-Dmodel.seed=" + seed)
                        .hasMessageContaining("shrunk to " + shrunk.length + " steps");
                return;
            }
        }
        throw new AssertionError("not noticed in " + SEEDS + " traces");
    }
}
