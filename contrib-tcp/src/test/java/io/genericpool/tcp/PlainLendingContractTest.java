package io.genericpool.tcp;

/** Without views: the connection itself is lent. */
class PlainLendingContractTest extends BlockingContract {
    PlainLendingContractTest() {
        super(Kind.TCP, builder -> builder.leaseViews(false));
    }
}
