package io.genericpool.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedFailureTest {
    private static String printed(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void aFailureWithoutASecretIsLeftAsItIs() {
        var failure = new IOException("connection refused: redis.example.org:6379", new IllegalStateException());
        assertThat(MaskedFailure.of(failure)).isSameAs(failure);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no route to rediss://fleet:s3cret@redis.example.org:6379/0",
                "cannot parse redis://:s3cret@host",
                "jdbc:postgresql://db/shop?user=a&password=s3cret&ssl=true failed",
                "FATAL: Password: s3cret",
                "sslpassword=s3cret;",
                "{auth_token=s3cret}",
            })
    void whatLooksLikeASecretIsMasked(String message) {
        var failure = new IllegalStateException("outer", new IOException(message));
        failure.addSuppressed(new IOException(message));
        Throwable masked = MaskedFailure.of(failure);
        assertThat(printed(masked)).doesNotContain("s3cret").contains("***");
        assertThat(masked.toString()).isEqualTo("java.lang.IllegalStateException: outer");
        assertThat(masked.getStackTrace()).isEqualTo(failure.getStackTrace());
        assertThat(masked.getSuppressed()).hasSize(1);
    }

    @Test
    void circlesAndBrokenMessagesDoNoHarm() {
        var one = new IOException("redis://:s3cret@host");
        var two = new IOException("two", one);
        one.initCause(two);
        assertThat(printed(MaskedFailure.of(one))).doesNotContain("s3cret");
        var broken = new RuntimeException() {
            @Override
            public String getMessage() {
                throw new IllegalStateException("broken");
            }
        };
        assertThat(printed(MaskedFailure.of(broken))).contains("cannot be read");
    }
}
