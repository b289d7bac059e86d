package io.genericpool.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SafeTextTest {
    private static Object saying(String text) {
        return new Object() {
            @Override
            public String toString() {
                return text;
            }
        };
    }

    @Test
    void plainTextIsLeftAsItIs() {
        String text = "db-1:5432 \u00fcber \uD83D\uDE00 {a}";
        assertThat(SafeText.label(text)).isEqualTo(text);
        String ascii = "host:1";
        assertThat(SafeText.label(ascii)).isSameAs(ascii);
        assertThat(SafeText.label(null)).isEqualTo("null");
        assertThat(SafeText.label(saying(null))).isEqualTo("null");
        String longest = "x".repeat(SafeText.LABEL);
        assertThat(SafeText.label(longest)).isSameAs(longest);
    }

    @Test
    void whatCouldEndALineHideTextOrSteerATerminalIsReplaced() {
        assertThat(SafeText.label("a\r\nb\u2028c\u2029d\u0085e\u001b[2Jf\u0000g\th\u202ei\u200bj\u007f"))
                .isEqualTo("a??b?c?d?e?[2Jf?g?h?i?j?");
        assertThat(SafeText.label("half \uD83D of a pair")).isEqualTo("half ? of a pair");
    }

    @Test
    void longTextIsCutAtTheBound() {
        assertThat(SafeText.label("x".repeat(1_000_000)))
                .hasSize(SafeText.LABEL)
                .endsWith("x...")
                .startsWith("xxx");
        assertThat(SafeText.message("x".repeat(1_000_000))).hasSize(SafeText.MESSAGE);
        String pairs = "\uD83D\uDE00".repeat(300);
        assertThat(SafeText.label("a" + pairs)).hasSize(SafeText.LABEL).doesNotContain("?");
        assertThat(SafeText.label(pairs))
                .hasSizeBetween(SafeText.LABEL - 1, SafeText.LABEL)
                .doesNotContain("?");
    }

    @Test
    void textThatCannotBeHadIsSaidToBeSo() {
        var rude = new Object() {
            @Override
            public String toString() {
                throw new StackOverflowError();
            }
        };
        assertThat(SafeText.label(rude)).endsWith("(its toString threw java.lang.StackOverflowError)");
        var mute = new RuntimeException() {
            @Override
            public String getMessage() {
                throw new IllegalStateException();
            }
        };
        assertThat(SafeText.message(mute)).endsWith("(its toString threw java.lang.IllegalStateException)");
        assertThat(SafeText.messageOf(mute)).endsWith("(its getMessage threw java.lang.IllegalStateException)");
        assertThat(SafeText.messageOf(new RuntimeException("a\nb"))).isEqualTo("a?b");
        assertThat(SafeText.messageOf(new RuntimeException())).isEmpty();
    }
}
