package io.genericpool.spring;

/** A required database that could not be reached at a start with {@code fail-fast}. */
final class UnreachableDatabaseException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String endpoint;

    UnreachableDatabaseException(String endpoint, RuntimeException cause) {
        super("the database " + endpoint + " cannot be reached: " + cause.getMessage(), cause);
        this.endpoint = endpoint;
    }

    String endpoint() {
        return endpoint;
    }
}
