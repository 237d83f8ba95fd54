package dev.heddle.internal.process.form;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.classfile.attribute.LocalVariableTableAttribute;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a captured variable of a lambda is called in the source.
 *
 * <p>A lambda only has numbered arguments. Their names stand in the debug information of the method that the compiler
 * made of its body, whose first parameters are the captured variables.
 *
 * @param name as in the source, or which argument it is where there is no debug information
 * @param isThis whether it is the object in whose method the lambda stands
 */
record CapturedVariable(String name, boolean isThis) {
    /**
     * Looks up a captured variable.
     *
     * @param lambda the lambda
     * @param index which of its captured variables
     * @param loader the class loader of the code that has the lambda
     * @return its name
     */
    static CapturedVariable of(SerializedLambda lambda, int index, @Nullable ClassLoader loader) {
        boolean isStatic = lambda.getImplMethodKind() == MethodHandleInfo.REF_invokeStatic;
        boolean isBody = lambda.getImplMethodName().startsWith("lambda$");
        if (!isStatic && index == 0) {
            return isBody ? new CapturedVariable("this", true) : new CapturedVariable("receiver", false);
        }
        String name = isBody ? nameOf(lambda, isStatic ? index : index - 1, loader) : null;
        return new CapturedVariable(name != null ? name : "argument" + (index + 1), false);
    }

    private static @Nullable String nameOf(SerializedLambda lambda, int parameter, @Nullable ClassLoader loader) {
        String resource = lambda.getImplClass() + ".class";
        try (InputStream in = loader == null
                ? ClassLoader.getSystemResourceAsStream(resource)
                : loader.getResourceAsStream(resource)) {
            if (in == null) {
                return null;
            }
            ClassModel owner = ClassFile.of().parse(in.readAllBytes());
            for (MethodModel method : owner.methods()) {
                if (method.methodName().equalsString(lambda.getImplMethodName())
                        && method.methodType().equalsString(lambda.getImplMethodSignature())) {
                    return nameOf(method, parameter);
                }
            }
            return null;
        } catch (IOException | IllegalArgumentException e) {
            return null; // a name is good to have; without the class file the argument's number has to do
        }
    }

    private static @Nullable String nameOf(MethodModel method, int parameter) {
        MethodTypeDesc type = method.methodTypeSymbol();
        int slot = method.flags().has(java.lang.reflect.AccessFlag.STATIC) ? 0 : 1;
        for (int i = 0; i < parameter; i++) {
            slot += TypeKind.from(type.parameterType(i)).slotSize();
        }
        Optional<CodeModel> code = method.code();
        if (code.isEmpty()) {
            return null;
        }
        for (LocalVariableTableAttribute table : code.get().findAttributes(Attributes.localVariableTable())) {
            for (LocalVariableInfo variable : table.localVariables()) {
                if (variable.slot() == slot && variable.startPc() == 0) {
                    return variable.name().stringValue();
                }
            }
        }
        return null;
    }
}
