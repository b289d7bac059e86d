package io.genericpool.spring;

import io.genericpool.jdbc.DatabaseRole;
import io.genericpool.jdbc.JdbcPoolBuilder;
import io.genericpool.spring.GenericPoolProperties.Group;
import io.genericpool.spring.GenericPoolProperties.Jdbc;
import io.genericpool.spring.GenericPoolProperties.Role;
import io.genericpool.spring.internal.failure.InvalidPropertyException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** The groups of databases that the properties describe. */
final class JdbcGroups {
    private static final String ROUTING = "routing";

    private JdbcGroups() {}

    /** Throws when a name would stand for two things. Before there are beans, since each has one of its name. */
    static void checkNames(Jdbc jdbc) {
        for (String name : jdbc.groups().keySet()) {
            if (jdbc.endpoints().containsKey(name)) {
                throw new InvalidPropertyException(
                        GenericPoolProperties.GROUPS,
                        name,
                        "a database of '" + GenericPoolProperties.ENDPOINTS + "' has this name",
                        "Give the group a name of its own.");
            }
        }
        boolean isTaken = jdbc.endpoints().containsKey(ROUTING) || jdbc.groups().containsKey(ROUTING);
        if (isTaken && (jdbc.readers() != null || !jdbc.replicas().isEmpty())) {
            throw new InvalidPropertyException(
                    jdbc.endpoints().containsKey(ROUTING)
                            ? GenericPoolProperties.ENDPOINTS
                            : GenericPoolProperties.GROUPS,
                    ROUTING,
                    "the bean routingDataSource leads to the primary and its replicas",
                    "Write another name.");
        }
    }

    /** The group that takes read-only transactions; null without one. */
    static @Nullable String readers(Jdbc jdbc) {
        String readers = jdbc.readers();
        if (readers == null) {
            return null;
        }
        String property = GenericPoolProperties.JDBC + ".readers";
        if (!jdbc.groups().containsKey(readers)) {
            throw Knobs.isNoGroup(property, readers, jdbc);
        }
        if (!jdbc.replicas().isEmpty()) {
            throw new InvalidPropertyException(
                    property,
                    readers,
                    "'" + GenericPoolProperties.JDBC + ".replicas' is set too, and says the same in another way",
                    "Leave one of the two out.");
        }
        return readers;
    }

    static void addTo(JdbcPoolBuilder builder, Jdbc jdbc, Environment environment) {
        checkRoles(jdbc);
        jdbc.groups().forEach((name, group) -> {
            var reader = new GroupReader<String>(
                    prefix(name), group, environment, (property, member) -> Knobs.known(property, member, jdbc));
            String[] members = reader.members().toArray(String[]::new);
            if (group.role() == null) {
                builder.group(name, reader.routing(), members);
            } else {
                builder.group(name, role(group.role()), reader.routing(), members);
            }
        });
    }

    static DatabaseRole role(Role role) {
        return DatabaseRole.valueOf(role.name());
    }

    private static String prefix(String group) {
        return GenericPoolProperties.GROUPS + "." + group;
    }

    /** Each connection of a database serves all groups that the database is in, so it has one role. */
    private static void checkRoles(Jdbc jdbc) {
        Map<String, Role> roles = new HashMap<>();
        Map<String, String> origins = new HashMap<>();
        jdbc.endpoints().forEach((name, endpoint) -> {
            if (endpoint.role() != null) {
                roles.put(name, endpoint.role());
                origins.put(name, GenericPoolProperties.ENDPOINTS + "." + name + ".role");
            }
        });
        jdbc.groups().forEach((name, group) -> {
            Role role = group.role();
            String property = prefix(name) + ".role";
            if (role != null) {
                group.members().forEach(member -> {
                    Role before = roles.putIfAbsent(member, role);
                    String origin = origins.putIfAbsent(member, property);
                    if (before != null && before != role) {
                        throw new InvalidPropertyException(
                                property,
                                text(role),
                                "its member " + member + " has the role '" + text(before) + "' by '" + origin + "'",
                                "Write the same role, or configure the database as two endpoints with the same URL.");
                    }
                });
            }
        });
    }

    private static String text(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    /** Whether a database counts by itself, or only as one of several that can serve. */
    static boolean isRequired(Jdbc jdbc, String name) {
        var endpoint = jdbc.endpoints().get(name);
        if (endpoint == null) {
            return true;
        }
        if (endpoint.required() != null) {
            return endpoint.required();
        }
        return name.equals(jdbc.primary())
                || jdbc.endpoints().size() == 1
                || jdbc.groups().values().stream().map(Group::members).noneMatch(each -> each.contains(name));
    }

    /** The groups, and whether each must be able to serve. */
    static Map<String, Boolean> required(Map<String, Group> groups) {
        Map<String, Boolean> required = new HashMap<>();
        groups.forEach((name, group) -> required.put(name, group.required()));
        return Map.copyOf(required);
    }
}
