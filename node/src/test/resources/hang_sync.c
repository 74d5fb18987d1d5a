/* Preloaded into a node: fsync and fdatasync do not return while the file $OSTRAKON_HANG_FILE exists. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void hang(void) {
  const char *file = getenv("OSTRAKON_HANG_FILE");
  while (file && access(file, F_OK) == 0) usleep(10000);
}

int fsync(int fd) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  hang();
  return real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  hang();
  return real(fd);
}
