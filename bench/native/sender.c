// The peer of `sluice emit --rate max`: a random-line server in C, batched. It says the very lines `sluice emit` says for the
// same seed, in blocks of 128 KiB.
//
//   sender FILE SEED [LINES]     prints "port N", serves one client, until it goes or LINES have been said

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include "net.h"

enum { BLOCK = 128 * 1024, STEP = 16, SLACK = 64 };

static char *table;      // every line with its line feed, one after the other
static uint32_t *starts; // where each begins, and where the last ends
static uint32_t count, longest;

static void load(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) fail(path);
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  table = malloc(size + SLACK);
  if (fread(table, 1, size, file) != (size_t)size || size == 0 || table[size - 1] != '\n') fail("every line ends in a line feed");
  starts = malloc((size + 1) * sizeof *starts);
  starts[0] = 0;
  for (long at = 0; at < size; at++) {
    if (table[at] != '\n') continue;
    starts[++count] = at + 1;
    uint32_t length = starts[count] - starts[count - 1];
    if (length > longest) longest = length;
  }
}

// Mulberry32's number of a line: the state is a sum of equal steps, so it needs no chain.
static inline uint32_t number(uint32_t state) {
  uint32_t mixed = (state ^ (state >> 15)) * (1 | state);
  mixed = (mixed + (mixed ^ (mixed >> 7)) * (61 | mixed)) ^ mixed;
  return mixed ^ (mixed >> 14);
}

static inline __attribute__((always_inline)) char *copy(char *to, const char *from, uint32_t length, uint32_t fixed) {
  // A fixed number of steps, where it is small, spares a mispredicted branch a line.
  if (fixed > 0) for (uint32_t at = 0; at < fixed; at += STEP) memcpy(to + at, from + at, STEP);
  else for (uint32_t at = 0; at < length; at += STEP) memcpy(to + at, from + at, STEP);
  return to + length;
}

// Fills a block with the lines from `state` on, at most `most`; gives its length.
static inline __attribute__((always_inline)) size_t fill(char *block, uint32_t *state, uint64_t *most, uint32_t fixed) {
  char *to = block, *end = block + BLOCK;
  uint32_t s = *state;
  uint64_t left = *most;
  while (left > 0) {
    uint32_t line = ((uint64_t)number(s + 0x6d2b79f5) * count) >> 32;
    uint32_t start = starts[line], length = starts[line + 1] - start;
    if (to + length > end) break;
    to = copy(to, table + start, length, fixed);
    s += 0x6d2b79f5;
    left--;
  }
  *state = s;
  *most = left;
  return to - block;
}

int main(int argc, char **argv) {
  if (argc < 3) return fprintf(stderr, "usage: sender FILE SEED [LINES]\n"), 2;
  signal(SIGPIPE, SIG_IGN);
  load(argv[1]);
  if (longest > BLOCK) return fprintf(stderr, "a line is longer than a block\n"), 2;
  uint32_t state = strtoul(argv[2], NULL, 10);
  uint64_t most = argc > 3 ? strtoull(argv[3], NULL, 10) : UINT64_MAX;

  int client = serve_one();
  char *block = aligned_alloc(64, BLOCK + SLACK + 64);
  while (most > 0) {
    size_t length = longest <= 32   ? fill(block, &state, &most, 32)
                    : longest <= 48 ? fill(block, &state, &most, 48)
                                    : fill(block, &state, &most, 0);
    for (size_t at = 0; at < length;) {
      ssize_t sent = send(client, block + at, length - at, 0);
      if (sent < 0) return errno == EPIPE || errno == ECONNRESET ? 0 : (perror("send"), 1);
      at += sent;
    }
  }
  close(client);
  return 0;
}
