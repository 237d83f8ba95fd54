package dev.heddle.lab.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A page that needs nothing but itself: styles, scripts and data are in it. */
final class Page {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

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
        // The data come last: they may hold any text, also that of a marker.
        return resource("report.html")
                .replace("<!--title-->", title)
                .replace("<!--subtitle-->", subtitle)
                .replace("/*uplot.css*/", resource(UPLOT + "uPlot.min.css"))
                .replace("/*report.css*/", resource("report.css"))
                .replace("/*uplot.js*/", resource(UPLOT + "uPlot.iife.min.js"))
                .replace("/*report.js*/", resource("plots.js") + resource(script))
                .replace("<!--content-->", content)
                .replace("/*data*/", data.replace("<", "\\u003c"));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
