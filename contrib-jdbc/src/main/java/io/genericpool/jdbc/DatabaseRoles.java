package io.genericpool.jdbc;

import io.genericpool.jdbc.internal.driver.RoleQuestion;
import io.genericpool.jdbc.internal.driver.SqlStates;
import io.genericpool.jdbc.internal.session.RoleCheck;
import io.genericpool.support.SafeText;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which role the database of each endpoint must have, by its own setting or by that of a group. */
final class DatabaseRoles {
    private static final System.Logger LOG = System.getLogger(JdbcPool.class.getName());

    private final Map<String, DatabaseRole> ofGroups = new ConcurrentHashMap<>();
    /** Endpoints whose database does not know the question. */
    private final Set<String> silent = ConcurrentHashMap.newKeySet();

    /**
     * The members of a group get its role, from their next connection attempt on. One endpoint has one role, because its
     * connections serve every group that it is in.
     */
    void require(
            String group, DatabaseRole role, Collection<String> members, Function<String, JdbcEndpoint> endpoints) {
        for (String member : members) {
            DatabaseRole own = role(member, endpoints.apply(member));
            if (own != null && own != role) {
                throw new IllegalArgumentException("endpoint " + SafeText.label(member) + " of group "
                        + SafeText.label(group) + " must have the role " + role + ", but has the role " + own
                        + "; configure the database as two endpoints");
            }
        }
        members.forEach(member -> ofGroups.put(member, role));
    }

    private @Nullable DatabaseRole role(String name, JdbcEndpoint endpoint) {
        return endpoint.role != null ? endpoint.role : ofGroups.get(name);
    }

    /** What a new connection of an endpoint, and its later checks, must pass. */
    RoleCheck checkOf(String name, JdbcEndpoint endpoint) {
        DatabaseRole role = role(name, endpoint);
        return role == null ? RoleCheck.NONE : new Check(name, role);
    }

    private final class Check implements RoleCheck {
        private final String name;
        private final DatabaseRole required;

        Check(String name, DatabaseRole required) {
            this.name = name;
            this.required = required;
        }

        @Override
        public boolean asks() {
            return !silent.contains(name);
        }

        @Override
        public void check(Connection raw) throws SQLException {
            if (!asks()) {
                return;
            }
            Boolean readOnly = RoleQuestion.isReadOnly(raw);
            if (readOnly == null) {
                if (silent.add(name)) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "the database of endpoint {0} cannot tell its role: it is taken for a {1}, and is not asked"
                                    + " again",
                            SafeText.label(name),
                            required);
                }
                return;
            }
            DatabaseRole actual = readOnly ? DatabaseRole.READER : DatabaseRole.WRITER;
            if (actual != required) {
                throw new DatabaseRoleException(SafeText.label(name), required, actual);
            }
        }

        /** Not when the holder has made the session read-only. */
        @Override
        public boolean contradicts(SQLException failure, Connection raw) {
            if (required != DatabaseRole.WRITER || !SqlStates.saysReadOnly(failure)) {
                return false;
            }
            try {
                return !raw.isReadOnly();
            } catch (SQLException | RuntimeException | LinkageError e) {
                return true;
            }
        }
    }
}
