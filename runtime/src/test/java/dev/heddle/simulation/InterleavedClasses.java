package dev.heddle.simulation;

import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Classes for an {@link Interleaving}: before each access to what threads may share they call {@link Interleaving#point}, and how
 * a thread waits, and by which clock, is the interleaving's.
 *
 * <p>Shared may be every field that is not final, and what is behind a variable handle, an atomic or a collection. So data that a
 * lock should guard are seen racing if it does not. Not the fields of an object whose constructor runs, which nobody else has.
 */
final class InterleavedClasses {
    private static final ClassDesc INTERLEAVING =
            Interleaving.class.describeConstable().orElseThrow();
    private static final MethodTypeDesc POINT = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);

    /** Calls of these go to the method of the same name of {@link Interleaving}, with the receiver as the first argument. */
    private static final Set<String> REPLACED = Set.of(
            "java/lang/Runtime.availableProcessors",
            "java/lang/System.nanoTime",
            "java/lang/Thread.interrupt",
            "java/lang/Thread.interrupted",
            "java/lang/Thread.onSpinWait",
            "java/lang/Thread.yield",
            "java/util/concurrent/locks/LockSupport.park",
            "java/util/concurrent/locks/LockSupport.parkNanos",
            "java/util/concurrent/locks/LockSupport.unpark",
            "java/util/concurrent/locks/ReentrantLock.lock",
            "java/util/random/RandomGenerator.nextInt");

    private static final Set<String> COLLECTIONS = Set.of(
            "java/util/ArrayDeque",
            "java/util/ArrayList",
            "java/util/Collection",
            "java/util/Deque",
            "java/util/List",
            "java/util/Queue");

    private final Predicate<String> again;
    private final RewrittenClasses.Fields fields = new RewrittenClasses.Fields();

    /** @param again the names of the classes that are loaded once more */
    InterleavedClasses(Predicate<String> again) {
        this.again = again;
    }

    ClassTransform change() {
        return (type, element) -> {
            if (element instanceof MethodModel method && method.code().isPresent()) {
                type.transformMethod(method, MethodTransform.transformingCode(changeOf(method)));
            } else {
                type.with(element);
            }
        };
    }

    private CodeTransform changeOf(MethodModel method) {
        String name = method.methodName().stringValue();
        boolean constructs = name.startsWith("<");
        String type = method.parent().orElseThrow().thisClass().asInternalName();
        String place = simple(type) + "." + name + ":";
        int[] line = new int[1];
        return (code, element) -> {
            String point = null;
            String access = "";
            switch (element) {
                case LineNumber number -> line[0] = number.line();
                case InvokeInstruction call -> {
                    if (REPLACED.contains(nameOf(call))) {
                        replace(code, call);
                        return;
                    }
                    point = pointFor(call);
                    access = simple(nameOf(call));
                }
                case FieldInstruction field -> {
                    point = pointFor(field);
                    boolean reads = field.opcode() == Opcode.GETFIELD || field.opcode() == Opcode.GETSTATIC;
                    access = (reads ? "reads " : "writes ") + field.name().stringValue();
                }
                default -> {}
            }
            if (point != null && !constructs) {
                code.ldc(place + line[0] + " " + access);
                code.invokestatic(INTERLEAVING, point, POINT);
            }
            code.with(element);
        };
    }

    private static String nameOf(InvokeInstruction call) {
        return call.owner().asInternalName() + "." + call.name().stringValue();
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private static void replace(CodeBuilder code, InvokeInstruction call) {
        MethodTypeDesc type = call.typeSymbol();
        if (call.opcode() != Opcode.INVOKESTATIC) {
            type = type.insertParameterTypes(0, call.owner().asSymbol());
        }
        code.invokestatic(INTERLEAVING, call.name().stringValue(), type);
    }

    /** {@return the method of {@link Interleaving} to call before it, or null} */
    private static String pointFor(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        if (owner.equals("java/lang/invoke/VarHandle")
                || owner.startsWith("java/util/concurrent/atomic/Atomic")
                || owner.equals("java/util/concurrent/locks/ReentrantLock")) {
            return "point";
        }
        return COLLECTIONS.contains(owner) ? "plainPoint" : null;
    }

    private String pointFor(FieldInstruction access) {
        String owner = access.owner().asInternalName().replace('/', '.');
        if (!again.test(owner)) {
            return null;
        }
        FieldModel field = fields.find(owner, access.name().stringValue());
        if (field.flags().has(AccessFlag.FINAL)) {
            return null;
        }
        return field.flags().has(AccessFlag.VOLATILE) ? "point" : "plainPoint";
    }
}
