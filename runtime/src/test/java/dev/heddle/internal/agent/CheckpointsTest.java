package dev.heddle.internal.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.HeddleTest;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Code with checkpoints does what it did before, and comes to a checkpoint in time. */
class CheckpointsTest extends HeddleTest {
    private static final String SAMPLES = Samples.class.getName();

    /** A million iterations of at least 3 and at most 40 instructions. */
    private static final int FEWEST = 1_000_000 / (32_768 / 3);

    private static final int MOST = 1_000_000 / (32_768 / 40);

    private final Rewritten rewritten = new Rewritten(SAMPLES);

    private int checkpointsOf(String method) throws ReflectiveOperationException {
        Class<?> samples = Class.forName(SAMPLES, true, rewritten);
        Object expected = Rewritten.call(Samples.class, method);
        Rewritten.Counter.reset();
        assertThat(Rewritten.call(samples, method)).isEqualTo(expected);
        return Rewritten.Counter.reset();
    }

    @ParameterizedTest
    @CsvSource({
        "counts",
        "countsDownLongs",
        "doesWhile",
        "goesRoundInTwoWays",
        "endsInside",
        "catches",
        "callsOwnOnes",
        "loopsInSynchronized"
    })
    void aShortLoopHasOneInThousandsOfIterations(String method) throws ReflectiveOperationException {
        int divisor = method.equals("endsInside") ? 3 : method.equals("loopsInSynchronized") ? 2 : 1;
        assertThat(checkpointsOf(method)).isBetween(FEWEST / divisor, MOST);
    }

    /** The second number is that of the iterations of loops, and the one at the beginning. */
    @ParameterizedTest
    @CsvSource({
        "allocates, 1001",
        "callsOthers, 1001",
        "nests, 1001",
        "synchronizes, 1001",
        "looksAtAll, 1001",
        "retries, 1001",
        "switches, 6",
        "addsOnTheStack, 4"
    })
    void anyOtherLoopHasOneAtEachIteration(String method, int checkpoints) throws ReflectiveOperationException {
        assertThat(checkpointsOf(method)).isEqualTo(checkpoints);
    }

    @Test
    void aLoopThatIsLeftToTheOuterOneHasThoseOfTheOuter() throws ReflectiveOperationException {
        assertThat(checkpointsOf("leavesTwoLoops")).isPositive();
    }

    /** fibonacci(15) makes 1,973 calls. */
    @ParameterizedTest
    @CsvSource({"callsItself, 1974", "callsNobody, 0"})
    void aMethodThatMayComeBackHasOneAtItsBeginning(String method, int checkpoints)
            throws ReflectiveOperationException {
        assertThat(checkpointsOf(method)).isEqualTo(checkpoints);
    }

    @ParameterizedTest
    @CsvSource({"constructs", "throughLambdas", "throughInterface"})
    void allKindsOfMethodsHaveThem(String method) throws ReflectiveOperationException {
        assertThat(checkpointsOf(method)).isGreaterThan(2);
    }

    @Test
    void theInitializerOfAClassHasNone() throws ReflectiveOperationException {
        Rewritten.Counter.reset();
        assertThat(Class.forName(SAMPLES, true, rewritten)).isNotSameAs(Samples.class);
        assertThat(Rewritten.Counter.reset()).isZero();
    }

    // ---- what no compiler writes today

    private static final ClassDesc MADE = ClassDesc.of("made.Code");
    private static final MethodTypeDesc TYPE = MethodTypeDesc.of(ConstantDescs.CD_long);

    /** {@return the class that has one method, "run", with this code, and checkpoints} */
    private static Class<?> made(Rewritten classes, Consumer<CodeBuilder> code) throws ClassNotFoundException {
        classes.add(
                "made.Code",
                ClassFile.of()
                        .build(
                                MADE,
                                type -> type.withMethodBody(
                                        "run", TYPE, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, code)));
        return Class.forName("made.Code", false, classes);
    }

    private static void expect(Class<?> made, long result, int checkpoints) throws ReflectiveOperationException {
        Rewritten.Counter.reset();
        assertThat(Rewritten.call(made, "run")).isEqualTo(result);
        assertThat(Rewritten.Counter.reset()).isEqualTo(checkpoints);
    }

