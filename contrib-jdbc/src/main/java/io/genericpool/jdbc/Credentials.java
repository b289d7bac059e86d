package io.genericpool.jdbc;

import java.util.Objects;

/** The user and password of a database login. Immutable. No text of this package contains the password. */
public final class Credentials {
    private final String user;
    private final String password;

    private Credentials(String user, String password) {
        this.user = Objects.requireNonNull(user, "user");
        this.password = Objects.requireNonNull(password, "password");
    }

    /**
     * Creates credentials.
     *
     * @param user the user's name
     * @param password the password, or a token used as one; may be empty
     * @return the credentials
     */
    public static Credentials of(String user, String password) {
        return new Credentials(user, password);
    }

    /**
     * Returns the user's name.
     *
     * @return the name
     */
    public String user() {
        return user;
    }

    /**
     * Returns the password.
     *
     * @return the password
     */
    public String password() {
        return password;
    }

    /** Returns a text without the password. */
    @Override
    public String toString() {
        return "Credentials(" + user + ")";
    }
}
