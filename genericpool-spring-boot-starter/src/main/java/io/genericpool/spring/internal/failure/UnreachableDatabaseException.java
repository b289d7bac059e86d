package io.genericpool.spring.internal.failure;

/** A required database, or group of databases, that could not be reached at a start with {@code fail-fast}. */
public final class UnreachableDatabaseException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String prefix;
    private final boolean isGroup;

    private UnreachableDatabaseException(String prefix, boolean isGroup, String message, RuntimeException cause) {
        super(message + cause.getMessage(), cause);
        this.prefix = prefix;
        this.isGroup = isGroup;
    }

    /** Of one database, whose properties have a prefix. */
    public static UnreachableDatabaseException database(String name, String prefix, RuntimeException cause) {
        return new UnreachableDatabaseException(prefix, false, "the database " + name + " cannot be reached: ", cause);
    }

    /** Of a group, whose properties have a prefix. */
    public static UnreachableDatabaseException group(String name, String prefix, RuntimeException cause) {
        return new UnreachableDatabaseException(
                prefix, true, "no member of the group " + name + " can be reached: ", cause);
    }

    String prefix() {
        return prefix;
    }

    boolean isGroup() {
        return isGroup;
    }
}
