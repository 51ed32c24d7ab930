// Sends a file to one client of a server of its own over and over, whole each time, as fast as it is read. After the first time
// that ends past WARMUP seconds it prints "from PASSES SECONDS", after the first past SECONDS more "to PASSES SECONDS", and ends.
//
//   stream FILE WARMUP SECONDS

#include <signal.h>
#include <string.h>
#include "net.h"

enum { BLOCK = 256 * 1024 };

static char *load(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) fail(path);
  fseek(file, 0, SEEK_END);
  *size = ftell(file);
  rewind(file);
  char *text = malloc(*size);
  if (fread(text, 1, *size, file) != *size) fail(path);
  fclose(file);
  return text;
}

static void say(const char *what, long passes, double seconds) {
  printf("%s %ld %.6f\n", what, passes, seconds);
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc != 4) return fprintf(stderr, "usage: stream FILE WARMUP SECONDS\n"), 2;
  signal(SIGPIPE, SIG_IGN);
  size_t size;
  char *text = load(argv[1], &size);
  double warmup = atof(argv[2]), seconds = atof(argv[3]);
  int client = serve_one();
  double start = now(), from = 0;
  for (long passes = 1;; passes++) {
    for (size_t at = 0; at < size;) {
      ssize_t sent = send(client, text + at, size - at < BLOCK ? size - at : BLOCK, 0);
      if (sent < 0) fail("send");
      at += sent;
    }
    double time = now() - start;
    if (from == 0) {
      if (time >= warmup) say("from", passes, from = time);
    } else if (time - from >= seconds) {
      say("to", passes, time);
      break;
    }
  }
  close(client);
  return 0;
}
