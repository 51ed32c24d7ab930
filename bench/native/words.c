/* The word counter on a file in memory: reads it as often as it is told and prints the CPU milliseconds of each round, then the
 * distinct words and all.
 *
 *   words FILE ROUNDS */
#include <time.h>
#include "words.h"

enum { CHUNK = 1 << 16 };

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  FILE *file = fopen(argv[1], "rb");
  if (!file) return 1;
  fseek(file, 0, SEEK_END);
  size_t size = ftell(file);
  rewind(file);
  uint8_t *text = calloc(1, size + 128);
  if (fread(text, 1, size, file) != size) return 1;
  for (int round = atoi(argv[2]); round > 0; round--) {
    clock_t start = clock();
    begin();
    const uint8_t *word = text;
    for (size_t at = 0; at < size; at += CHUNK) word = feed(word, text + at, text + (at + CHUNK < size ? at + CHUNK : size));
    printf("%.3f\n", (clock() - start) * 1e3 / CLOCKS_PER_SEC);
  }
  uint64_t words = 0;
  for (uint32_t i = 0; i < 1u << bits; i++) words += table[i].second >> 32;
  for (uint32_t i = 0; i < 1u << long_bits; i++) words += long_table[i].count;
  printf("%u %llu\n", filled + long_filled, (unsigned long long)words);
  return 0;
}
