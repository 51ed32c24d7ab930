// Reads a TCP server of this machine to its end, counts the words and prints each with its count: what a program does that has
// nothing to do but this. The bytes land behind the unfinished word of the read before, so nothing else is copied.
//
//   count PORT

#include "net.h"
#include "words.h"

enum { READ = 256 * 1024, KEPT = 1024 * 1024, SLACK = 128 };

static void print_all(void) {
  for (uint32_t i = 0; i < 1u << bits; i++) {
    if (table[i].second >> 32 == 0) continue;
    uint8_t word[16];
    memcpy(word, &table[i].first, 8);
    memcpy(word + 8, &table[i].second, 8);
    printf("%u %.*s\n", (uint32_t)(table[i].second >> 32), word[11], word);
  }
  for (uint32_t i = 0; i < 1u << long_bits; i++)
    if (long_table[i].count) printf("%u %.*s\n", long_table[i].count, (int)long_table[i].length, arena + long_table[i].start);
}

int main(int argc, char **argv) {
  if (argc != 2) return fprintf(stderr, "usage: count PORT\n"), 2;
  int server = connect_to(argv[1]);
  uint8_t *input = (uint8_t *)aligned_alloc(64, KEPT + READ + SLACK) + KEPT;
  begin();
  const uint8_t *word = input;
  for (;;) {
    ssize_t got = recv(server, input, READ, 0);
    if (got <= 0) break;
    word = feed(word, input, input + got);
    size_t kept = input + got - word;
    if (kept > KEPT) return fprintf(stderr, "a word is too long\n"), 1;
    memmove(input - kept, word, kept);
    word = input - kept;
  }
  print_all();
  return 0;
}
