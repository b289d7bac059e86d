package io.genericpool.examples.load;

import java.time.Duration;

/**
 * What one run of all tasks has shown.
 *
 * @param scores by endpoint
 * @param time from the first start to the last end
 * @param mostOpen the most connections the server had open at once
 */
public record Run(Scores scores, Duration time, int mostOpen) {}
