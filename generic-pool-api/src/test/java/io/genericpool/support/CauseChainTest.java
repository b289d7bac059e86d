package io.genericpool.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class CauseChainTest {
    private static final class Circular extends RuntimeException {
        private Throwable cause = this;

        Circular(String message) {
            super(message);
        }

        @Override
        public synchronized Throwable getCause() {
            return cause;
        }
    }

    private static final class Endless extends RuntimeException {
        @Override
        public synchronized Throwable getCause() {
            return new Endless();
        }
    }

    private static final class Broken extends SQLException {
        @Override
        public synchronized Throwable getCause() {
            throw new StackOverflowError();
        }

        @Override
        public SQLException getNextException() {
            throw new IllegalStateException();
        }
    }

    @Test
    void causesComeInTheirOrderAndBeforeWhatIsChained() {
        var root = new IllegalStateException("root");
        var middle = new SQLException("middle", root);
        var next = new SQLException("next");
        middle.setNextException(next);
        var suppressed = new IllegalArgumentException("suppressed");
        var top = new RuntimeException("top", middle);
        top.addSuppressed(suppressed);
        assertThat(CauseChain.all(top)).containsExactly(top, middle, root, suppressed, next);
        assertThat(CauseChain.causes(top)).containsExactly(top, middle, root);
        assertThat(CauseChain.find(top, IllegalArgumentException.class)).isSameAs(suppressed);
        assertThat(CauseChain.find(top, Error.class)).isNull();
        assertThat(CauseChain.all(null)).isEmpty();
    }

    @Test
    void aCircleOfCausesIsWalkedOnce() {
        var a = new Circular("a");
        var b = new Circular("b");
        assertThat(CauseChain.all(a)).containsExactly(a); // its own cause
        a.cause = b;
        b.cause = a;
        assertThat(CauseChain.all(a)).containsExactly(a, b);
        assertThat(CauseChain.causes(b)).containsExactly(b, a);
    }

    @Test
    void aCircleOfNextExceptionsIsWalkedOnce() {
        var a = new SQLException("a");
        var b = new SQLException("b", a); // a is the cause of b, which is next to a
        a.setNextException(b);
        assertThat(CauseChain.all(a)).containsExactly(a, b);
    }

    @Test
    void aCircleOfSuppressedOnesIsWalkedOnce() {
        var a = new RuntimeException("a");
        var b = new RuntimeException("b");
        a.addSuppressed(b);
        b.addSuppressed(a);
        assertThat(CauseChain.all(a)).containsExactly(a, b);
    }

    @Test
    void aChainWithoutAnEndIsCut() {
        assertThat(CauseChain.all(new Endless())).hasSize(CauseChain.MOST);
        assertThat(CauseChain.causes(new Endless())).hasSize(CauseChain.MOST);
        var wide = new RuntimeException();
        for (int i = 0; i < 10_000; i++) {
            wide.addSuppressed(new Endless());
        }
        assertThat(CauseChain.all(wide)).hasSize(CauseChain.MOST);
    }

    @Test
    void oneThatThrowsHasNoCauses() {
        var broken = new Broken();
        assertThat(CauseChain.all(broken)).containsExactly(broken);
        assertThat(CauseChain.causes(broken)).containsExactly(broken);
    }

    @Test
    void wrappersOfFuturesAreTakenOff() {
        var failure = new IllegalStateException();
        assertThat(CauseChain.unwrapped(failure)).isSameAs(failure);
        assertThat(CauseChain.unwrapped(new CompletionException(new ExecutionException(failure))))
                .isSameAs(failure);
        var empty = new CompletionException((Throwable) null);
        assertThat(CauseChain.unwrapped(empty)).isSameAs(empty);
        var circle = new CompletionException((Throwable) null) {
            @Override
            public synchronized Throwable getCause() {
                return this;
            }
        };
        assertThat(CauseChain.unwrapped(circle)).isSameAs(circle);
    }
}
