package dev.ostrakon.cli.torture;

import dev.ostrakon.raft.RandomSource;
import java.util.ArrayList;
import java.util.List;

/** The clients of a workload, by number. */
final class Clients {
  private final List<Client> clients = new ArrayList<>();

  Clients(int count, RandomSource random) {
    for (int i = 0; i < count; i++) {
      clients.add(new Client(i, count, random.fork("client" + i)));
    }
  }

  Client get(int number) {
    return clients.get(number);
  }
}
