package dev.heddle.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The words of docs/glossary.md, which the build puts into the jar: a heading of the third level and what follows. */
final class Glossary {
    private static final String HEADING = "### ";

    private final Map<String, String> entries;

    private Glossary(Map<String, String> entries) {
        this.entries = entries;
    }

    static Glossary load() {
        try (InputStream in = Glossary.class.getResourceAsStream("glossary.md")) {
            if (in == null) {
                throw new IllegalStateException("glossary.md is missing from the class path: build again");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Glossary parse(String markdown) {
        Map<String, String> entries = new LinkedHashMap<>();
        String term = "";
        StringBuilder text = new StringBuilder();
        for (String line : markdown.lines().toList()) {
            if (line.startsWith("#")) {
                put(entries, term, text);
                term = line.startsWith(HEADING)
                        ? line.substring(HEADING.length()).strip()
                        : "";
                text.setLength(0);
            } else {
                text.append(line).append('\n');
            }
        }
        put(entries, term, text);
        return new Glossary(entries);
    }

    private static void put(Map<String, String> entries, String term, StringBuilder text) {
        if (!term.isEmpty()) {
            entries.put(term, term + "\n\n" + text.toString().strip());
        }
    }

    /** {@return all terms, in the order of the page} */
    List<String> terms() {
        return List.copyOf(entries.keySet());
    }

    /** {@return a term and its explanation; capitals and a plural s do not matter} */
    Optional<String> find(String term) {
        String wanted = simple(term);
        return entries.entrySet().stream()
                .filter(entry -> simple(entry.getKey()).equals(wanted))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static String simple(String term) {
        String lower = term.toLowerCase(Locale.ROOT).replace('-', ' ').strip();
        return lower.endsWith("s") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
