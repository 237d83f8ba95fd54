package dev.heddle.lab.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A page that needs nothing but itself: styles, scripts and data are in it. */
public final class Page {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    /** The resource with the script that draws plots. */
    public static final String UPLOT_SCRIPT = UPLOT + "uPlot.iife.min.js";

    /** The resource with the styles of plots. */
    public static final String UPLOT_STYLES = UPLOT + "uPlot.min.css";

    private Page() {}

    /**
     * @param title of the page
     * @param subtitle in the heading, behind the name
     * @param script the resource that draws the plots
     * @param content HTML between heading and footer
     * @param data JSON for the script
     * @return the page
     */
    static String of(String title, String subtitle, String script, String content, String data) {
        String page = fill(
                resource(Page.class, "report.html"),
                Map.of(
                        "<!--title-->",
                        title,
                        "<!--subtitle-->",
                        subtitle,
                        "/*uplot.css*/",
                        resource(Page.class, UPLOT_STYLES),
                        "/*report.css*/",
                        resource(Page.class, "report.css"),
                        "/*uplot.js*/",
                        resource(Page.class, UPLOT_SCRIPT),
                        "/*report.js*/",
                        resource(Page.class, "plots.js") + resource(Page.class, script)));
        // The data come last: they may hold any text, also that of a marker.
        return page.replace("<!--content-->", content).replace("/*data*/", data.replace("<", "\\u003c"));
    }

    /**
     * {@return the template with what pages share, the parts, and nothing else in the place of its markers}
     *
     * @param template HTML; {@code common.css} and {@code common.js} in comments stand for what all pages share
     * @param parts by marker; none may hold the marker of another
     */
    public static String fill(String template, Map<String, String> parts) {
        String page = template.replace("/*common.css*/", resource(Page.class, "common.css"))
                .replace("/*common.js*/", resource(Page.class, "common.js"));
        for (Map.Entry<String, String> part : parts.entrySet()) {
            page = page.replace(part.getKey(), part.getValue());
        }
        return page;
    }

    /** {@return the text as HTML shows it} */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /**
     * {@return the text of a resource}
     *
     * @param beside the class that it lies beside
     * @param name its name
     */
    public static String resource(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
