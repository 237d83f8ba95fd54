package dev.heddle.internal.lock;

/** Global locks that the calling thread has left, to wait or to block. */
public interface Left {
    /** Takes them again, waiting for that whatever happens. For the thread that has left them, once. */
    void comeBack();
}
