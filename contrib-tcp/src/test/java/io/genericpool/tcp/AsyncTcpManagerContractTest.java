package io.genericpool.tcp;

class AsyncTcpManagerContractTest extends AsyncContract {
    AsyncTcpManagerContractTest() {
        super(Kind.TCP);
    }
}
