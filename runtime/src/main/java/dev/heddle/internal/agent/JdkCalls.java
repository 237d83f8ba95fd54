package dev.heddle.internal.agent;

import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ConstantDescs;
import java.util.Map;
import java.util.Set;

/**
 * What calls of the JDK do, as far as it matters. Of those that are not listed the worst is assumed. Listed is what tight loops are
 * made of.
 */
final class JdkCalls {
    /** Classes none of whose methods takes long or calls anything of the program. */
    private static final Set<String> PLAIN = Set.of(
            "java/lang/Boolean",
            "java/lang/Byte",
            "java/lang/Character",
            "java/lang/Double",
            "java/lang/Float",
            "java/lang/Integer",
            "java/lang/Long",
            "java/lang/Math",
            "java/lang/Record",
            "java/lang/Short",
            "java/lang/StrictMath");

    private static final Set<String> OF_STRING = Set.of("charAt", "isEmpty", "length");

    /** Methods that take little time in each iteration of a loop, unless a program makes them otherwise. */
    private static final Map<String, Set<String>> SHORT = Map.of(
            "java/util/Iterator", Set.of("hasNext", "next"),
            "java/util/List", Set.of("get", "size"),
            "java/util/ArrayList", Set.of("get", "size"));

    private JdkCalls() {}

    /** {@return whether the call ends soon, and before that calls nothing that is not the JDK's} */
    static boolean isPlain(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        return PLAIN.contains(owner)
                || (owner.equals("java/lang/String") && OF_STRING.contains(name))
                || (owner.equals("java/lang/Object") && name.equals(ConstantDescs.INIT_NAME));
    }

    /** {@return whether the call ends soon} */
    static boolean isShort(InvokeInstruction call) {
        return isPlain(call)
                || SHORT.getOrDefault(call.owner().asInternalName(), Set.of())
                        .contains(call.name().stringValue());
    }
}
