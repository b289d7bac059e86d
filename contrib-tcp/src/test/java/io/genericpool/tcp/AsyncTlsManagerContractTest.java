package io.genericpool.tcp;

class AsyncTlsManagerContractTest extends AsyncContract {
    AsyncTlsManagerContractTest() {
        super(Kind.TLS);
    }
}
