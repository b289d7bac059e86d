package io.genericpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Model;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.junit.jupiter.api.Test;

/** What users get: a BOM that manages our modules and nothing else, and modules with their sources and Javadoc. */
class PublishedModulesTest {
    private static final String BOM = "generic-pool-bom";
    private static final List<String> SKIPS =
            List.of("maven.deploy.skip", "maven.install.skip", "maven.source.skip", "maven.javadoc.skip");

    private static boolean isInternal(Model module) {
        return SKIPS.stream().anyMatch(module.getProperties()::containsKey);
    }

    /** Those with a jar. */
    static List<String> published() {
        return Poms.modules().stream()
                .filter(module -> !isInternal(module) && !module.getArtifactId().equals(BOM))
                .map(Model::getArtifactId)
                .toList();
    }

    @Test
    void whatImportsTheBomManagesEachPublishedModuleAndNothingElse() throws Exception {
        List<Dependency> managed = Poms.managedByImportOf(List.of(BOM), Map.of());
        assertThat(managed).allSatisfy(dependency -> {
            assertThat(dependency.getGroupId()).isEqualTo(Poms.GROUP);
            assertThat(dependency.getVersion()).isEqualTo(Poms.parent().getVersion());
            assertThat(dependency.getScope()).isIn(null, "compile");
        });
        assertThat(managed).extracting(Dependency::getArtifactId).containsExactlyInAnyOrderElementsOf(published());
        assertThat(published()).hasSizeGreaterThan(7).contains("generic-pool-core", "contrib-websocket");
    }

    @Test
    void theBomTakesNothingFromTheVersionsOfAnotherOneWhicheverIsImportedFirst() throws Exception {
        String platform = Poms.pom(
                "platform",
                Stream.of("org.slf4j:slf4j-api", "com.squareup.okhttp3:okhttp-jvm", "org.junit.jupiter:junit-jupiter")
                        .map(name -> name.split(":"))
                        .map(name -> "<dependency><groupId>%s</groupId><artifactId>%s</artifactId>"
                                        .formatted(name[0], name[1])
                                + "<version>1-of-the-platform</version></dependency>")
                        .reduce("", String::concat));
        for (List<String> order : List.of(List.of(BOM, "platform"), List.of("platform", BOM))) {
            List<Dependency> managed = Poms.managedByImportOf(order, Map.of("platform", platform));
            assertThat(managed)
                    .filteredOn(dependency -> !dependency.getGroupId().equals(Poms.GROUP))
                    .hasSize(3)
                    .allSatisfy(
                            dependency -> assertThat(dependency.getVersion()).isEqualTo("1-of-the-platform"));
        }
    }

    /** What the tests above would see if the BOM had a parent. */
    @Test
    void theParentManagesWhatIsForeign() throws Exception {
        assertThat(Poms.managedByImportOf(List.of("generic-pool-parent"), Map.of()))
                .anyMatch(dependency -> !dependency.getGroupId().equals(Poms.GROUP));
    }

    @Test
    void theBomHasNoParentAndIsInstalledAsItStands() {
        Model bom = Poms.module(BOM);
        Model parent = Poms.parent();
        assertThat(bom.getParent()).isNull();
        assertThat(bom.getProfiles()).singleElement().satisfies(profile -> {
            assertThat(profile.getId()).isEqualTo("central");
            assertThat(profile.getActivation()).isNull();
            assertThat(profile.getDependencyManagement()).isNull();
            assertThat(profile.getDependencies()).isEmpty();
            assertThat(profile.getBuild().getPlugins())
                    .isNotEmpty()
                    .allSatisfy(PublishedModulesTest::hasTheVersionOfTheParent);
        });
        assertThat(bom.getGroupId()).isEqualTo(parent.getGroupId());
        assertThat(bom.getVersion()).isEqualTo(parent.getVersion());
        assertThat(bom.getLicenses()).hasSameSizeAs(parent.getLicenses());
        assertThat(bom.getBuild().getPlugins()).allSatisfy(plugin -> {
            assertThat(plugin.getArtifactId()).doesNotContain("flatten").doesNotContain("shade");
            hasTheVersionOfTheParent(plugin);
        });
    }

