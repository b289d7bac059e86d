package io.genericpool.tcp;

class TcpManagerContractTest extends BlockingContract {
    TcpManagerContractTest() {
        super(Kind.TCP);
    }
}
