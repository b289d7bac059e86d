package io.genericpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages show is compiled code, and what they point to exists. */
class PagesTest {
    private static final Path SOURCES =
            Path.of(System.getProperty("basedir", "."), "src", "main", "java", "io", "genericpool", "examples");

    private static List<Path> pages() {
        return Pages.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyJavaBlockIsCutFromASource(Path page) {
        for (Pages.JavaBlock block : Pages.javaBlocks(page)) {
            assertThat(block.source())
                    .as("the comment that names the source of: %s", block.code())
                    .isNotEmpty();
            assertThat(Pages.onOneLine(Pages.text(SOURCES.resolve(block.source()))))
                    .as(block.source())
                    .contains(Pages.onOneLine(block.code()));
        }
    }

    @Test
    void thePagesShowManyBlocks() {
        assertThat(pages().stream().flatMap(page -> Pages.javaBlocks(page).stream()))
                .hasSizeGreaterThan(15);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkWithinTheRepositoryLeadsSomewhere(Path page) {
        List<String> broken = Pages.links(page).stream()
                .filter(link -> !link.startsWith("http") && !leadsSomewhere(page, link))
                .toList();
        assertThat(broken).isEmpty();
    }

    @Test
    void thePagesHaveManyLinksAndABrokenOneIsSeen() {
        var links = new ArrayList<String>();
        pages().forEach(page -> links.addAll(Pages.links(page)));
        assertThat(links).hasSizeGreaterThan(80);
        Path readme = Pages.page("README.md");
        assertThat(leadsSomewhere(readme, "docs/concepts.md#limits")).isTrue();
        assertThat(leadsSomewhere(readme, "docs/concepts.md#no-such-heading")).isFalse();
        assertThat(leadsSomewhere(readme, "docs/no-such-page.md")).isFalse();
        assertThat(leadsSomewhere(readme, "#no-such-heading")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"Nine knobs,nine-knobs", "`close`: the end,close-the-end", "[Limits](a.md) of TCP,limits-of-tcp"})
    void anAnchorIsWhatACodeHostMakesOfAHeading(String heading, String anchor) {
        assertThat(Pages.anchor(heading)).isEqualTo(anchor);
    }

    @Test
    void everyPageOfTheDocsIsInTheIndexOfTheReadme() {
        List<String> links = Pages.links(Pages.page("README.md"));
        assertThat(Pages.docs()).hasSizeGreaterThan(15).allSatisfy(page -> assertThat(links)
                .contains(Pages.name(page)));
    }

    private static boolean leadsSomewhere(Path page, String link) {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        if (!target.startsWith(Pages.ROOT) || !Files.exists(target)) {
            return false;
        }
        return hash < 0 || Pages.anchors(target).contains(link.substring(hash + 1));
    }
}