    private static void hasTheVersionOfTheParent(Plugin plugin) {
        assertThat(plugin.getVersion())
                .as(plugin.getArtifactId())
                .isEqualTo(Poms.parent().getProperties().getProperty(plugin.getArtifactId() + ".version"));
    }

    /** What Maven Central asks of each POM. */
    @Test
    void theParentAndTheBomSayWhoPublishesAndFromWhere() {
        Model parent = Poms.parent();
        for (Model model : List.of(parent, Poms.module(BOM))) {
            assertThat(model.getUrl()).isEqualTo("${release.url}");
            assertThat(model.getDevelopers()).isNotEmpty().allSatisfy(developer -> assertThat(developer.getName())
                    .isNotBlank());
            assertThat(model.getScm().getConnection()).isEqualTo("${release.scm}");
            assertThat(model.getScm().getUrl()).isEqualTo("${release.url}");
            for (String name : List.of("release.url", "release.scm", "release.developer", "release.tag")) {
                assertThat(model.getProperties().getProperty(name))
                        .as(name)
                        .isNotBlank()
                        .isEqualTo(parent.getProperties().getProperty(name));
            }
        }
    }

    @Test
    void theBundleLeavesOutWhatIsNotPublished() {
        Plugin publishing = Poms.parent().getProfiles().stream()
                .filter(profile -> profile.getId().equals("central"))
                .flatMap(profile -> profile.getBuild().getPlugins().stream())
                .filter(plugin -> plugin.getArtifactId().equals("central-publishing-maven-plugin"))
                .findFirst()
                .orElseThrow();
        var left = ((Xpp3Dom) publishing.getConfiguration())
                .getChild("excludeArtifacts")
                .getChildren();
        assertThat(left)
                .extracting(Xpp3Dom::getValue)
                .containsExactlyInAnyOrderElementsOf(Poms.modules().stream()
                        .filter(PublishedModulesTest::isInternal)
                        .map(Model::getArtifactId)
                        .toList());
    }

    @Test
    void whatIsNotPublishedIsNeitherInstalledNorDeployed() {
        List<Model> internal =
                Poms.modules().stream().filter(PublishedModulesTest::isInternal).toList();
        assertThat(internal)
                .extracting(Model::getArtifactId)
                .containsExactlyInAnyOrder(
                        "examples", "examples-spring-boot", "benchmarks", "stress", "reliability", "coverage");
        for (Model module : internal) {
            assertThat(SKIPS).allSatisfy(skip -> assertThat(module.getProperties())
                    .as(module.getArtifactId())
                    .containsEntry(skip, "true"));
        }
    }

    @Test
    void aPublishedModuleDependsOnPublishedOnesOnly() {
        List<String> published = published();
        for (String name : published) {
            assertThat(Poms.module(name).getDependencies())
                    .as(name)
                    .filteredOn(dependency -> dependency.getGroupId().equals(Poms.GROUP))
                    .filteredOn(dependency -> !Objects.equals(dependency.getScope(), "test"))
                    .allSatisfy(
                            dependency -> assertThat(dependency.getArtifactId()).isIn(published));
        }
    }

    @Test
    void anInstallBringsSourcesAndJavadoc() {
        assertThat(goalsAt("verify", "maven-source-plugin")).containsExactly("jar-no-fork");
        assertThat(goalsAt("verify", "maven-javadoc-plugin")).containsExactly("jar");
    }

    /** In each build, not in a profile. */
    private static List<String> goalsAt(String phase, String plugin) {
        return Poms.parent().getBuild().getPlugins().stream()
                .filter(each -> each.getArtifactId().equals(plugin))
                .map(Plugin::getExecutions)
                .flatMap(List::stream)
                .filter(execution -> phase.equals(execution.getPhase()))
                .map(PluginExecution::getGoals)
                .flatMap(List::stream)
                .toList();
    }
}
