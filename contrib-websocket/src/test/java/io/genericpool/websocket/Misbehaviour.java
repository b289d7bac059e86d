package io.genericpool.websocket;

/** What code of an application does to the thread that calls it. */
enum Misbehaviour {
    THROWS_AN_EXCEPTION {
        @Override
        void happen() {
            throw new IllegalStateException("boom");
        }
    },
    THROWS_AN_ERROR {
        @Override
        void happen() {
            throw new NoClassDefFoundError("boom");
        }
    },
    OVERFLOWS_THE_STACK {
        @Override
        void happen() {
            deeper(1);
        }
    },
    LEAVES_ITS_INTERRUPT_FLAG {
        @Override
        void happen() {
            Thread.currentThread().interrupt();
        }
    };

    abstract void happen();

    boolean isThrown() {
        return this != LEAVES_ITS_INTERRUPT_FLAG;
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int deeper(int depth) {
        return deeper(depth + 1) + 1;
    }
}
