package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The plug-in runs as a module, with DBCP's classes reached and its own inside hidden. */
class ModulePathIT {
    @Test
    void aPoolWorksOnTheModulePath() throws Exception {
        Module module = JdbcPool.class.getModule();
        assertThat(module.isNamed()).isTrue();
        assertThat(module.getName()).isEqualTo("io.genericpool.jdbc");
        try (var pool = JdbcPool.builder()
                        .endpoint("database", "jdbc:h2:mem:module-path")
                        .build();
                var connection = pool.dataSource("database").getConnection();
                var statement = connection.prepareStatement("select 7");
                var rows = statement.executeQuery()) {
            rows.next();
            assertThat(rows.getInt(1)).isEqualTo(7);
        }
    }
}
