package io.genericpool.jdbc.internal.lent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.dbcp2.AbandonedTrace;
import org.apache.commons.dbcp2.DelegatingStatement;
import org.jspecify.annotations.Nullable;

/**
 * Which statements of a connection are open. Most leases have one at a time: that costs a CAS, and the set is for others.
 * DBCP's list would make a weak reference and read the clock for each.
 *
 * <p>A statement may be closed by its driver, as by {@code closeOnCompletion}, which makes no call. So the set is rid of such
 * ones whenever it has doubled: it never holds more than twice what is open, beyond a few.
 */
public final class OpenStatements {
    private static final VarHandle FIRST;
    private static final int FEW = 64;

    static {
        try {
            FIRST = MethodHandles.lookup().findVarHandle(OpenStatements.class, "first", AbandonedTrace.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable AbandonedTrace first;
    /** Null as long as there was never more than one. */
    private volatile @Nullable Set<AbandonedTrace> others;

    private int purgeAt = FEW;

    public void add(AbandonedTrace statement) {
        if (!FIRST.compareAndSet(this, null, statement)) {
            addToOthers(statement);
        }
    }

    private synchronized void addToOthers(AbandonedTrace statement) {
        Set<AbandonedTrace> set = others;
        if (set == null) {
            set = new LinkedHashSet<>();
            others = set;
        }
        if (set.size() >= purgeAt) {
            set.removeIf(OpenStatements::isClosed);
            purgeAt = Math.max(FEW, 2 * set.size());
        }
        set.add(statement);
    }

    public void remove(AbandonedTrace statement) {
        if (!FIRST.compareAndSet(this, statement, null) && others != null) {
            removeFromOthers(statement);
        }
    }

    private synchronized void removeFromOthers(AbandonedTrace statement) {
        Set<AbandonedTrace> set = others;
        if (set != null) {
            set.remove(statement);
        }
    }

    public boolean isAny() {
        AbandonedTrace one = first;
        return (one != null && !isClosed(one)) || (others != null && isAnyOther());
    }

    private synchronized boolean isAnyOther() {
        Set<AbandonedTrace> set = others;
        return set != null && !set.stream().allMatch(OpenStatements::isClosed);
    }

    /** Asks the driver. One that is just being made is open. */
    private static boolean isClosed(AbandonedTrace trace) {
        Statement opened = trace instanceof DelegatingStatement statement ? statement.getDelegate() : null;
        try {
            return opened != null && opened.isClosed();
        } catch (SQLException | RuntimeException | LinkageError e) {
            return false;
        }
    }

    public synchronized int size() {
        Set<AbandonedTrace> set = others;
        return (first == null ? 0 : 1) + (set == null ? 0 : set.size());
    }

    /** Closes what the holder has left open. */
    public void closeAll() throws SQLException {
        SQLException failure = null;
        for (AbandonedTrace statement : takeAll()) {
            try {
                statement.close();
            } catch (SQLException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private synchronized List<AbandonedTrace> takeAll() {
        List<AbandonedTrace> all = new ArrayList<>();
        Set<AbandonedTrace> set = others;
        if (set != null) {
            all.addAll(set);
            others = null;
            purgeAt = FEW;
        }
        AbandonedTrace one = first;
        if (one != null && FIRST.compareAndSet(this, one, null)) {
            all.add(one);
        }
        return all;
    }
}
