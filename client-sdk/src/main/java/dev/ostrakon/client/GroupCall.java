package dev.ostrakon.client;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.protocol.CallCodec;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.KvCall;
import dev.ostrakon.protocol.v1.SessionRequest;
import java.util.List;
import java.util.function.Function;

/** A call to one group that changes no data: a page of a scan, a question for an outcome. */
final class GroupCall<T> extends Call<T> {
  private final Function<Router, GroupId> chooser;
  private final Function<GroupId, KvCall> question;
  private final Function<KvAnswer, T> reader;

  /**
   * A call.
   *
   * @param chooser the group by the present configuration
   * @param question what that group is asked
   */
  GroupCall(
      ClientLoop loop,
      long deadlineNanos,
      Function<Router, GroupId> chooser,
      Function<GroupId, KvCall> question,
      Function<KvAnswer, T> reader) {
    super(loop, deadlineNanos, 0);
    this.chooser = chooser;
    this.question = question;
    this.reader = reader;
  }

  @Override
  boolean writes() {
    return false;
  }

  @Override
  SessionRequest.Builder body() {
    GroupId asked = group;
    return CallCodec.body(question.apply(asked == null ? GroupId.CONTROLLER : asked));
  }

  @Override
  Target target(Router router) {
    return new Target(chooser.apply(router), true);
  }

  @Override
  List<Key> keys() {
    return List.of();
  }

  @Override
  T read(KvAnswer answer) {
    return reader.apply(answer);
  }
}
