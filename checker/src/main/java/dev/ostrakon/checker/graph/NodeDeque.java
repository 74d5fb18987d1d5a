package dev.ostrakon.checker.graph;

/** A queue of nodes with two ends, without an object for each. */
final class NodeDeque {
  private int[] ring = new int[64]; // Its length is a power of two.
  private int first;
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  void clear() {
    size = 0;
  }

  void addFirst(int node) {
    makeRoom();
    first = (first - 1) & (ring.length - 1);
    ring[first] = node;
    size++;
  }

  void addLast(int node) {
    makeRoom();
    ring[(first + size) & (ring.length - 1)] = node;
    size++;
  }

  int removeFirst() {
    int node = ring[first];
    first = (first + 1) & (ring.length - 1);
    size--;
    return node;
  }

  private void makeRoom() {
    if (size < ring.length) {
      return;
    }
    int[] larger = new int[2 * ring.length];
    System.arraycopy(ring, first, larger, 0, size - first);
    System.arraycopy(ring, 0, larger, size - first, first);
    ring = larger;
    first = 0;
  }
}
