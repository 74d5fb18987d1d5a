package dev.ostrakon.group;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.model.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command on its way into the log, and everybody who waits for what it comes to. */
final class Submission {
  private final Command command;
  private final long bytes;
  private final PendingCall<CommandResult> first;

  /** Whoever sent the same once more; null while nobody has. */
  private @Nullable List<PendingCall<CommandResult>> others;

  private boolean isLogged;

  Submission(Command command, long bytes, PendingCall<CommandResult> first) {
    this.command = command;
    this.bytes = bytes;
    this.first = first;
  }

  Command command() {
    return command;
  }

  long bytes() {
    return bytes;
  }

  /** What a copy of it has in common with it; null for a command that is logged again. */
  static @Nullable Request requestOf(Command command) {
    if (command instanceof Command.Execute execute) {
      return execute.request();
    }
    return command instanceof Command.Order order ? order.request() : null;
  }

  /** Whether a command asks for the same. */
  boolean isCopiedBy(Command other) {
    Request mine = requestOf(command);
    Request its = requestOf(other);
    return mine != null
        && its != null
        && command.kind() == other.kind()
        && mine.fingerprint() == its.fingerprint();
  }

  void join(PendingCall<CommandResult> call) {
    if (isLogged) {
      call.logged();
    }
    if (others == null) {
      others = new ArrayList<>(2);
    }
    others.removeIf(PendingCall::isEnded);
    others.add(call);
  }

  /** Whether anybody waits for it. */
  boolean isWanted() {
    if (!first.isEnded()) {
      return true;
    }
    return others != null && others.stream().anyMatch(call -> !call.isEnded());
  }

  /** From now on the log may hold it. */
  void logged() {
    isLogged = true;
    first.logged();
    if (others != null) {
      others.forEach(PendingCall::logged);
    }
  }

  void end(FrontAnswer<CommandResult> answer) {
    first.end(answer);
    if (others != null) {
      List.copyOf(others).forEach(call -> call.end(answer));
    }
  }
}
