package dev.heddle.internal.agent;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Calls of a checkpoint wherever code can go on for long: at the steps back of loops and at the beginning of methods, which is where
 * CPython's interpreter looks whether it shall drop its lock.
 *
 * <p>Problem: the compiler cannot move reads of memory across a checkpoint, since another thread may execute there, and so a loop with
 * one in it is compiled badly: it is not turned into vector instructions, and reads anew what it could keep in registers. Rejected:
 * a checkpoint only at each n-th iteration, by a counter, which is still in the loop; to recognize counted loops and to give them a
 * bound nearer by, which leaves out all whose bound is a field or a call. Approach: two loops. The inner one is the loop as it was
 * and counts down besides; it has no checkpoint, so the compiler does with it what it did with the one before. The outer one has the
 * checkpoint, and goes into the inner one once more:
 *
 * <pre>{@code
 * head:  left = n; goto body
 * again: if (--left > 0) goto body; checkpoint(); goto head
 * body:  ...
 *        goto again          // was: goto head
 * }</pre>
 *
 * <p>So is each loop that has no other inside and calls nothing that may take long; n is such that it executes some ten thousand
 * instructions. All other loops have the checkpoint at each iteration. A method without loops that calls nothing, or only what calls
 * nobody back, needs none at its beginning. So methods of named classes do not take long: they have one there or end soon.
 *
 * <p>Not in the initializer of a class: the JVM has others wait until it is through, whatever lock they hold meanwhile.
 */
public final class Checkpoints implements Points {
    private static final MethodTypeDesc TYPE = MethodTypeDesc.of(ConstantDescs.CD_void);

    /** How many instructions a loop executes between two checkpoints, about. */
    private static final int BETWEEN = 32_768;

    private static final int CALL_BYTES = 3;
    private static final int LOOP_BYTES = 32;

    private final ClassDesc owner;
    private final boolean isInterface;
    private final String name;
    private final Predicate<String> named;

    /**
     * @param owner the class with the checkpoint, a static method without parameters or result
     * @param isInterface whether that is an interface
     * @param name that of the method
     * @param named tells by its internal name whether a class gets checkpoints
     */
    public Checkpoints(String owner, boolean isInterface, String name, Predicate<String> named) {
        this.owner = ClassDesc.of(owner);
        this.isInterface = isInterface;
        this.name = name;
        this.named = named;
    }

    @Override
    public @Nullable Change in(MethodModel method, CodeModel code) {
        if (method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME)) {
            return null;
        }
        Loops loops = new Loops(code);
        if (loops.stepsBack() == 0 && code.elementStream().noneMatch(Checkpoints::mayComeBack)) {
            return null;
        }
        Map<Integer, Loops.Innermost> thinned = loops.innermost().stream()
                .filter(loop -> loops.elements(loop).stream().noneMatch(this::mayTakeLong))
                .collect(Collectors.toMap(Loops.Innermost::first, loop -> loop));
        int growth = CALL_BYTES * (1 + loops.stepsBack()) + LOOP_BYTES * thinned.size();
        return new Change(() -> new Insertion(code, loops, thinned), growth);
    }

    /** {@return whether it is a call that may lead to the same method again} */
    private static boolean mayComeBack(CodeElement element) {
        return switch (element) {
            case InvokeInstruction call -> !JdkCalls.isPlain(call);
            case InvokeDynamicInstruction call -> true;
            default -> false;
        };
    }

    private boolean mayTakeLong(CodeElement element) {
        return switch (element) {
            case InvokeInstruction call -> !named.test(call.owner().asInternalName()) && !JdkCalls.isShort(call);
            case InvokeDynamicInstruction call -> true;
            case MonitorInstruction wait -> true;
            case NewPrimitiveArrayInstruction array -> true;
            case NewReferenceArrayInstruction array -> true;
            case NewMultiArrayInstruction array -> true;
            default -> false;
        };
    }

    /** One pass over the code. */
    private final class Insertion implements CodeTransform {
        private final CodeModel code;
        private final Loops loops;
        private final Map<Integer, Loops.Innermost> thinned;
        private final Frames frames;

        /** Where the thinned loops go on, by the label of their heads. */
        private final Map<Label, Label> again = new HashMap<>();

        private int place = -1;
        private int left;

        Insertion(CodeModel code, Loops loops, Map<Integer, Loops.Innermost> thinned) {
            this.code = code;
            this.loops = loops;
            this.thinned = thinned;
            this.frames = new Frames(code);
        }

        @Override
        public void atStart(CodeBuilder out) {
            if (!thinned.isEmpty()) {
                left = out.allocateLocal(TypeKind.INT); // one for all: there is none inside of another
            }
            code.elementStream()
                    .filter(LineNumber.class::isInstance)
                    .findFirst()
                    .ifPresent(out::with); // for stack traces
            call(out);
        }

        @Override
        public void accept(CodeBuilder out, CodeElement element) {
            place++;
            if (element instanceof BranchInstruction jump
                    && again.containsKey(jump.target())
                    && loops.jumpsBack(place)) {
                out.branch(jump.opcode(), again.get(jump.target()));
                return;
            }
            if (loops.jumpsBack(place)) {
                call(out);
            }
            out.with(element);
            if (loops.isHandlerBack(place)) {
                call(out);
            }
            Loops.Innermost loop = thinned.get(place);
            if (loop != null) {
                thin(out, loop);
            }
        }

        private void thin(CodeBuilder out, Loops.Innermost loop) {
            Label head = loops.head(loop);
            Label next = out.newLabel();
            Label body = out.newLabel();
            out.loadConstant(Math.clamp(BETWEEN / loops.size(loop), 1, Short.MAX_VALUE))
                    .istore(left);
            out.goto_(body);
            out.labelBinding(next).iinc(left, -1).iload(left).ifgt(body);
            call(out);
            out.goto_(head);
            out.labelBinding(body);

            again.put(head, next);
            frames.add(next, head);
            frames.add(body, head);
            frames.addInt(next, left);
            frames.addInt(body, left);
            loops.elements(loop).stream()
                    .skip(1)
                    .filter(LabelTarget.class::isInstance)
                    .forEach(target -> frames.addInt(((LabelTarget) target).label(), left));
        }

        private void call(CodeBuilder out) {
            out.invokestatic(owner, name, TYPE, isInterface);
        }

        @Override
        public void atEnd(CodeBuilder out) {
            frames.write(out);
        }
    }
}
