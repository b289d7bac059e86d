package io.genericpool.kotlin

import java.nio.file.Path
import kotlin.io.path.readText
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

/** The Kotlin that the page shows is compiled: it stands in [Snippets]. */
class SnippetsTest {
    private val module = Path.of(System.getProperty("basedir", "."))

    private fun onOneLine(code: String) = code.replace(Regex("\\s+"), " ").trim()

    @Test
    fun `every block of the page is cut from the snippets`() {
        val page = module.resolve("../docs/kotlin.md").readText()
        val blocks = Regex("```kotlin\\n(.*?)```", RegexOption.DOT_MATCHES_ALL).findAll(page).toList()
        val source = onOneLine(module.resolve("src/test/kotlin/io/genericpool/kotlin/Snippets.kt").readText())
        assertThat(blocks).hasSizeGreaterThan(2)
        assertThat(blocks).allSatisfy { assertThat(source).contains(onOneLine(it.groupValues[1])) }
    }

    @Test
    fun `the snippets run`() {
        Snippets.run()
    }
}
