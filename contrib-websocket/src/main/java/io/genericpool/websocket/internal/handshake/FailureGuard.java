package io.genericpool.websocket.internal.handshake;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * The outermost interceptor: makes a failed connect of whatever is thrown within, by an interceptor, a name service or an
 * authenticator of the user, or by OkHttp over a header it cannot read. Anything but an IOException would end OkHttp's
 * thread as uncaught.
 */
public final class FailureGuard implements Interceptor {
    @Override
    public Response intercept(Chain chain) throws IOException {
        try {
            return chain.proceed(chain.request());
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw new UnexpectedFailure(t);
        }
    }

    /** Its cause is what has failed. */
    public static final class UnexpectedFailure extends IOException {
        private static final long serialVersionUID = 1L;

        UnexpectedFailure(Throwable cause) {
            super("unexpected failure", cause);
        }
    }
}