    @Test
    void aSwitchMayGoBack() throws ReflectiveOperationException {
        Class<?> made = made(new Rewritten("made."), code -> {
            Label head = code.newLabel();
            Label end = code.newLabel();
            code.iconst_0().istore(0);
            code.labelBinding(head).iinc(0, 1);
            code.iload(0).lookupswitch(head, List.of(SwitchCase.of(10, end)));
            code.labelBinding(end).iload(0).i2l().lreturn();
        });
        expect(made, 10, 11);
    }

    @Test
    void anExceptionMayGoBack() throws ReflectiveOperationException {
        ClassDesc failure = ClassDesc.of("java.lang.ArithmeticException");
        Class<?> made = made(new Rewritten("made."), code -> {
            Label handler = code.newLabel();
            Label start = code.newLabel();
            Label end = code.newLabel();
            code.iconst_0().istore(0);
            code.aconst_null();
            code.labelBinding(handler).pop().iinc(0, 1);
            code.labelBinding(start)
                    .iconst_1()
                    .iload(0)
                    .bipush(10)
                    .idiv()
                    .idiv()
                    .istore(1);
            code.labelBinding(end).iload(0).i2l().lreturn();
            code.exceptionCatch(start, end, handler, failure);
        });
        expect(made, 10, 11);
    }

    @Test
    void aLoopMayBeEnteredInItsMiddle() throws ReflectiveOperationException {
        Class<?> made = made(new Rewritten("made."), code -> {
            Label head = code.newLabel();
            Label test = code.newLabel();
            code.iconst_0().istore(0).goto_(test);
            code.labelBinding(head).iinc(0, 1);
            code.labelBinding(test).iload(0).bipush(100).if_icmplt(head);
            code.iload(0).i2l().lreturn();
        });
        expect(made, 100, 102);
    }

    @Test
    void aLoopMayHaveThingsOnTheStack() throws ReflectiveOperationException {
        ClassDesc number = ClassDesc.of("java.lang.Long");
        Class<?> made = made(new Rewritten("made."), code -> {
            Label head = code.newLabel();
            Label end = code.newLabel();
            code.new_(number).dup().lconst_0().iconst_0().istore(0);
            code.labelBinding(head).iload(0).ldc(100_000).if_icmpge(end);
            code.lconst_1().ladd().iinc(0, 1).goto_(head);
            code.labelBinding(end)
                    .invokespecial(number, "<init>", MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long));
            code.invokevirtual(number, "longValue", TYPE).lreturn();
        });
        expect(made, 100_000, 1 + 100_000 / (32_768 / 7));
    }

    // ---- what is too long

    private static Class<?> long_(Rewritten classes, int bytes) throws ClassNotFoundException {
        return made(classes, code -> {
            Label head = code.newLabel();
            code.iconst_0().istore(0);
            code.labelBinding(head).iinc(0, 1);
            for (int i = 0; i < bytes; i++) {
                code.nop();
            }
            code.iload(0).bipush(100).if_icmplt(head);
            code.iload(0).i2l().lreturn();
        });
    }

    @Test
    void aLongMethodHasThemAsLongAsItIsCompiled() throws ReflectiveOperationException {
        Rewritten classes = new Rewritten("made.");
        expect(long_(classes, 7_900), 100, 1 + 99 / (32_768 / 7_904));
        assertThat(classes.told).isEmpty();
    }

    @Test
    void aMethodThatWouldNoLongerBeCompiledHasNone() throws ReflectiveOperationException {
        Rewritten classes = new Rewritten("made.");
        expect(long_(classes, 7_980), 100, 0);
        assertThat(classes.told)
                .containsExactly("Code.run()long has no checkpoints, since with them it would become longer than what"
                        + " the JVM compiles");
    }

    @Test
    void aMethodThatIsNeverCompiledHasThem() throws ReflectiveOperationException {
        Rewritten classes = new Rewritten("made.");
        expect(long_(classes, 32_000), 100, 100);
        assertThat(classes.told).isEmpty();
    }

    @Test
    void aMethodWhoseJumpsWouldBecomeTooLongHasNone() throws ReflectiveOperationException {
        Rewritten classes = new Rewritten("made.");
        expect(long_(classes, 32_750), 100, 0);
        assertThat(classes.told)
                .containsExactly(
                        "Code.run()long has no checkpoints, since with them it would become longer than the JVM"
                                + " allows");
    }
}
