package dev.heddle.internal.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.HeddleTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs made of loops at random, in all ways to leave them, compute with checkpoints what they compute without. */
class RandomProgramsTest extends HeddleTest {
    private static final int PROGRAMS = 100;

    @TempDir
    Path folder;

    @Test
    void computeTheSame() throws Exception {
        long seed = Long.getLong("heddle.seed", System.nanoTime());
        Path source = folder.resolve("Programs.java");
        Files.writeString(source, new Source(seed).text(PROGRAMS));
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, System.err, "-g", "-d", folder.toString(), source.toString()))
                .isZero();
        byte[] file = Files.readAllBytes(folder.resolve("made/Programs.class"));
        Class<?> plain = new ClassLoader() {
            Class<?> define() {
                return defineClass("made.Programs", file, 0, file.length);
            }
        }.define();
        Rewritten classes = new Rewritten("made.");
        classes.add("made.Programs", file);
        Class<?> rewritten = Class.forName("made.Programs", true, classes);

        Rewritten.Counter.reset();
        int withCheckpoints = 0;
        for (int i = 0; i < PROGRAMS; i++) {
            String program = "run" + i;
            assertThat(Rewritten.call(rewritten, program))
                    .as("%s of seed %d: -Dheddle.seed=%d has it again", program, seed, seed)
                    .isEqualTo(Rewritten.call(plain, program));
            if (Rewritten.Counter.reset() > 0) {
                withCheckpoints++;
            }
        }
        assertThat(withCheckpoints).isGreaterThan(PROGRAMS / 2);
    }

    /** Java, such that each method ends. */
    private static final class Source {
        private final Random random;
        private final List<String> loops = new ArrayList<>();
        private int names;
        private int statements;

        Source(long seed) {
            random = new Random(seed);
        }

        String text(int programs) {
            StringBuilder text = new StringBuilder("""
                    package made;
                    public class Programs {
                        static int[] a = {3, 1, 4, 1, 5, 9, 2, 6};
                        static int f(int n) { return n < 1 ? 1 : n + f(n / 2 - 1); }
                    """);
            for (int i = 0; i < programs; i++) {
                statements = 0;
                text.append("static long run" + i + "() {\n"
                        + "int left = 3000; int x = " + random.nextInt(9) + ", y = " + random.nextInt(99)
                        + "; long z = 1; double d = 2;\n"
                        + block(4) + "return x + 31L * y + 17 * z + (long) d; }\n");
            }
            return text.append("}\n").toString();
        }

        private String block(int depth) {
            StringBuilder text = new StringBuilder();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                text.append(statement(depth)).append('\n');
            }
            return text.toString();
        }

        private String statement(int depth) {
            if (depth == 0 || ++statements > 40) {
                return simple();
            }
            return switch (random.nextInt(12)) {
                case 0, 1 -> simple();
                case 2 -> "if (" + condition() + ") { " + block(depth - 1) + "} else { " + block(depth - 1) + "}";
                case 3, 4, 5 -> {
                    String i = "i" + names++;
                    String header = random.nextBoolean()
                            ? "int " + i + " = " + random.nextInt(4) + "; " + i + " < " + bound() + "; " + i + " += "
                                    + (1 + random.nextInt(3))
                            : "int " + i + " = " + bound() + "; " + i + " >= 0; " + i + "--";
                    yield loop(label -> "for (" + header + ") { x += " + i + "; " + block(depth - 1) + "}");
                }
                case 6 -> {
                    String i = "l" + names++;
                    yield loop(label -> "for (long " + i + " = 0; " + i + " < " + bound() + "; " + i + "++) { z += " + i
                            + "; " + block(depth - 1) + "}");
                }
                case 7 ->
                    loop(label -> "while (" + condition() + ") { if (left-- < 0) break; " + block(depth - 1) + "}");
                case 8 ->
                    loop(label -> "do { if (left-- < 0) break; " + block(depth - 1) + "} while (" + condition() + ");");
                case 9 -> {
                    String e = "e" + names++;
                    yield loop(label -> "for (int " + e + " : a) { y ^= " + e + "; " + block(depth - 1) + "}");
                }
                case 10 ->
                    "switch (y & 3) { case 0: " + block(depth - 1) + "case 1: " + block(depth - 1) + "break; default: "
                            + block(depth - 1) + "}";
                default -> tries(depth);
            };
        }

        private String tries(int depth) {
            return "try { " + block(depth - 1) + "y = 100 / (x & 3); " + block(depth - 1)
                    + "} catch (ArithmeticException e" + names++ + ") { " + block(depth - 1) + "}"
                    + (random.nextBoolean() ? " finally { z++; " + block(depth - 1) + "}" : "");
        }

        private interface Body {
            String text(String label);
        }

        private String loop(Body body) {
            String label = "loop" + names++;
            loops.add(label);
            String text = label + ": " + body.text(label);
            loops.removeLast();
            return text;
        }

        private String simple() {
            String loop = loops.isEmpty() ? null : loops.get(random.nextInt(loops.size()));
            return switch (random.nextInt(loop == null ? 7 : 10)) {
                case 0 -> "x = x * 31 + y;";
                case 1 -> "y = (y ^ (int) z) - 7;";
                case 2 -> "z = z * 6364136223846793005L + x;";
                case 3 -> "d = d / 3 + y;";
                case 4 -> "a[x & 7] = y;";
                case 5 -> "x ^= f(y & 7);";
                case 6 -> "if (" + condition() + " && left < 2000) return z;";
                case 7 -> "synchronized (a) { x -= a[y & 7]; }";
                case 8 -> "if (" + condition() + ") break " + loop + ";";
                default -> "if (left-- > 0 && " + condition() + ") continue " + loop + ";";
            };
        }

        private String condition() {
            return pick(() -> "(x & 7) != 3", () -> "y % 5 > 0", () -> "z > x", () -> "a[y & 7] < 5", () -> "d < 1000");
        }

        private String bound() {
            return pick(() -> "a.length", () -> "12", () -> "(x & 15)", () -> "(y & 7)");
        }

        @SafeVarargs
        private String pick(Supplier<String>... all) {
            return all[random.nextInt(all.length)].get();
        }
    }
}
