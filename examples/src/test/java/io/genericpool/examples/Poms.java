package io.genericpool.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Model;
import org.apache.maven.model.Parent;
import org.apache.maven.model.Repository;
import org.apache.maven.model.building.DefaultModelBuilderFactory;
import org.apache.maven.model.building.DefaultModelBuildingRequest;
import org.apache.maven.model.building.FileModelSource;
import org.apache.maven.model.building.ModelBuildingException;
import org.apache.maven.model.building.ModelBuildingRequest;
import org.apache.maven.model.building.ModelSource;
import org.apache.maven.model.building.StringModelSource;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.apache.maven.model.resolution.ModelResolver;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;

/** The POMs of this build, as they stand and as Maven resolves what imports them. */
final class Poms {
    static final String GROUP = "io.genericpool";
    private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..");

    private Poms() {}

    static Model parent() {
        return read(ROOT.resolve("pom.xml"));
    }

    static Model module(String name) {
        return read(ROOT.resolve(name).resolve("pom.xml"));
    }

    static List<Model> modules() {
        return parent().getModules().stream().map(Poms::module).toList();
    }

    private static Model read(Path pom) {
        try (var reader = Files.newBufferedReader(pom)) {
            return new MavenXpp3Reader().read(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (XmlPullParserException e) {
            throw new IllegalStateException(pom + " is no POM", e);
        }
    }

    /**
     * What a project manages that imports POMs, in this order.
     *
     * @param others POMs that do not belong to this build, by their artifactId
     */
    static List<Dependency> managedByImportOf(List<String> artifactIds, Map<String, String> others)
            throws ModelBuildingException {
        var imports = new StringBuilder();
        for (String artifactId : artifactIds) {
            imports.append("<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>"
                    .formatted(GROUP, artifactId, parent().getVersion()));
            imports.append("<type>pom</type><scope>import</scope></dependency>");
        }
        var request = new DefaultModelBuildingRequest()
                .setModelSource(new StringModelSource(pom("consumer", imports.toString())))
                .setModelResolver(new OfThisBuild(others))
                .setValidationLevel(ModelBuildingRequest.VALIDATION_LEVEL_STRICT)
                .setSystemProperties(System.getProperties());
        Model effective =
                new DefaultModelBuilderFactory().newInstance().build(request).getEffectiveModel();
        return effective.getDependencyManagement().getDependencies();
    }

    /** A POM that manages some dependencies, which are given as XML. */
    static String pom(String artifactId, String managed) {
        return """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>com.example</groupId>
                  <artifactId>%s</artifactId>
                  <version>1</version>
                  <packaging>pom</packaging>
                  <dependencyManagement><dependencies>%s</dependencies></dependencyManagement>
                </project>
                """.formatted(artifactId, managed);
    }

    /** Finds POMs where an install of this build would have put them from. */
    private record OfThisBuild(Map<String, String> others) implements ModelResolver {
        @Override
        public ModelSource resolveModel(String groupId, String artifactId, String version) {
            String other = others.get(artifactId);
            if (other != null) {
                return new StringModelSource(other);
            }
            if (!groupId.equals(GROUP)) {
                return new StringModelSource(pom(artifactId, "")); // what others manage is of no interest
            }
            Path folder = artifactId.equals(parent().getArtifactId()) ? ROOT : ROOT.resolve(artifactId);
            return new FileModelSource(folder.resolve("pom.xml").toFile());
        }

        @Override
        public ModelSource resolveModel(Parent parent) {
            return resolveModel(parent.getGroupId(), parent.getArtifactId(), parent.getVersion());
        }

        @Override
        public ModelSource resolveModel(Dependency dependency) {
            return resolveModel(dependency.getGroupId(), dependency.getArtifactId(), dependency.getVersion());
        }

        @Override
        public void addRepository(Repository repository) {}

        @Override
        public void addRepository(Repository repository, boolean replace) {}

        @Override
        public ModelResolver newCopy() {
            return this;
        }
    }
}
