package dev.ostrakon.client;

/** A program that does not close its client, and whose first thread has no class loader. */
final class MainWithoutClose {
  private MainWithoutClose() {}

  public static void main(String[] addresses) {
    Thread.currentThread().setContextClassLoader(null);
    OstrakonClient db = OstrakonClient.connect(addresses);
    db.put("from", "main").join();
    System.out.println("put from main");
    throw new IllegalStateException("before close()");
  }
}
