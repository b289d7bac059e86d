package io.genericpool.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The sentences of a text, and how long they are.
 *
 * <p>Code counts as one word. Headings, fenced blocks and pictures do not count. Neither do fragments: list items, cells
 * of tables and Javadoc tags of up to {@value #FRAGMENT} words that do not end with a full stop.
 */
record Prose(String name, List<String> sentences) {
    static final int LONG = 35;
    static final int FRAGMENT = 12;

    private static final List<String> PERSONS =
            List.of("nobody", "somebody", "whoever", "he", "his", "him", "himself", "anybody", "everybody");
    private static final Pattern PERSON = Pattern.compile("\\b(" + String.join("|", PERSONS) + ")\\b");
    private static final Pattern END = Pattern.compile("(?<=[.!?]|[.!?][\"')*])\\s+(?=[\\p{Lu}\\p{N}\"'(*\\[…/`-])");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]");

    /** What no rule can tell apart from the end of a sentence. */
    private static final Pattern ABBREVIATION = Pattern.compile("\\b(e\\.g|i\\.e|etc|vs|cf)\\.");

    static Prose of(String name, Stream<String> blocks) {
        var sentences = new ArrayList<String>();
        blocks.forEach(block -> addSentences(block, sentences));
        return new Prose(name, sentences);
    }

    static Prose together(String name, List<Prose> parts) {
        return new Prose(
                name, parts.stream().flatMap(part -> part.sentences().stream()).toList());
    }

    /** A page of Markdown. */
    static Prose ofPage(Path page) {
        return of(Pages.name(page), markdownBlocks(Pages.unfenced(page)));
    }

    /** The same without tables, whose short sentences would hide long ones. */
    static Prose outsideTables(Path page) {
        return of(Pages.name(page), markdownBlocks(Pages.unfenced(page).replaceAll("(?m)^\\|.*$", "")));
    }

    static Stream<String> markdownBlocks(String unfenced) {
        var blocks = new ArrayList<String>();
        var block = new StringBuilder();
        for (String line : unfenced.lines().toList()) {
            String text = line.strip();
            boolean isTable = text.startsWith("|");
            boolean isAlone = isTable || text.isEmpty() || text.startsWith("#") || text.startsWith("<!--");
            boolean isItem = text.matches("([-*]|\\d+\\.) .*");
            if (isAlone || isItem) {
                blocks.add(block.toString());
                block.setLength(0);
            }
            if (isTable) {
                Stream.of(text.split("(?<!\\\\)\\|")).map(Prose::plain).forEach(blocks::add);
            } else if (!isAlone) {
                block.append(isItem ? text.replaceFirst("^\\S+ ", "") : text).append(' ');
            }
        }
        blocks.add(block.toString());
        return blocks.stream().map(Prose::plain).filter(text -> !isFragment(text));
    }

    /** Markdown without what is not read. */
    private static String plain(String markdown) {
        return markdown.replaceAll("!\\[[^]]*]\\([^)]*\\)", "")
                .replaceAll("``[^`]*``|`[^`]*`", "Code")
                .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                .replaceAll("\\*\\*|(?<!\\w)\\*(?=\\w)|(?<=\\w)\\*(?!\\w)", "")
                .strip();
    }

    static boolean isFragment(String block) {
        return !block.matches("(?s).*[.!?:][\"')]*") && words(block) <= FRAGMENT;
    }

    private static void addSentences(String block, List<String> sentences) {
        String text = ABBREVIATION.matcher(block.strip()).replaceAll("$1");
        for (String sentence : END.split(text, -1)) {
            if (words(sentence) > 0) {
                sentences.add(sentence.strip());
            }
        }
    }

    static int words(String sentence) {
        return (int) Stream.of(sentence.split("\\s+"))
                .filter(word -> WORD.matcher(word).find())
                .count();
    }

    double wordsPerSentence() {
        return sentences.stream().mapToInt(Prose::words).average().orElse(0);
    }

    /** In percent. */
    double longShare() {
        return sentences.isEmpty() ? 0 : 100.0 * longSentences().size() / sentences.size();
    }

    List<String> longSentences() {
        return sentences.stream().filter(sentence -> words(sentence) > LONG).toList();
    }

    /** Sentences about persons where software is meant. */
    List<String> personal() {
        return sentences.stream().filter(Prose::isPersonal).toList();
    }

    static boolean isPersonal(String text) {
        return PERSON.matcher(text.toLowerCase(Locale.ROOT)).find();
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "%-45s %5d %8.1f %8.1f %8d",
                name,
                sentences.size(),
                wordsPerSentence(),
                longShare(),
                personal().size());
    }

    static String header() {
        return String.format(Locale.ROOT, "%-45s %5s %8s %8s %8s", "text", "sent.", "words", "> 35, %", "personal");
    }
}
