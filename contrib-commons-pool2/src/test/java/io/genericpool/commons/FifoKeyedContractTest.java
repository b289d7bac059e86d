package io.genericpool.commons;

/** The contract of Commons Pool 2, put to the keyed view of a pool that hands out the longest idle. */
class FifoKeyedContractTest extends KeyedContract {
    @Override
    protected boolean isLifo() {
        return false;
    }

    @Override
    protected boolean isFifo() {
        return true;
    }
}
