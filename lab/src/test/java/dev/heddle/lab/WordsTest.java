package dev.heddle.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.lab.measure.Lint;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is done with words that a user types: arguments, terms, and what was meant by them. */
class WordsTest {
    private static final Glossary GLOSSARY = Glossary.parse(
            "# Words\nintroduction\n\n## First part\n\n### lost update\nTwo tasks.\n\nMore.\n\n### RSS\nMemory.\n");

    @Test
    void aTermIsAHeadingOfTheThirdLevelAndWhatFollows() {
        assertThat(GLOSSARY.terms()).containsExactly("lost update", "RSS");
        assertThat(GLOSSARY.find("lost update")).contains("lost update\n\nTwo tasks.\n\nMore.");
    }

    @Test
    void capitalsHyphensAndPluralsDoNotMatter() {
        assertThat(GLOSSARY.find("Lost-Updates")).isPresent();
        assertThat(GLOSSARY.find("rss")).isPresent();
        assertThat(GLOSSARY.find("update")).isEmpty();
    }

    @Test
    void everyTermOfThePackagedGlossaryIsExplained() {
        Glossary glossary = Glossary.load();
        assertThat(glossary.terms()).hasSizeGreaterThan(30).doesNotHaveDuplicates();
        assertThat(glossary.terms())
                .allSatisfy(term ->
                        assertThat(glossary.find(term).orElseThrow().length()).isGreaterThan(60));
    }

    /** What the lab says about a row has to be found in the glossary. */
    @Test
    void whatTheLabPrintsIsInTheGlossary() {
        Glossary glossary = Glossary.load();
        for (String word : List.of(
                "noisy",
                "disturbed",
                "not warmed up",
                "too few CPUs",
                "invalid",
                "no difference shown",
                "median",
                "p99")) {
            assertThat(glossary.find(word)).as(word).isPresent();
        }
    }

    /** Each lint tells its reader to have it explained. */
    @Test
    void everyLintIsInTheGlossary() {
        Glossary glossary = Glossary.load();
        for (Lint lint : Lint.values()) {
            assertThat(glossary.find(lint.term())).as(lint.term()).isPresent();
        }
    }

    @Test
    void theNearestWordIsSuggestedIfItIsNear() {
        List<String> words = List.of("digest", "primes", "clients");
        assertThat(Nearest.hint("prims", words)).isEqualTo(" Did you mean primes?");
        assertThat(Nearest.hint("DIGSET", words)).isEqualTo(" Did you mean digest?");
        assertThat(Nearest.hint("supercalifragilistic", words)).isEmpty();
    }

    @Test
    void numbersMayBeGrouped() {
        Args args = new Args(List.of("1_000", "2,000", "x", "0"));
        assertThat(args.number(0, "N", 7)).isEqualTo(1_000);
        assertThat(args.number(1, "N", 7)).isEqualTo(2_000);
        assertThat(args.number(9, "N", 7)).isEqualTo(7);
        assertThatThrownBy(() -> args.number(2, "N", 7))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("'x'");
        assertThatThrownBy(() -> args.number(3, "N", 7))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("is 0");
        assertThatThrownBy(() -> args.requireAtMost(3)).isInstanceOf(UsageException.class);
        args.requireAtMost(4);
    }
}
