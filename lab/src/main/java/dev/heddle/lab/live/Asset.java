package dev.heddle.lab.live;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * A file of the page.
 *
 * @param type its media type
 * @param bytes what is in it
 * @param policy what it may load and where it may be shown, in words of the header Content-Security-Policy
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Asset(String type, byte[] bytes, String policy) {
    /** Nothing but the page's own files and this server. */
    static final String OWN =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
                    + " connect-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /** A file under the policy {@link #OWN}. */
    Asset(String type, byte[] bytes) {
        this(type, bytes, OWN);
    }

    /**
     * {@return a file from the class path}
     *
     * @param type its media type
     * @param names the resources that it consists of, one after the other
     */
    static Asset of(String type, String... names) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String name : names) {
            try (InputStream in = Asset.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException("the resource " + name + " is missing from the class path");
                }
                in.transferTo(all);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new Asset(type, all.toByteArray());
    }
}
