package io.genericpool.tcp;

class UnixManagerContractTest extends BlockingContract {
    UnixManagerContractTest() {
        super(Kind.UNIX);
    }
}
