package dev.heddle.lab.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.lab.device.Rig.Address;
import dev.heddle.lab.device.Rig.Manner;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RigTest {
    @Test
    void devicesAnswerInTheirManner() throws Exception {
        List<Address> addresses;
        try (Rig rig = Rig.open(10, 1)) {
            addresses = rig.addresses();
            assertThat(addresses)
                    .extracting(Address::manner)
                    .contains(Manner.PROMPT, Manner.SLOW, Manner.SILENT, Manner.UNPLUGGED);
            for (Address address : addresses) {
                if (address.manner() == Manner.PROMPT || address.manner() == Manner.SLOW) {
                    assertThat(answers(address, 5)).isEqualTo(5);
                } else if (address.manner() == Manner.UNPLUGGED) {
                    assertThat(answers(address, 5)).isEqualTo(Rig.UNTIL_UNPLUGGED);
                }
            }
        }
        assertThat(addresses)
                .filteredOn(address -> !address.ask().startsWith("/dev"))
                .allSatisfy(address -> assertThat(Path.of(address.ask())).matches(path -> !Files.exists(path)));
    }

    /** How many answers come, until all have or the device is gone. */
    private static int answers(Address address, int questions) {
        int answers = 0;
        try (FileOutputStream ask = new FileOutputStream(address.ask());
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(new FileInputStream(address.answers()), StandardCharsets.US_ASCII))) {
            for (int n = 1; n <= questions; n++) {
                ask.write(("READ " + n + "\n").getBytes(StandardCharsets.US_ASCII));
                String line = reader.readLine();
                if (line == null) {
                    return answers;
                }
                assertThat(line).isEqualTo("VALUE " + n * Rig.FACTOR);
                answers++;
            }
        } catch (IOException e) {
            return answers; // a terminal says so
        }
        return answers;
    }
}
