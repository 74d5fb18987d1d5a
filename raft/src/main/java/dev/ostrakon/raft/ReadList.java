package dev.ostrakon.raft;

import java.util.Arrays;

/** Reads with where they came from: two arrays that grow together, so a read costs no object. */
final class ReadList {

  private static final int INITIAL_CAPACITY = 8;

  private ReplicaId[] origins = new ReplicaId[INITIAL_CAPACITY];
  private long[] requestIds = new long[INITIAL_CAPACITY];
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(ReplicaId origin, long requestId) {
    if (size == requestIds.length) {
      origins = Arrays.copyOf(origins, 2 * size);
      requestIds = Arrays.copyOf(requestIds, 2 * size);
    }
    origins[size] = origin;
    requestIds[size] = requestId;
    size++;
  }

  ReplicaId origin(int position) {
    return origins[position];
  }

  long requestId(int position) {
    return requestIds[position];
  }
}
