package dev.heddle.internal.process.form;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An exception that is part of a result, and crosses as the failure of a task does: as itself, or described where it cannot.
 * In the process that has caught it, it is that exception.
 */
public final class CarriedFailure implements Serializable {
    @Serial
    private static final long serialVersionUID = 1L;

    private transient @Nullable Throwable failure;

    /** @param failure the exception */
    public CarriedFailure(Throwable failure) {
        this.failure = failure;
    }

    /** {@return the exception, or a description of it} */
    public Throwable failure() {
        return Objects.requireNonNull(failure);
    }

    @Serial
    private void writeObject(ObjectOutputStream out) throws IOException {
        out.writeLong(ProcessHandle.current().pid());
        out.writeObject(RemoteFailure.write(failure()));
    }

    @Serial
    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        long pid = in.readLong();
        failure = RemoteFailure.read((byte[]) in.readObject(), false, "thrown in process " + pid);
    }
}
