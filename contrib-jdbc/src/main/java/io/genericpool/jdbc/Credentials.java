package io.genericpool.jdbc;

import java.util.Objects;

/** Who logs in to a database. Immutable; the password is in no text this package makes. */
public final class Credentials {
    private final String user;
    private final String password;

    private Credentials(String user, String password) {
        this.user = Objects.requireNonNull(user, "user");
        this.password = Objects.requireNonNull(password, "password");
    }

    /**
     * Makes credentials.
     *
     * @param user the user's name
     * @param password the password, or a token that stands for it; may be empty
     * @return the credentials
     */
    public static Credentials of(String user, String password) {
        return new Credentials(user, password);
    }

    /**
     * The user's name.
     *
     * @return the name
     */
    public String user() {
        return user;
    }

    /**
     * The password.
     *
     * @return the secret
     */
    public String password() {
        return password;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "Credentials(" + user + ")";
    }
}
