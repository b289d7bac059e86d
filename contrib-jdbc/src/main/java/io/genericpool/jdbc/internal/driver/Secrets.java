package io.genericpool.jdbc.internal.driver;

import io.genericpool.support.CauseChain;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What must not be repeated of what a connect was given. Drivers do repeat it: some print the URL they cannot parse. */
public final class Secrets {
    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i).*(password|passwd|pwd|passphrase|passcode|secret|token|credential|key).*|pass");
    private static final Pattern PARAMETER = Pattern.compile("[?&;,(:]\\s*([^=?&;,():/]+)=([^?&;,()]*)");
    private static final Pattern USER_INFO = Pattern.compile("(?://|,)([^/?@]*)@");

    private static final int SHORTEST = 3;
    private static final String MASK = "***";

    /** The longest first: one may be a part of another. */
    private final TreeSet<String> texts =
            new TreeSet<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    private Secrets() {}

    public static Secrets of(@Nullable String url, Map<String, String> properties) {
        var secrets = new Secrets();
        if (url != null) {
            secrets.addUrl(url);
        }
        properties.forEach(secrets::addIfSecret);
        return secrets;
    }

    public void addPassword(String password) {
        add(password);
    }

    private void addUrl(String url) {
        Matcher userInfo = USER_INFO.matcher(url);
        while (userInfo.find()) {
            String text = Objects.requireNonNull(userInfo.group(1));
            add(text);
            add(text.substring(text.indexOf(':') + 1));
        }
        String ofVendor = Vendor.ofUrl(url).passwordIn(url);
        if (ofVendor != null) {
            add(ofVendor);
        }
        Matcher parameter = PARAMETER.matcher(url);
        while (parameter.find()) {
            addIfSecret(Objects.requireNonNull(parameter.group(1)), Objects.requireNonNull(parameter.group(2)));
        }
    }

    private void addIfSecret(String name, String value) {
        if (SECRET_NAME.matcher(name.strip()).matches()) {
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
            String decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
            if (decoded.length() >= SHORTEST) {
                texts.add(decoded);
            }
        } catch (IllegalArgumentException e) {
            // It is not encoded.
        }
    }

    /**
     * The failure itself when neither it nor what it is chained to says anything it should not. Otherwise a copy with masked
     * texts, of the same kind where that is a type of the JDK.
     */
    public Throwable masked(Throwable failure) {
        boolean tells = CauseChain.all(failure).stream().anyMatch(this::tells);
        return tells ? new MaskedCopy(this::mask, CauseChain.all(failure)).of(failure) : failure;
    }

    private boolean tells(Throwable e) {
        try {
            return isIn(e.getMessage()) || isIn(e.getLocalizedMessage()) || isIn(e.toString());
        } catch (Throwable broken) {
            return true; // what it would say later is not known
        }
    }

    private boolean isIn(@Nullable String text) {
        return text != null && !text.equals(mask(text));
    }

    private String mask(String text) {
        String masked = text;
        for (String secret : texts) {
            masked = masked.replace(secret, MASK);
        }
        return masked;
    }
}
