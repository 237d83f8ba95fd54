import org.jspecify.annotations.NullMarked;

/** Heddle's command line. It uses the runtime's public API only. */
@NullMarked
module dev.heddle.lab {
    requires transitive dev.heddle;
    requires info.picocli;
    requires static transitive org.jspecify;
    requires java.management;
    requires jdk.httpserver;
    requires jdk.jfr;
    requires tools.jackson.jr.ob;

    exports dev.heddle.lab;

    opens dev.heddle.lab to
            info.picocli;
}
