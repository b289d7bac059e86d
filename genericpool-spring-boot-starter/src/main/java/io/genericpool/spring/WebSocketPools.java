package io.genericpool.spring;

import io.genericpool.EndpointGroup;
import io.genericpool.event.PoolListener;
import io.genericpool.spring.GenericPoolProperties.Group;
import io.genericpool.spring.GenericPoolProperties.WebSocket;
import io.genericpool.spring.internal.failure.InvalidPropertyException;
import io.genericpool.websocket.Heartbeat;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.WebSocketPool;
import io.genericpool.websocket.WebSocketPoolBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.beans.factory.BeanRegistry.SupplierContext;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.thread.Threading;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.env.Environment;

/** A WebSocket pool per name, each with a bean named after it. */
final class WebSocketPools implements BeanRegistrar {
    private static final ParameterizedTypeReference<PoolListener<? super WebSocketEndpoint>> LISTENER =
            new ParameterizedTypeReference<>() {};

    private static final ParameterizedTypeReference<EndpointGroup<WebSocketEndpoint, WebSocketConnection>> GROUP =
            new ParameterizedTypeReference<>() {};

    @Override
    public void register(BeanRegistry registry, Environment environment) {
        for (String name : Names.below(GenericPoolProperties.WEBSOCKET, environment)) {
            String bean = name + "WebSocketPool";
            registry.registerBean(bean, WebSocketPool.class, spec -> {
                spec.description("the WebSocket pool " + name + " of genericpool.websocket");
                spec.supplier(context -> new Creation(name, bean, context, environment).create());
            });
            registry.registerBean(
                    name + "ObservedPool",
                    ObservedPool.class,
                    spec -> spec.supplier(context -> {
                        WebSocket properties = properties(context, name);
                        WebSocketPool pool = context.bean(bean, WebSocketPool.class);
                        Set<String> inGroups = labelsOfMembers(pool, properties);
                        return new ObservedPool(
                                bean,
                                name,
                                pool.pool(),
                                Set.of(),
                                label -> properties.required() && !inGroups.contains(label),
                                required(properties));
                    }));
            for (String group : Names.below(GenericPoolProperties.WEBSOCKET + "." + name + ".groups", environment)) {
                registry.registerBean(name + capitalized(group) + "Group", GROUP, spec -> {
                    spec.description("the group " + group + " of the WebSocket pool " + name);
                    spec.supplier(context -> groupOf(context.bean(bean, WebSocketPool.class), group));
                });
            }
        }
    }

    private static EndpointGroup<WebSocketEndpoint, WebSocketConnection> groupOf(WebSocketPool pool, String name) {
        return Objects.requireNonNull(pool.pool().groups().get(name), "the group was closed");
    }

