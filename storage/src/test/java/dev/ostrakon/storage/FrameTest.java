package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {

  private static final Frame.Place PLACE = new Frame.Place(7, 16 << 20, 4_096);

  /** What earlier builds wrote byte by byte, and what they read. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 17, 4_096, 4_099})
  void every_byte_of_a_payload_is_masked_alike(int length) {
    byte[] payload = new byte[length + 3];
    new Random(length).nextBytes(payload);
    byte[] frame = new byte[Frame.storedBytes(length)];

    Frame.encode(frame, PLACE, 512, payload, 3, length);

    assertThat(Frame.isValid(frame, 0, frame.length, PLACE)).isTrue();
    for (int i = 0; i < length; i++) {
      assertThat(frame[Frame.HEADER_BYTES + i]).isEqualTo((byte) (payload[3 + i] ^ 0xA5));
    }
    int skip = length / 3;
    byte[] read = new byte[5 + length - skip];
    Frame.copyPayload(frame, 0, skip, read, 5, length - skip);
    assertThat(Arrays.copyOfRange(read, 5, read.length))
        .isEqualTo(Arrays.copyOfRange(payload, 3 + skip, payload.length));
  }
}
