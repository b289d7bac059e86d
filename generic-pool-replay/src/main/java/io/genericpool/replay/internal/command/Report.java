package io.genericpool.replay.internal.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.genericpool.replay.Agreement;
import io.genericpool.replay.Recommendation;
import io.genericpool.replay.ReplayResult;
import io.genericpool.replay.recording.Knobs;
import io.genericpool.replay.recording.Recording;
import io.genericpool.support.Nanos;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the command prints: tables for people, JSON for machines. */
final class Report {
    private static final double[] PERCENTS = {50, 95, 99};

    private final Recording recording;
    private final List<Agreement> agreement;
    private final Recommendation recommendation;

    Report(Recording recording, List<Agreement> agreement, Recommendation recommendation) {
        this.recording = recording;
        this.agreement = agreement;
        this.recommendation = recommendation;
    }

    void print(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "pool %s: %,d acquires at %,d endpoints in %s%n",
                recording.pool(),
                recording.size(),
                recording.endpoints().size(),
                Nanos.text(recording.span()));
        out.println("recorded with " + recording.knobs().map(Knobs::toString).orElse("knobs that it does not tell"));
        out.println();
        out.println("waits      recorded    replayed with the same knobs");
        agreement.forEach(each -> out.printf(
                Locale.ROOT,
                "%4.0f %%  %11s %11s   %s%n",
                each.percent(),
                Nanos.text(each.recordedNanos()),
                Nanos.text(each.replayedNanos()),
                each.holds() ? "agree" : "do not agree"));
        out.println();
        out.println("maxSize  total  minIdle  acquireTimeout  idleTimeout |        50 %        95 %        99 %"
                + "  timed out   failed | most open  mean open   opened");
        recommendation.results().forEach(each -> row(out, each));
        out.println();
        out.println("goal: " + recommendation.goal());
        out.println(recommendation
                .best()
                .map(each -> "reached with the fewest connections by maxSize="
                        + each.knobs().maxSize()
                        + ", totalMaxSize=" + each.knobs().totalMaxSize() + ", minIdle="
                        + each.knobs().minIdle() + ": "
                        + each.mostOpen() + " open at most")
                .orElse("not reached by any of these"));
        recommendation
                .enough()
                .ifPresent(each -> out.println(
                        "more connections than maxSize=" + each.knobs().maxSize()
                                + " help no more (they save less than 5 % of the wait or of the goal)"));
        recommendation.notes().forEach(note -> out.println("note: " + note));
        out.flush();
    }

    private void row(PrintWriter out, ReplayResult each) {
        Knobs knobs = each.knobs();
        String mark = recommendation.best().filter(each::equals).isPresent() ? "  <- recommended" : "";
        out.printf(
                Locale.ROOT,
                "%7d %6d %8d %15s %12s | %11s %11s %11s %10d %8d | %9d %10.1f %8d%s%n",
                knobs.maxSize(),
                knobs.totalMaxSize(),
                knobs.minIdle(),
                Nanos.text(knobs.acquireTimeout()),
                Nanos.text(knobs.idleTimeout()),
                Nanos.text(each.waits().percentile(50)),
                Nanos.text(each.waits().percentile(95)),
                Nanos.text(each.waits().percentile(99)),
                each.timedOut(),
                each.failed(),
                each.mostOpen(),
                each.meanOpen(),
                each.opened(),
                mark);
    }

    void printJson(PrintWriter out) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.configure(StreamWriteFeature.AUTO_CLOSE_TARGET.mappedFeature(), false);
            json.writeStartObject();
            json.writeStringField("pool", recording.pool());
            json.writeNumberField("acquires", recording.size());
            json.writeNumberField("endpoints", recording.endpoints().size());
            json.writeNumberField("spanNanos", recording.span());
            json.writeNumberField("dropped", recording.dropped());
            if (recording.knobs().isPresent()) {
                json.writeFieldName("recordedKnobs");
                writeKnobs(json, recording.knobs().get());
            }
            json.writeArrayFieldStart("agreement");
            for (Agreement each : agreement) {
                json.writeStartObject();
                json.writeNumberField("percent", each.percent());
                json.writeNumberField("recordedNanos", each.recordedNanos());
                json.writeNumberField("replayedNanos", each.replayedNanos());
                json.writeBooleanField("holds", each.holds());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("results");
            for (ReplayResult each : recommendation.results()) {
                writeResult(json, each);
            }
            json.writeEndArray();
            json.writeStringField("goal", recommendation.goal().toString());
            json.writeFieldName("recommended");
            writeResult(json, recommendation.best().orElse(null));
            json.writeFieldName("enough");
            writeResult(json, recommendation.enough().orElse(null));
            json.writeArrayFieldStart("notes");
            for (String note : recommendation.notes()) {
                json.writeString(note);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        out.println();
        out.flush();
    }

    private static void writeKnobs(JsonGenerator json, Knobs knobs) throws IOException {
        json.writeStartObject();
        json.writeNumberField("maxSize", knobs.maxSize());
        json.writeNumberField("totalMaxSize", knobs.totalMaxSize());
        json.writeNumberField("minIdle", knobs.minIdle());
        json.writeNumberField("maxWaiters", knobs.maxWaiters());
        json.writeNumberField("maxConnectsPerEndpoint", knobs.maxConnectsPerEndpoint());
        json.writeNumberField("acquireTimeoutNanos", Nanos.of(knobs.acquireTimeout()));
        json.writeNumberField("connectTimeoutNanos", Nanos.of(knobs.connectTimeout()));
        json.writeNumberField("idleTimeoutNanos", Nanos.of(knobs.idleTimeout()));
        json.writeNumberField("maxLifetimeNanos", Nanos.of(knobs.maxLifetime()));
        json.writeEndObject();
    }

    private static void writeResult(JsonGenerator json, @Nullable ReplayResult result) throws IOException {
        if (result == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeFieldName("knobs");
        writeKnobs(json, result.knobs());
        json.writeObjectFieldStart("waitNanos");
        for (double percent : PERCENTS) {
            json.writeNumberField(
                    Integer.toString((int) percent), result.waits().percentile(percent));
        }
        json.writeEndObject();
        json.writeNumberField("timedOut", result.timedOut());
        json.writeNumberField("failed", result.failed());
        json.writeNumberField("opened", result.opened());
        json.writeNumberField("connectsFailed", result.connectsFailed());
        json.writeNumberField("mostOpen", result.mostOpen());
        json.writeNumberField("meanOpen", result.meanOpen());
        json.writeEndObject();
    }
}
