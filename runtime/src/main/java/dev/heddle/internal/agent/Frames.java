package dev.heddle.internal.agent;

import java.lang.classfile.Attributes;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.attribute.StackMapTableAttribute;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The frames of a method: at each place to which a jump leads, what types the verifier finds in the local variables and on the stack
 * (JVMS 4.10.1). They are those that the compiler has written, and some more for what was inserted.
 */
final class Frames {
    private final Map<Label, StackMapFrameInfo> frames = new LinkedHashMap<>();

    /** @param code with the frames to begin with */
    Frames(CodeModel code) {
        code.findAttribute(Attributes.stackMapTable())
                .ifPresent(table -> table.entries().forEach(frame -> frames.put(frame.target(), frame)));
    }

    /**
     * There is a new place that sees what another sees.
     *
     * @param place the new one
     * @param like the other, which has a frame
     */
    void add(Label place, Label like) {
        StackMapFrameInfo frame = frames.get(like);
        if (frame == null) {
            throw new IllegalArgumentException("a jump leads to where the StackMapTable has no frame");
        }
        frames.put(place, StackMapFrameInfo.of(place, frame.locals(), frame.stack()));
    }

    /**
     * At this place there is an int in a variable that was not there before.
     *
     * @param place if it has a frame
     * @param slot of the variable, behind all others
     */
    void addInt(Label place, int slot) {
        frames.computeIfPresent(
                place, (label, frame) -> StackMapFrameInfo.of(label, with(frame.locals(), slot), frame.stack()));
    }

    private static List<VerificationTypeInfo> with(List<VerificationTypeInfo> locals, int slot) {
        List<VerificationTypeInfo> all = new ArrayList<>(locals);
        int slots = locals.stream().mapToInt(Frames::slots).sum();
        for (int unused = slots; unused < slot; unused++) {
            all.add(SimpleVerificationTypeInfo.TOP);
        }
        all.add(SimpleVerificationTypeInfo.INTEGER);
        return all;
    }

    private static int slots(VerificationTypeInfo type) {
        return type == SimpleVerificationTypeInfo.LONG || type == SimpleVerificationTypeInfo.DOUBLE ? 2 : 1;
    }

    /** Passes them on. */
    void write(CodeBuilder code) {
        if (!frames.isEmpty()) {
            code.with(StackMapTableAttribute.of(List.copyOf(frames.values())));
        }
    }
}
