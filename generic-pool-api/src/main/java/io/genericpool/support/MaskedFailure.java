package io.genericpool.support;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a failure whose texts look as if they held a secret: the user of a URL, or a parameter named like one. It is for
 * failures of code that knows URLs this project does not know, before they are logged or become a cause.
 */
public final class MaskedFailure extends Exception {
    private static final long serialVersionUID = 1;

    private static final String MASK = "***";
    private static final Pattern USER_INFO = Pattern.compile("(//)[^/?#@\\s]+@");
    private static final Pattern PARAMETER = Pattern.compile(
            "(?i)((?:(?:password|passwd|pwd|passphrase|secret|credential)[\\w.-]*\\s*[=:]|token[\\w.-]*\\s*=)\\s*)"
                    + "[^\\s&;,)}\"']+");

    private final String type;

    private MaskedFailure(Throwable original) {
        super(mask(SafeText.messageOf(original)));
        type = original.getClass().getName();
        setStackTrace(original.getStackTrace());
    }

    /**
     * The failure itself when neither it nor what it is chained to seems to tell a secret; else a copy. Never throws.
     *
     * @param failure the failure
     * @return what may be logged
     */
    public static Throwable of(Throwable failure) {
        try {
            var graph = CauseChain.all(failure);
            if (graph.stream().noneMatch(MaskedFailure::tells)) {
                return failure;
            }
            Set<Throwable> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
            wanted.addAll(graph);
            return copy(failure, wanted);
        } catch (Throwable broken) {
            return new IllegalStateException(
                    "a failure of " + failure.getClass().getName() + " that cannot be read, by "
                            + broken.getClass().getName());
        }
    }

    private static Throwable copy(Throwable original, Set<Throwable> wanted) {
        wanted.remove(original); // circles are cut
        var copy = new MaskedFailure(original);
        Throwable cause = original.getCause();
        if (cause != null && wanted.contains(cause)) {
            copy.initCause(copy(cause, wanted));
        }
        for (Throwable suppressed : original.getSuppressed()) {
            if (wanted.contains(suppressed)) {
                copy.addSuppressed(copy(suppressed, wanted));
            }
        }
        return copy;
    }

    private static boolean tells(Throwable failure) {
        return isSecret(failure.getMessage())
                || isSecret(failure.getLocalizedMessage())
                || isSecret(failure.toString());
    }

    private static boolean isSecret(@Nullable String text) {
        return text != null
                && (USER_INFO.matcher(text).find() || PARAMETER.matcher(text).find());
    }

    private static String mask(String text) {
        String masked = USER_INFO.matcher(text).replaceAll("$1" + MASK + "@");
        return PARAMETER.matcher(masked).replaceAll("$1" + MASK);
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // it names the original's type, not its own
    public String toString() {
        String message = getMessage();
        return message == null || message.isEmpty() ? type : type + ": " + message;
    }
}
