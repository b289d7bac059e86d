package io.genericpool.spring;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches when a database is configured. Without one, Spring Boot's own {@code DataSource} stays in its place. */
final class OnJdbcEndpoints extends SpringBootCondition {
    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        var message = ConditionMessage.forCondition("genericpool.jdbc.endpoints");
        return Names.below(GenericPoolProperties.ENDPOINTS, context.getEnvironment())
                        .isEmpty()
                ? ConditionOutcome.noMatch(message.because("holds no database"))
                : ConditionOutcome.match(message.because("holds databases"));
    }
}
