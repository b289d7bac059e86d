package io.genericpool.testkit.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test of a {@link PoolBehaviour}: run once a front end, with a harness of its own as its argument. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(PoolTestProvider.class)
@interface PoolTest {
    FrontEnd[] value() default {FrontEnd.BLOCKING, FrontEnd.ASYNC};

    /** Whether to run it without hooks and listener, too, so that a pool may take its shortest ways. */
    boolean alsoWithoutHooks() default false;
}
