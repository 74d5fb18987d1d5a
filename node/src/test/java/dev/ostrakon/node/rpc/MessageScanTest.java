package dev.ostrakon.node.rpc;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnknownFieldSet;
import dev.ostrakon.protocol.v1.ClientFrame;
import dev.ostrakon.protocol.v1.GetRequest;
import dev.ostrakon.protocol.v1.Operation;
import dev.ostrakon.protocol.v1.SessionRequest;
import dev.ostrakon.protocol.v1.Transaction;
import io.vertx.grpc.common.GrpcStatus;
import org.junit.jupiter.api.Test;

class MessageScanTest {
  private static final MessageShape SHAPE = MessageShape.of(ClientFrame.getDescriptor());

  private static void check(byte[] bytes, int max) throws CallRefusedException {
    byte[] within = new byte[bytes.length + 7];
    System.arraycopy(bytes, 0, within, 3, bytes.length);
    MessageScan.check(within, 3, bytes.length, SHAPE, max, "ClientFrame");
  }

  private static void costs(MessageLite message, int elements) {
    byte[] bytes = message.toByteArray();
    assertThatCode(() -> check(bytes, elements)).doesNotThrowAnyException();
    assertThatThrownBy(() -> check(bytes, elements - 1))
        .isInstanceOfSatisfying(
            CallRefusedException.class,
            refused ->
                org.assertj.core.api.Assertions.assertThat(refused.status())
                    .isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED))
        .hasMessageContaining("at most " + (elements - 1) + " elements");
  }

  private static ClientFrame frame(SessionRequest.Builder request) {
    return ClientFrame.newBuilder().setTimestamp(7).setWatermark(8).addRequests(request).build();
  }

  @Test
  void messages_byte_strings_and_packed_numbers_count_and_plain_fields_do_not() {
    SessionRequest.Builder request =
        SessionRequest.newBuilder().setCorrelation(1).setSequence(2).setTimeoutMillis(3);
    costs(frame(request), 1);
    Operation operation = Operation.newBuilder().setKey(ByteString.copyFromUtf8("k")).build();
    costs(frame(request.clone().setOperation(operation)), 3);
    Transaction transaction =
        Transaction.newBuilder()
            .addThen(operation)
            .addThen(Operation.getDefaultInstance())
            .addOtherwise(operation)
            .build();
    costs(frame(request.clone().setTransaction(transaction)), 7);
    for (int i = 0; i < 80; i++) {
      request.addSettled(i);
    }
    costs(frame(request), 11);
  }

  @Test
  void unknown_fields_count() {
    UnknownFieldSet.Builder unknown = UnknownFieldSet.newBuilder();
    UnknownFieldSet.Field.Builder field = UnknownFieldSet.Field.newBuilder();
    for (int i = 0; i < 5; i++) {
      field.addVarint(i).addFixed32(i).addFixed64(i).addLengthDelimited(ByteString.EMPTY);
    }
    unknown.addField(999, field.build());
    costs(ClientFrame.newBuilder().setUnknownFields(unknown.build()).build(), 20);
  }

  @Test
  void what_is_no_message_is_refused() {
    byte[] cut =
        frame(
                SessionRequest.newBuilder()
                    .setOperation(
                        Operation.newBuilder().setKey(ByteString.copyFromUtf8("a key of a key"))))
            .toByteArray();
    for (int length = 10; length < cut.length; length++) {
      byte[] part = java.util.Arrays.copyOf(cut, length);
      if (length != 11) { // There a whole field ends.
        isInvalid(part);
      }
    }
    isInvalid(new byte[] {0x22, 3, 0x22, 3, 0});
    isInvalid(new byte[] {0x0b});
    isInvalid(new byte[] {0x22, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f});
  }

  private static void isInvalid(byte[] bytes) {
    assertThatThrownBy(() -> check(bytes, 1_000))
        .isInstanceOfSatisfying(
            CallRefusedException.class,
            refused ->
                org.assertj.core.api.Assertions.assertThat(refused.status())
                    .isEqualTo(GrpcStatus.INVALID_ARGUMENT))
        .hasMessageContaining("no valid ClientFrame");
  }

  @Test
  void a_type_of_its_own_is_scanned_by_its_own_fields() {
    MessageShape get = MessageShape.of(GetRequest.getDescriptor());
    byte[] bytes =
        GetRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build().toByteArray();
    assertThatCode(() -> MessageScan.check(bytes, 0, bytes.length, get, 1, "GetRequest"))
        .doesNotThrowAnyException();
  }
}
