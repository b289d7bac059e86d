package io.genericpool.core.model;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.core.model.ModelState.Ask;
import io.genericpool.core.model.ModelState.Endpoint;
import io.genericpool.core.model.ModelState.Waiter;
import io.genericpool.core.model.TraceServer.Connection;
import io.genericpool.core.model.TraceServer.Target;
import io.genericpool.group.Routing;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** As {@link ModelCheckBitesTest}, for groups. */
class GroupCheckBitesTest {
    private static final long MILLI = 1_000_000;

    /** Groups with one setting that the model does not know. */
    private static final Map<String, UnaryOperator<TraceGroup>> SETTINGS = Map.of(
            "order",
            g -> with(
                    g,
                    g.order() == TraceGroup.Order.DECLARED ? TraceGroup.Order.REVERSED : TraceGroup.Order.DECLARED,
                    g.tiers(),
                    g.spillAfter(),
                    g.hedgeAfter()),
            "tier",
            g -> with(g, g.order(), g.tiers() == 1 ? 2 : 1, g.spillAfter(), g.hedgeAfter()),
            "spillAfter",
            g -> with(g, g.order(), g.tiers(), g.spillAfter() + 3 * MILLI, g.hedgeAfter()),
            "hedgeAfter",
            g -> with(g, g.order(), g.tiers(), g.spillAfter(), g.hedgeAfter() + 3 * MILLI));

    private static TraceGroup with(TraceGroup g, TraceGroup.Order order, int tiers, long spillAfter, long hedgeAfter) {
        return new TraceGroup(g.name(), order, tiers, spillAfter, hedgeAfter);
    }

    /** Models with one rule of groups broken. */
    private static final Map<String, Function<TraceConfig, PoolModel>> RULES = Map.of(
            "each ticket may start something",
            config -> new PoolModel(config) {
                @Override
                boolean takeTurn(Waiter w) {
                    super.takeTurn(w);
                    return true;
                }
            },
            "a ticket that has no use for its turn keeps it",
            config -> new PoolModel(config) {
                @Override
                void passTurnsOn(Endpoint p, boolean isPermitWanted) {
                    super.passTurnsOn(p, true);
                }
            },
            "a slow attempt keeps its turn",
            config -> new PoolModel(config) {
                @Override
                void spill(Ask ask) {
                    ask.isSpillDue = false;
                }
            },
            "nothing is hedged",
            config -> new PoolModel(config) {
                @Override
                void hedge(Ask ask) {
                    ask.isHedgeDue = false;
                }
            },
            "a member that has failed is tried again for the same request",
            config -> new PoolModel(config) {
                @Override
                boolean isHeldBack(Endpoint p, Waiter t) {
                    return (rejectsConnects || !isSpent(t)) && super.isHeldBack(p, t);
                }
            },
            "a member that is back is not spared",
            config -> new PoolModel(config) {
                @Override
                boolean isHeldBack(Endpoint p, Waiter t) {
                    return isSpent(t);
                }
            },
            "a connect in flight for nobody is not used",
            config -> new PoolModel(config) {
                @Override
                void adopt(Waiter t) {}
            },
            "a request fails with the first member that cannot serve it",
            config -> new PoolModel(config) {
                @Override
                boolean isHopeful(Waiter t) {
                    return false;
                }
            },
            "a request that has ended leaves tickets behind",
            config -> new PoolModel(config) {
                @Override
                void withdraw(Waiter t) {}
            });

    /** Calls of a group that do nothing, where they have so many arguments. */
    private static final Map<String, Integer> LIES = Map.of("members", 1, "tryConnection", 0);

    static Set<String> settings() {
        return SETTINGS.keySet();
    }

    static Set<String> rules() {
        return RULES.keySet();
    }

    static Set<String> lies() {
        return LIES.keySet();
    }

    @ParameterizedTest(name = "a group with another {0} is noticed")
    @MethodSource("settings")
    void aGroupWithAnotherSettingIsNoticed(String setting) {
        ModelCheckBitesTest.assertNoticed(new Pools() {
            @Override
            Routing<Target> routing(TraceGroup group) {
                return SETTINGS.get(setting).apply(group).routing();
            }
        });
    }

    @ParameterizedTest(name = "a model in which {0} is noticed")
    @MethodSource("rules")
    void aModelWithABrokenRuleIsNoticed(String rule) {
        ModelCheckBitesTest.assertNoticed(new Pools() {
            @Override
            PoolModel model(TraceConfig config) {
                return RULES.get(rule).apply(config);
            }
        });
    }

    @ParameterizedTest(name = "a group whose {0} does nothing is noticed")
    @MethodSource("lies")
    void aGroupThatDoesNotDoWhatItIsToldIsNoticed(String method) {
        ModelCheckBitesTest.assertNoticed(new Pools() {
            @Override
            @SuppressWarnings("unchecked")
            ConnectionPool<Target, Connection> pool(World world) {
                return ModelCheckBitesTest.between(ConnectionPool.class, super.pool(world), (called, honest) -> {
                    Object result = honest.call();
                    return result instanceof EndpointGroup<?, ?> group ? lying(group, method) : result;
                });
            }
        });
    }

    private static EndpointGroup<?, ?> lying(EndpointGroup<?, ?> group, String method) {
        return ModelCheckBitesTest.between(EndpointGroup.class, group, (called, honest) -> {
            boolean isLie = called.getName().equals(method) && called.getParameterCount() == LIES.get(method);
            return isLie ? Optional.empty() : honest.call();
        });
    }
}
