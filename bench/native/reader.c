// Reads from a TCP server of this machine as fast as it can, and tells as one line of JSON what came in a stretch of time, what
// CPU time the server's process took for it (Linux), and a hash of the first mebibyte.
//
//   reader PORT PID WARMUP SECONDS

#include <stdint.h>
#include <string.h>
#include "net.h"

enum { BUFFER = 256 * 1024, HASHED = 1024 * 1024 };

// CPU seconds of a process so far, 0 where they are not told.
static double cpu_of(const char *pid) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%s/stat", pid);
  FILE *file = fopen(path, "r");
  if (file == NULL) return 0;
  size_t size = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[size] = '\0';
  // The name, which may have anything in it, ends at the last bracket.
  char *rest = strrchr(text, ')');
  unsigned long user, kernel;
  if (rest == NULL || sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel) != 2) return 0;
  return (double)(user + kernel) / sysconf(_SC_CLK_TCK);
}

static uint64_t line_feeds(const char *bytes, size_t size) {
  uint64_t sum = 0;
  // In stretches that a byte can count, so that the compiler may take many at once.
  for (size_t at = 0; at < size;) {
    size_t end = at + 192 < size ? at + 192 : size;
    uint8_t some = 0;
    for (; at < end; at++) some += bytes[at] == '\n';
    sum += some;
  }
  return sum;
}

int main(int argc, char **argv) {
  if (argc < 5) return fprintf(stderr, "usage: reader PORT PID WARMUP SECONDS\n"), 2;
  double warmup = atof(argv[3]), seconds = atof(argv[4]);
  int server = connect_to(argv[1]);
  static char buffer[BUFFER];
  uint64_t bytes = 0, lines = 0, hash = 14695981039346656037u;
  size_t hashed = 0;
  double start = now(), end = start, cpu = 0;
  int measured = 0;
  for (;;) {
    ssize_t got = recv(server, buffer, BUFFER, 0);
    if (got <= 0) return fprintf(stderr, "the server said no more\n"), 1;
    for (ssize_t at = 0; at < got && hashed < HASHED; at++, hashed++) hash = (hash ^ (uint8_t)buffer[at]) * 1099511628211u;
    end = now();
    if (measured) {
      bytes += got;
      lines += line_feeds(buffer, got);
      if (end - start >= seconds) break;
    } else if (end - start >= warmup) {
      measured = 1;
      start = end;
      cpu = cpu_of(argv[2]);
    }
  }
  printf("{\"bytes\":%llu,\"lines\":%llu,\"seconds\":%.6f,\"cpuSeconds\":%.2f,\"hash\":\"%016llx\"}\n", (unsigned long long)bytes,
         (unsigned long long)lines, end - start, cpu_of(argv[2]) - cpu, (unsigned long long)hash);
  return 0;
}
