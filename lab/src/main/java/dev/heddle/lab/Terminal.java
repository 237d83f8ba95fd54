package dev.heddle.lab;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The progress line on standard error: one line, written over again and again, and wiped before anything else is
 * printed. Where standard error is no terminal there is none.
 */
final class Terminal {
    private static final String ERASE_LINE = "\r\033[K";
    private static final int WIDEST = 100;

    private final PrintStream err;
    private final boolean interactive;
    private boolean shown;

    Terminal(PrintStream err, boolean interactive) {
        this.err = err;
        this.interactive = interactive;
    }

    static Terminal system() {
        return new Terminal(System.err, isTerminal(2) && !"dumb".equals(System.getenv("TERM")));
    }

    /** {@return whether colour and weight may be used on standard output} */
    static boolean isStyled() {
        String no = System.getenv("NO_COLOR");
        return (no == null || no.isEmpty()) && isTerminal(1) && !"dumb".equals(System.getenv("TERM"));
    }

    /** {@return how many columns a line may have: what {@code COLUMNS} says, or else 100} */
    static int width() {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("[1-9]\\d{1,3}") ? Integer.parseInt(columns) : WIDEST;
    }

    /** Java tells only whether standard input and output both are terminals; on Linux, /proc tells for each. */
    @SuppressWarnings("SystemConsoleNull") // it is null on JDK 25 where there is no terminal
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        if (!Files.isSymbolicLink(link)) {
            Console console = System.console();
            return console != null && console.isTerminal();
        }
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    synchronized void progress(String line) {
        if (interactive) {
            err.print(ERASE_LINE + (line.length() > WIDEST ? line.substring(0, WIDEST) : line));
            err.flush();
            shown = true;
        }
    }

    synchronized void clear() {
        if (shown) {
            err.print(ERASE_LINE);
            err.flush();
            shown = false;
        }
    }
}
