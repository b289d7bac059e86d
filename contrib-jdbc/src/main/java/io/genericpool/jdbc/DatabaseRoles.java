package io.genericpool.jdbc;

import io.genericpool.jdbc.internal.driver.RoleQuestion;
import io.genericpool.jdbc.internal.driver.SqlStates;
import io.genericpool.jdbc.internal.session.RoleCheck;
import io.genericpool.jdbc.internal.session.Session;
import io.genericpool.support.SafeText;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which role the database of each endpoint must have, by its own setting or by that of a group. */
final class DatabaseRoles {
    private static final System.Logger LOG = System.getLogger(JdbcPool.class.getName());

    /** Of each open group, or of one that is about to change. Guarded by itself. */
    private final Map<Object, Claim> claims = new HashMap<>();
    /** What all claims say together, by endpoint. */
    private volatile Map<String, DatabaseRole> ofGroups = Map.of();
    /** Endpoints whose database does not know the question. */
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    /** The open sessions of the endpoints that require a role. An endpoint without any has no entry. */
    private final Map<String, Set<Session>> sessions = new ConcurrentHashMap<>();

    private record Claim(DatabaseRole role, Set<String> members) {}

    /**
     * The members of a group get its role, for connections that exist too, until the claim is released. One endpoint has
     * one role, because its connections serve every group that it is in.
     *
     * @param owner has no claim yet
     * @return the members that had no role before
     */
    Set<String> claim(
            Object owner,
            String group,
            DatabaseRole role,
            Collection<String> members,
            Function<String, JdbcEndpoint> endpoints) {
        Map<String, @Nullable DatabaseRole> own = new HashMap<>();
        members.forEach(member -> own.put(member, endpoints.apply(member).role)); // may call a user's function
        synchronized (claims) {
            Set<String> changed = new HashSet<>();
            own.forEach((member, ofItself) -> {
                DatabaseRole present = ofItself != null ? ofItself : ofGroups.get(member);
                if (present == null) {
                    changed.add(member);
                } else if (present != role) {
                    throw new IllegalArgumentException("endpoint " + SafeText.label(member) + " of group "
                            + SafeText.label(group) + " must have the role " + role + ", but has the role " + present
                            + "; configure the database as two endpoints");
                }
            });
            claims.put(owner, new Claim(role, Set.copyOf(own.keySet())));
            publish();
            return changed;
        }
    }

    /** Lets a claim be for the present members. Does nothing after its release. */
    void update(Object owner, Supplier<? extends Collection<String>> members) {
        synchronized (claims) {
            Claim before = claims.get(owner);
            if (before != null) {
                claims.put(owner, new Claim(before.role, Set.copyOf(members.get())));
                publish();
            }
        }
    }

    void release(Object owner) {
        synchronized (claims) {
            claims.remove(owner);
            publish();
        }
    }

    private void publish() {
        Map<String, DatabaseRole> roles = new HashMap<>();
        claims.values().forEach(claim -> claim.members.forEach(member -> roles.put(member, claim.role)));
        ofGroups = Map.copyOf(roles);
    }

    /** What a new connection of an endpoint, and its later checks, must pass. */
    RoleCheck checkOf(String name, JdbcEndpoint endpoint) {
        return new Check(name, endpoint.role);
    }

    private final class Check implements RoleCheck {
        private final String name;
        private final @Nullable DatabaseRole own;

        Check(String name, @Nullable DatabaseRole own) {
            this.name = name;
            this.own = own;
        }

        /** At this moment: its endpoint may have joined a group since the connection was made, or have left one. */
        private @Nullable DatabaseRole required() {
            return own != null ? own : ofGroups.get(name);
        }

        @Override
        public boolean asks() {
            return required() != null && !silent.contains(name);
        }

        @Override
        public void check(Connection raw) throws SQLException {
            DatabaseRole required = required();
            if (required == null || silent.contains(name)) {
                return;
            }
            Boolean readOnly = RoleQuestion.isReadOnly(raw);
            if (readOnly == null) {
                if (silent.add(name)) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "the database of endpoint " + SafeText.label(name)
                                    + " cannot tell its role: it is taken for a " + required
                                    + ", and is not asked again");
                }
                return;
            }
            DatabaseRole actual = readOnly ? DatabaseRole.READER : DatabaseRole.WRITER;
            if (actual != required) {
                suspectAll();
                throw new DatabaseRoleException(SafeText.label(name), required, actual);
            }
        }

        @Override
        public boolean contradicts(SQLException failure, boolean readOnly) {
            return !readOnly && required() == DatabaseRole.WRITER && SqlStates.saysReadOnly(failure);
        }

        @Override
        public void suspectAll() {
            sessions.getOrDefault(name, Set.of()).forEach(Session::suspect);
        }

        /** One that is not asked now needs no entry: its endpoint evicts it when it gets a role. */
        @Override
        public void joined(Session session) {
            if (asks()) {
                sessions.compute(name, (endpoint, known) -> {
                    Set<Session> open = known == null ? ConcurrentHashMap.newKeySet() : known;
                    open.add(session);
                    return open;
                });
            }
        }

        @Override
        public void left(Session session) {
            sessions.computeIfPresent(name, (endpoint, open) -> {
                open.remove(session);
                return open.isEmpty() ? null : open;
            });
        }
    }
}
