package dev.heddle.lab;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code heddle explain}. */
@Command(name = "explain", description = "Explains a word that Heddle uses; without a word it lists them all.")
final class ExplainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "TERM", arity = "0..*", description = "The word, which may have a blank in it.")
    private List<String> words = List.of();

    @Override
    public Integer call() {
        Glossary glossary = Glossary.load();
        if (words.isEmpty()) {
            System.out.println(String.join("\n", glossary.terms()));
            return Main.OK;
        }
        String term = String.join(" ", words);
        System.out.println(glossary.find(term)
                .orElseThrow(() -> new UsageException("the glossary has no '" + term + "'."
                        + Nearest.hint(term, glossary.terms()) + " heddle explain lists all words")));
        return Main.OK;
    }
}
