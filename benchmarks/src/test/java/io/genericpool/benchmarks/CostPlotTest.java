package io.genericpool.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class CostPlotTest {
    @Test
    void aLineIsDrawnForEachPoolAndAPointForEachFigure() throws Exception {
        Document picture = parse(
                CostPlot.draw(List.of(CostPlot.BY_ENDPOINTS, "a,1,10.0", "a,1000,20.0", "b,1,100.0", "b,1000,1000.0")));

        assertThat(picture.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        assertThat(picture.getElementsByTagName("circle").getLength()).isEqualTo(4);
    }

    @Test
    void tenTimesTheCostIsAsFarUpEverywhere() throws Exception {
        Document picture =
                parse(CostPlot.draw(List.of(CostPlot.BY_ENDPOINTS, "a,1,10.0", "a,10,100.0", "a,100,1000.0")));

        var circles = picture.getElementsByTagName("circle");
        double[] heights = new double[3];
        for (int i = 0; i < heights.length; i++) {
            heights[i] = Double.parseDouble(
                    circles.item(i).getAttributes().getNamedItem("cy").getNodeValue());
        }
        assertThat(heights[0] - heights[1]).isPositive().isCloseTo(heights[1] - heights[2], within(0.2));
    }

    @Test
    void poolsThatWereNotRunWithAllEndpointsSayHowFarTheyGo() {
        String picture = CostPlot.draw(List.of(CostPlot.BY_ENDPOINTS, "a,1,10.0", "a,1000,20.0", "b,1,100.0"));

        assertThat(picture).contains(">b (to 1)<").contains(">a<");
    }

    @Test
    void connectionsBeginWithTheFewest() throws Exception {
        String picture =
                CostPlot.draw(List.of(CostPlot.BY_CONNECTIONS, "a,8,10.0", "a,100,12.0", "b,8,20.0", "b,100,30.0"));

        assertThat(picture)
                .contains("connections at one endpoint")
                .contains(">10<")
                .contains(">100<");
        var circles = parse(picture).getElementsByTagName("circle");
        assertThat(circles.item(0).getAttributes().getNamedItem("cx").getNodeValue())
                .isEqualTo(circles.item(2).getAttributes().getNamedItem("cx").getNodeValue())
                .isEqualTo("80.0");
    }

    @Test
    void aFileThatIsNotItsOwnIsRefused() {
        assertThatThrownBy(() -> CostPlot.draw(List.of("Benchmark,Mode", "x,y")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(CostPlot.BY_ENDPOINTS);
        assertThatThrownBy(() -> CostPlot.draw(List.of(CostPlot.BY_ENDPOINTS, "a,1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a,1");
    }

    private static org.assertj.core.data.Offset<Double> within(double value) {
        return org.assertj.core.data.Offset.offset(value);
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
