package io.genericpool.console;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;

/**
 * Makes the pictures of docs/console.md. Arguments: the folder, and for how many seconds the pool is watched before, which is
 * what the plots show.
 */
final class Screenshots {
    private Screenshots() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        try (var shop = new Scene("shop");
                var reports = new Scene("reports");
                var console = PoolConsole.builder()
                        .pool(shop.pool, shop.activity)
                        .pool(reports.pool, reports.activity)
                        .allowActions(true)
                        .start();
                var browser = new Browser(Browser.installed().orElseThrow());
                var light = browser.newPage(1400, 760, false);
                var dark = browser.newPage(1400, 760, true)) {
            light.open(console.address());
            dark.open(console.address());
            TimeUnit.SECONDS.sleep(Long.parseLong(arguments[1])); // the plots fill
            light.screenshot(folder.resolve("console-light.png"));
            dark.screenshot(folder.resolve("console-dark.png"));
            light.click("#body .row:nth-child(2)");
            light.await("document.getElementById('details').open");
            light.screenshot(folder.resolve("console-details.png"));
            System.out.println(light.errors());
        }
        for (String name : new String[] {"console-light.png", "console-dark.png", "console-details.png"}) {
            compress(folder.resolve(name).toFile());
        }
    }

    /** The browser writes its pictures fast rather than small. */
    private static void compress(File file) throws IOException {
        BufferedImage opaque = ImageIO.read(file);
        var image = new BufferedImage(opaque.getWidth(), opaque.getHeight(), BufferedImage.TYPE_INT_RGB);
        image.getGraphics().drawImage(opaque, 0, 0, null);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam best = writer.getDefaultWriteParam();
        best.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        best.setCompressionQuality(0);
        Files.delete(file.toPath());
        try (var out = ImageIO.createImageOutputStream(file)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), best);
        } finally {
            writer.dispose();
        }
    }
}
