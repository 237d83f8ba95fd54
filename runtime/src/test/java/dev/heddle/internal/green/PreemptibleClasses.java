package dev.heddle.internal.green;

import dev.heddle.internal.lock.TimeSlicedLock;
import dev.heddle.simulation.RewrittenClasses;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Constructor;
import java.util.function.BiFunction;

/**
 * The classes of this package and of the global lock once more, such that a {@link SimulatedMachine} can let another thread go on before each access
 * to what threads share.
 *
 * <p>Problem: the races that matter lie between two accesses, as between a carrier's last look for work and its becoming idle,
 * where no seam is called. Rejected: a seam there, which tests alone would need, on hot paths; running on real threads until it
 * happens, which is what the stress program does, and which no seed repeats. Approach: a class loader that writes a call of
 * {@link SimulatedMachine#point} before each use of a variable handle, an atomic, a queue or a volatile field. What the compiler
 * and the CPU may reorder cannot be seen in this way; jcstress is for that.
 *
 * <p>Not in a method that takes a lock: whoever was stopped there would stop others for real. And not in the simulation itself,
 * which is loaded here, too, since it calls what is private to the package.
 */
final class PreemptibleClasses {
    private static final String PACKAGE = PreemptibleClasses.class.getPackageName() + ".";
    private static final String LOCK = TimeSlicedLock.class.getPackageName() + ".";
    private static final String SIMULATION = PACKAGE + "Simulat";

    private static final ClassDesc MACHINE = ClassDesc.of(PACKAGE + "SimulatedMachine");
    private static final MethodTypeDesc POINT = MethodTypeDesc.of(ConstantDescs.CD_void);

    private final RewrittenClasses.Fields fields = new RewrittenClasses.Fields();

    /** {@return a {@link Simulation} that uses these classes} Its own type is another one than the caller knows. */
    @SuppressWarnings("unchecked") // Simulation says that it is one
    BiFunction<String, Long, String> simulation() throws ReflectiveOperationException {
        ClassLoader classes = new RewrittenClasses(
                PreemptibleClasses::isOurs,
                name -> !name.startsWith(SIMULATION),
                ClassTransform.transformingMethodBodies(PreemptibleClasses::mayStopInside, (code, element) -> {
                    if (isShared(element)) {
                        code.invokestatic(MACHINE, "point", POINT);
                    }
                    code.with(element);
                }));
        Constructor<?> constructor = classes.loadClass(SIMULATION + "ion").getDeclaredConstructor();
        constructor.setAccessible(true); // to the JVM this is another package
        return (BiFunction<String, Long, String>) constructor.newInstance();
    }

    private static boolean isOurs(String name) {
        return name.startsWith(PACKAGE) || name.startsWith(LOCK);
    }

    private static boolean mayStopInside(MethodModel method) {
        return !method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME)
                && method.code().stream()
                        .flatMap(code -> code.elementStream())
                        .noneMatch(element -> element instanceof InvokeInstruction call
                                && call.owner().asInternalName().startsWith("java/util/concurrent/locks/")
                                && call.name().equalsString("lock"));
    }

    private boolean isShared(CodeElement element) {
        return switch (element) {
            case InvokeInstruction call -> {
                String owner = call.owner().asInternalName();
                yield owner.equals("java/lang/invoke/VarHandle")
                        || owner.startsWith("java/util/concurrent/atomic/Atomic")
                        || owner.equals("java/util/Queue");
            }
            case FieldInstruction access -> {
                String owner = access.owner().asInternalName().replace('/', '.');
                yield isOurs(owner)
                        && fields.find(owner, access.name().stringValue())
                                .flags()
                                .has(AccessFlag.VOLATILE);
            }
            default -> false;
        };
    }
}
