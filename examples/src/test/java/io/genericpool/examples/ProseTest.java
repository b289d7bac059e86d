package io.genericpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** README and docs are written in short, plain sentences; {@link #main} prints the figures. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProseTest {
    private static final double MOST_WORDS = 18;
    private static final double MOST_LONG = 4;

    private final List<Prose> pages = Pages.all().stream().map(Prose::ofPage).toList();
    private final List<Prose> texts =
            Pages.all().stream().map(Prose::outsideTables).toList();

    @Test
    void aSentenceHasAtMost18WordsOnAverageOnEveryPage() {
        assertThat(texts).hasSizeGreaterThan(15).allSatisfy(page -> assertThat(page.wordsPerSentence())
                .as(page.name())
                .isBetween(5.0, MOST_WORDS));
    }

    @Test
    void atMost4OfAHundredSentencesHaveMoreThan35Words() {
        for (List<Prose> parts : List.of(pages, texts)) {
            Prose all = Prose.together("README and docs", parts);
            assertThat(all.longShare())
                    .as("sentences of more than %d words: %s", Prose.LONG, all.longSentences())
                    .isLessThanOrEqualTo(MOST_LONG);
        }
    }

    @Test
    void softwareIsNoPerson() {
        assertThat(Prose.together("README and docs", pages).personal()).isEmpty();
    }

    @Test
    void softwareIsNoPersonInTheCommentsOfMainCodeEither() {
        assertThat(CommentProse.sources()).hasSizeGreaterThan(400).allSatisfy(file -> assertThat(
                        CommentProse.personal(Pages.text(file)))
                .as(Pages.ROOT.relativize(file).toString())
                .isEmpty());
    }

    @Test
    void aCommentIsToldFromATextInQuotes() {
        String source = String.join(
                "\n",
                "/** Nobody",
                " * reads his mail. */",
                "String url = \"http://him\" + '\"'; // he does",
                "/* whoever */ int he;");
        assertThat(CommentProse.personal(source))
                .containsExactly("/** Nobody", "* reads his mail. */", "// he does", "/* whoever */");
    }

    @Test
    void javadocThatUsersReadIsWrittenLikeThatToo() {
        List<Prose> javadoc = javadoc();
        assertThat(javadoc).hasSizeGreaterThan(7).allSatisfy(module -> assertThat(module.wordsPerSentence())
                .as(module.name())
                .isBetween(5.0, MOST_WORDS));
        Prose all = Prose.together("Javadoc", javadoc);
        assertThat(all.longShare()).isLessThanOrEqualTo(MOST_LONG);
        assertThat(all.personal()).isEmpty();
    }

    @Test
    void aTextIsTakenApartIntoSentences() {
        Prose text = Prose.of(
                "text",
                Prose.markdownBlocks(String.join(
                        "\n",
                        "# A heading does not count",
                        "The first sentence has `some code. And more` in",
                        "it. The second links to [a page](page.md).",
                        "",
                        "- An item. Nobody reads it.",
                        "- a fragment",
                        "",
                        "| a cell | This cell is a sentence. |",
                        "|---|---|")));
        assertThat(text.sentences())
                .containsExactly(
                        "The first sentence has Code in it.",
                        "The second links to a page.",
                        "An item.",
                        "Nobody reads it.",
                        "This cell is a sentence.");
        assertThat(text.personal()).containsExactly("Nobody reads it.");
        assertThat(text.wordsPerSentence()).isEqualTo((7 + 6 + 2 + 3 + 5) / 5.0);
        assertThat(Prose.of("long", Stream.of("word ".repeat(36) + ". Short one."))
                        .longShare())
                .isEqualTo(50);
    }

    @Test
    void javadocIsReadWhereUsersReadIt() {
        String source = String.join(
                "\n",
                "package a;",
                "",
                "/** A type. <p>Its {@link Other second} paragraph. */",
                "public class A {",
                "    /** Not for users. */",
                "    private int field;",
                "",
                "    /**",
                "     * Does it.",
                "     *",
                "     * @param value a number",
                "     * @return {@code null}. Never more",
                "     */",
                "    @Deprecated",
                "    public int method(int value) {");
        assertThat(Prose.of("A", JavadocProse.blocks(source)).sentences())
                .containsExactly("A type.", "Its second paragraph.", "Does it.");
        assertThat(JavadocProse.blocks(source.replace("public class", "class"))).isEmpty();
        assertThat(JavadocProse.ofModule("generic-pool-api").sentences()).hasSizeGreaterThan(300);
    }

    private static List<Prose> javadoc() {
        return PublishedModulesTest.published().stream()
                .map(JavadocProse::ofModule)
                .toList();
    }

    /** Prints a row per text; with an argument, the sentences that are too long or about persons in texts so called. */
    public static void main(String[] arguments) {
        ProseTest test = new ProseTest();
        List<Prose> pages = test.pages;
        List<Prose> javadoc = javadoc();
        System.out.println(Prose.header());
        Stream.of(pages.stream(), javadoc.stream())
                .flatMap(rows -> rows)
                .map(Prose::row)
                .forEach(System.out::println);
        System.out.println(Prose.together("README and docs", pages).row());
        System.out.println(
                Prose.together("README and docs without tables", test.texts).row());
        System.out.println(Prose.together("Javadoc", javadoc).row());
        Stream.concat(pages.stream(), javadoc.stream())
                .filter(text -> arguments.length > 0 && text.name().contains(arguments[0]))
                .forEach(text -> Stream.concat(text.longSentences().stream(), text.personal().stream())
                        .forEach(sentence -> System.out.println("- " + sentence)));
    }
}
