package io.genericpool.commons;

/**
 * The contract of Commons Pool 2, put to the keyed view with its default order. That is LIFO by and large, which the
 * contract does not know: it is told of no order, and leaves out the four lines that look at it. FIFO, which is exact, has
 * them.
 */
class LifoKeyedContractTest extends KeyedContract {
    @Override
    protected boolean isLifo() {
        return false;
    }

    @Override
    protected boolean isFifo() {
        return false;
    }
}
