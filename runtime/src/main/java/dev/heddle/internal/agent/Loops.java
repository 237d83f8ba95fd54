package dev.heddle.internal.agent;

import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where the code of a method goes round. Whatever way does so has a step back in the order of the code: a jump, a switch, or an
 * exception whose handler stands before what throws it.
 *
 * <p>Places are numbers of elements of the code.
 */
final class Loops {
    private final List<CodeElement> elements;
    private final Map<Label, Integer> places = new HashMap<>();
    private final List<Jump> jumps = new ArrayList<>();
    private final List<Catch> catches = new ArrayList<>();
    private final Set<Integer> jumpsBack = new HashSet<>();
    private final Set<Integer> handlersBack = new HashSet<>();

    private record Jump(int from, int to, boolean isSwitch) {
        boolean isBack() {
            return to <= from;
        }
    }

    /** @param last the last place that the handler is for */
    private record Catch(int first, int last, int handler) {
        /** The compiler has a handler of {@code finally} and {@code synchronized} cover its own first instructions, as no loop. */
        boolean isBack() {
            return handler <= last && handler != first;
        }
    }

    /**
     * A loop that has none inside of it, and is entered at its head alone.
     *
     * @param first the place of the head
     * @param last that of its last jump back
     */
    record Innermost(int first, int last) {}

    /** @param code the code of the method */
    Loops(CodeModel code) {
        elements = code.elementList();
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i) instanceof LabelTarget target) {
                places.put(target.label(), i);
            }
        }
        for (int i = 0; i < elements.size(); i++) {
            switch (elements.get(i)) {
                case BranchInstruction jump -> add(i, jump.target(), false);
                case TableSwitchInstruction choice -> add(i, choice.defaultTarget(), choice.cases());
                case LookupSwitchInstruction choice -> add(i, choice.defaultTarget(), choice.cases());
                case ExceptionCatch handler ->
                    catches.add(new Catch(
                            place(handler.tryStart()), place(handler.tryEnd()) - 1, place(handler.handler())));
                default -> {}
            }
        }
        jumps.stream().filter(Jump::isBack).forEach(jump -> jumpsBack.add(jump.from()));
        catches.stream().filter(Catch::isBack).forEach(handler -> handlersBack.add(handler.handler()));
    }

    private void add(int from, Label otherwise, List<SwitchCase> cases) {
        add(from, otherwise, true);
        cases.forEach(one -> add(from, one.target(), true));
    }

    private void add(int from, Label to, boolean isSwitch) {
        jumps.add(new Jump(from, place(to), isSwitch));
    }

    private int place(Label label) {
        Integer place = places.get(label);
        if (place == null) {
            throw new IllegalArgumentException("a jump leads to where the StackMapTable has no frame");
        }
        return place;
    }

    /** {@return how many steps back there are} */
    int stepsBack() {
        return jumpsBack.size() + handlersBack.size();
    }

    /** {@return whether a jump or switch is at this place that may go back} */
    boolean jumpsBack(int place) {
        return jumpsBack.contains(place);
    }

    /** {@return whether a handler begins at this place to which an exception may go back} */
    boolean isHandlerBack(int place) {
        return handlersBack.contains(place);
    }

    /** {@return the loops without others inside, as far as they are jumped back to, in no switch} */
    List<Innermost> innermost() {
        Map<Integer, Integer> ends = new TreeMap<>();
        for (Jump jump : jumps) {
            if (jump.isBack()) {
                ends.merge(jump.to(), jump.from(), Math::max);
            }
        }
        List<Innermost> found = new ArrayList<>();
        ends.forEach((head, end) -> {
            if (jumps.stream().allMatch(jump -> fits(jump, head, end))
                    && catches.stream().allMatch(handler -> fits(handler, head, end))) {
                found.add(new Innermost(head, end));
            }
        });
        return found;
    }

    private static boolean fits(Jump jump, int head, int end) {
        boolean begins = jump.from() >= head && jump.from() <= end;
        boolean ends = jump.to() >= head && jump.to() <= end;
        if (jump.to() == head) {
            return !begins || !jump.isSwitch(); // goes round, or comes in
        }
        return !ends || (begins && !jump.isBack());
    }

    private static boolean fits(Catch handler, int head, int end) {
        boolean inside = handler.handler() >= head && handler.handler() <= end;
        return !inside || (handler.first() > head && handler.last() <= end && !handler.isBack());
    }

    /** {@return the elements from the first to the last jump back} */
    List<CodeElement> elements(Innermost loop) {
        return elements.subList(loop.first(), loop.last() + 1);
    }

    /** {@return the label at the head} */
    Label head(Innermost loop) {
        return ((LabelTarget) elements.get(loop.first())).label();
    }

    /** {@return how many instructions it has} */
    int size(Innermost loop) {
        return (int)
                elements(loop).stream().filter(Instruction.class::isInstance).count();
    }
}
