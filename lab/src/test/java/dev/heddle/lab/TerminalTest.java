package dev.heddle.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void progressIsOneLineThatIsWipedInTheEnd() {
        Terminal terminal = new Terminal(err, true);
        terminal.progress("first");
        terminal.progress("second");
        terminal.clear();
        assertThat(written()).isEqualTo("\r\033[Kfirst\r\033[Ksecond\r\033[K").doesNotContain("\n");
    }

    @Test
    void withoutATerminalThereIsNone() {
        Terminal terminal = new Terminal(err, false);
        terminal.progress("first");
        terminal.clear();
        assertThat(written()).isEmpty();
    }

    @Test
    void nothingIsWipedWhereNothingWasShown() {
        new Terminal(err, true).clear();
        assertThat(written()).isEmpty();
    }

    @Test
    void aLongLineIsCutSoThatItStaysOneLine() {
        new Terminal(err, true).progress("x".repeat(500));
        assertThat(written().length()).isLessThan(110);
    }
}