    /** They do not count one by one, because another member may serve. */
    private static Set<String> labelsOfMembers(WebSocketPool pool, WebSocket properties) {
        return properties.groups().keySet().stream()
                .flatMap(group -> groupOf(pool, group).members().stream())
                .map(String::valueOf)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Map<String, Boolean> required(WebSocket properties) {
        return properties.groups().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        group -> properties.required() && group.getValue().required()));
    }

    private static String capitalized(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static WebSocket properties(SupplierContext context, String name) {
        return Objects.requireNonNull(
                context.bean(GenericPoolProperties.class).websocket().get(name));
    }

    /** One pool of the properties. */
    private static final class Creation {
        private final String name;
        private final String bean;
        private final SupplierContext context;
        private final Environment environment;
        private final WebSocket properties;
        private final Knobs knobs;

        Creation(String name, String bean, SupplierContext context, Environment environment) {
            this.name = name;
            this.bean = bean;
            this.context = context;
            this.environment = environment;
            this.properties = properties(context, name);
            this.knobs = new Knobs(GenericPoolProperties.WEBSOCKET + "." + name, environment);
        }

        WebSocketPool create() {
            WebSocketPoolBuilder builder = WebSocketPool.builder().name(name);
            if (properties.baseUri() == null) {
                throw new InvalidPropertyException(
                        knobs.property("baseUri"),
                        null,
                        "a WebSocket pool needs the URI that its paths are resolved against",
                        "Write a URI such as 'wss://prices.example.com' as '" + knobs.property("baseUri") + "'.");
            }
            knobs.setHidden("baseUri", properties.baseUri(), builder::baseUri);
            properties.headers().forEach(builder::header);
            properties.allowedOrigins().forEach(uri -> knobs.setHidden("allowedOrigins", uri, builder::allowOrigin));
            boolean virtual = Threading.VIRTUAL.isActive(environment);
            builder.connections(connections -> connections.virtualThreads(virtual));
            knobs.set("heartbeat", properties.heartbeat(), interval -> builder.heartbeat(Heartbeat.ping(interval)));
            limit(builder);
            PoolListener<WebSocketEndpoint> listener = CombinedListener.of(listeners());
            if (listener != null) {
                builder.pool(pool -> pool.listener(listener));
            }
            ReloadableTls tls = tls();
            if (tls != null) {
                builder.connections(
                        connections -> connections.customizeClient(client -> client.sslSocketFactory(tls, tls)));
            }
            context.beanProvider(WebSocketPoolCustomizer.class)
                    .orderedStream()
                    .forEach(customizer -> customizer.customize(name, builder));
            WebSocketPool pool = build(builder);
            try {
                properties.groups().forEach((group, description) -> addGroup(pool, group, description));
            } catch (RuntimeException e) {
                pool.close();
                throw e;
            }
            if (tls != null) {
                renewWithBundle(tls, pool);
            }
            return pool;
        }

        private void addGroup(WebSocketPool pool, String group, Group description) {
            String prefix = knobs.property("groups") + "." + group;
            if (description.role() != null) {
                throw new InvalidPropertyException(
                        prefix + ".role",
                        description.role().name().toLowerCase(Locale.ROOT),
                        "a WebSocket endpoint has no role",
                        "Leave the property out.");
            }
            var reader = new GroupReader<WebSocketEndpoint>(
                    prefix, description, environment, (property, member) -> endpoint(pool, property, member));
            var unused = pool.pool().group(group, reader.routing(), reader.members());
        }

        /** The value is not printed as it is: it may hold a token. */
        private static WebSocketEndpoint endpoint(WebSocketPool pool, String property, String member) {
            try {
                return pool.endpoint(member);
            } catch (IllegalArgumentException e) {
                var invalid = new InvalidPropertyException(
                        property,
                        "...",
                        String.valueOf(e.getMessage()),
                        "Write a URI such as 'wss://prices.example.com', or a path.");
                invalid.initCause(e);
                throw invalid;
            }
        }

        private List<PoolListener<? super WebSocketEndpoint>> listeners() {
            List<PoolListener<? super WebSocketEndpoint>> all = new ArrayList<>();
            context.beanProvider(LISTENER).orderedStream().forEach(all::add);
            context.beanProvider(ObservedPool.Observer.class)
                    .orderedStream()
                    .map(each -> each.listenerOf(bean))
                    .filter(Objects::nonNull)
                    .forEach(all::add);
            return all;
        }

        private void limit(WebSocketPoolBuilder builder) {
            builder.pool(pool -> {
                knobs.set("maxSize", properties.maxSize(), pool::maxSize);
                knobs.set("totalMaxSize", properties.totalMaxSize(), pool::totalMaxSize);
                knobs.set("minIdle", properties.minIdle(), pool::minIdle);
                knobs.set("acquireTimeout", properties.acquireTimeout(), pool::acquireTimeout);
                knobs.set("connectTimeout", properties.connectTimeout(), pool::connectTimeout);
                knobs.set("idleTimeout", properties.idleTimeout(), pool::idleTimeout);
                knobs.set("maxLifetime", properties.maxLifetime(), pool::maxLifetime);
                knobs.set("addressWatch", properties.addressWatch(), pool::addressWatch);
            });
        }

        private WebSocketPool build(WebSocketPoolBuilder builder) {
            try {
                return builder.build();
            } catch (IllegalArgumentException e) {
                throw knobs.ofRules(e, environment);
            }
        }

        private @Nullable ReloadableTls tls() {
            String bundle = properties.ssl().bundle();
            if (bundle == null) {
                return null;
            }
            try {
                return new ReloadableTls(bundles().getBundle(bundle));
            } catch (NoSuchSslBundleException e) {
                String known = String.join(", ", bundles().getBundleNames());
                throw new InvalidPropertyException(
                        knobs.property("ssl.bundle"),
                        bundle,
                        "there is no such SSL bundle",
                        known.isEmpty()
                                ? "Configure the bundle below 'spring.ssl.bundle'."
                                : "Write one of " + known + ", or configure the bundle below 'spring.ssl.bundle'.");
            }
        }

        private SslBundles bundles() {
            return context.bean(SslBundles.class);
        }

        /** Connections of the old certificates are closed when their leases end. */
        private void renewWithBundle(ReloadableTls tls, WebSocketPool pool) {
            bundles()
                    .addBundleUpdateHandler(
                            Objects.requireNonNull(properties.ssl().bundle()), bundle -> {
                                tls.use(bundle);
                                if (!pool.pool().isClosed()) {
                                    pool.pool().evictAll();
                                }
                            });
        }
    }
}
