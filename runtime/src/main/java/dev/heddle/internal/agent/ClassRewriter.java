package dev.heddle.internal.agent;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Changes the code of a class, method by method, as {@link Points} say.
 *
 * <p>The frames of the verifier are not computed anew, which would ask for the superclasses of any class that the code mentions;
 * whoever changes code keeps its {@link Frames} right. So no other class is looked at, and none has to be there.
 */
public final class ClassRewriter {
    private static final int LONGEST_METHOD = 65_535;
    private static final int LONGEST_JUMP = Short.MAX_VALUE;

    /** HotSpot interprets what is longer (HugeMethodLimit). */
    private static final int LONGEST_COMPILED = 8_000;

    private final ClassFile format = ClassFile.of(
            ClassFile.StackMapsOption.DROP_STACK_MAPS, // they are given
            ClassFile.ShortJumpsOption.FAIL_ON_SHORT_JUMPS); // a longer form needs frames that nobody gives

    private final Points points;
    private final Consumer<String> console;

    /**
     * @param points what to insert
     * @param console is told about methods that are left as they are
     */
    public ClassRewriter(Points points, Consumer<String> console) {
        this.points = points;
        this.console = console;
    }

    /**
     * {@return the class with points; null if none belong into it}
     *
     * @param bytes a class file
     * @throws IllegalArgumentException if it is none that can be understood
     */
    public byte @Nullable [] rewrite(byte[] bytes) {
        ClassModel type = format.parse(bytes);
        Map<MethodModel, CodeTransform> changes = new HashMap<>();
        for (MethodModel method : type.methods()) {
            CodeModel code = method.code().orElse(null);
            if (code == null) {
                continue;
            }
            Points.Change change = points.in(method, code);
            if (change != null && hasRoom(method, (CodeAttribute) code, change.growth())) {
                changes.put(method, CodeTransform.ofStateful(change.transform()));
            }
        }
        if (changes.isEmpty()) {
            return null;
        }
        return format.transformClass(type, (builder, element) -> {
            CodeTransform change = element instanceof MethodModel method ? changes.get(method) : null;
            if (change == null) {
                builder.with(element);
            } else {
                builder.transformMethod((MethodModel) element, MethodTransform.transformingCode(change));
            }
        });
    }

    private boolean hasRoom(MethodModel method, CodeAttribute code, int growth) {
        int length = code.codeLength();
        String why;
        if (length + growth > LONGEST_METHOD || longestJump(code) + growth > LONGEST_JUMP) {
            why = "it would become longer than the JVM allows";
        } else if (length <= LONGEST_COMPILED && length + growth > LONGEST_COMPILED) {
            why = "it would become longer than what the JVM compiles";
        } else {
            return true;
        }
        console.accept(nameOf(method) + " has no checkpoints, since with them " + why);
        return false;
    }

    private static int longestJump(CodeAttribute code) {
        int longest = 0;
        int at = 0;
        for (CodeElement element : code) {
            if (element instanceof BranchInstruction jump && jump.opcode() != Opcode.GOTO_W) {
                longest = Math.max(longest, Math.abs(code.labelToBci(jump.target()) - at));
            }
            if (element instanceof Instruction instruction) {
                at += instruction.sizeInBytes();
            }
        }
        return longest;
    }

    private static String nameOf(MethodModel method) {
        String type = method.parent().orElseThrow().thisClass().asSymbol().displayName();
        return type + "." + method.methodName() + method.methodTypeSymbol().displayDescriptor();
    }
}
