package io.genericpool.jdbc;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What must not be repeated of what a connect was given. Drivers do repeat it: some print the URL they cannot parse. */
final class Secrets {
    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i).*(password|passwd|pwd|passphrase|secret|token|credential|key).*");
    private static final Pattern PARAMETER = Pattern.compile("[?&;,(]\\s*([^=?&;,()]+)=([^?&;,()]*)");
    private static final Pattern USER_INFO = Pattern.compile("//([^/?@]*)@");
    private static final int SHORTEST = 3;
    private static final String MASK = "***";

    private final Set<String> texts = new LinkedHashSet<>();

    private Secrets() {}

    static Secrets of(@Nullable String url, Map<String, String> properties, @Nullable Credentials login) {
        var secrets = new Secrets();
        if (url != null) {
            secrets.addUrl(url);
        }
        properties.forEach(secrets::addIfSecret);
        if (login != null) {
            secrets.add(login.password());
        }
        return secrets;
    }

    private void addUrl(String url) {
        var userInfo = USER_INFO.matcher(url);
        while (userInfo.find()) {
            add(userInfo.group(1));
            add(userInfo.group(1).substring(userInfo.group(1).indexOf(':') + 1));
        }
        var parameter = PARAMETER.matcher(url);
        while (parameter.find()) {
            addIfSecret(parameter.group(1), parameter.group(2));
        }
    }

    private void addIfSecret(String name, String value) {
        if (SECRET_NAME.matcher(name).matches()) {
            add(value);
        }
    }

    /** Shorter ones are left: what could be recognised by them is every other word. */
    private void add(String text) {
        if (text.length() < SHORTEST) {
            return;
        }
        texts.add(text);
        try {
            texts.add(URLDecoder.decode(text, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            // It is not encoded.
        }
    }

    /** The exception itself when it says nothing it should not; otherwise one that is told as much, masked. */
    SQLException masked(SQLException failure) {
        if (!isIn(failure)) {
            return failure;
        }
        var clean = new SQLException(mask(failure.getMessage()), failure.getSQLState(), failure.getErrorCode());
        clean.setStackTrace(failure.getStackTrace());
        return clean;
    }

    private boolean isIn(@Nullable Throwable failure) {
        int depth = 0;
        for (Throwable e = failure; e != null && depth < SqlStates.MAX_DEPTH; e = e.getCause(), depth++) {
            String message = e.getMessage();
            if (message != null && !message.equals(mask(message))) {
                return true;
            }
            if (e instanceof SQLException sql && sql.getNextException() != null && isIn(sql.getNextException())) {
                return true;
            }
        }
        return false;
    }

    private @Nullable String mask(@Nullable String message) {
        String masked = message;
        for (String text : texts) {
            masked = masked == null ? null : masked.replace(text, MASK);
        }
        return masked;
    }
}
