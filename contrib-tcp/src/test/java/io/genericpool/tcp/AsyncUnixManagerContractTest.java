package io.genericpool.tcp;

class AsyncUnixManagerContractTest extends AsyncContract {
    AsyncUnixManagerContractTest() {
        super(Kind.UNIX);
    }
}
