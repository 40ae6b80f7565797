// Leaves an orphan that touches argv[2] MiB and computes for argv[1] milliseconds while this process only
// waits for it through a pipe, as bubblewrap's outer process does: whoever counts resources must see what the
// orphan used.
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long cpu_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  int ends[2];
  if (pipe(ends) != 0) return 1;
  const pid_t child = fork();
  if (child < 0) return 1;
  if (child == 0) {
    close(ends[0]);
    const size_t bytes = (size_t)atol(argv[2]) << 20;
    char* memory = malloc(bytes);
    if (memory == NULL) return 1;
    volatile char seen = 0;
    do {
      memset(memory, (int)cpu_milliseconds(), bytes);
      seen = memory[bytes / 2];
    } while (cpu_milliseconds() < atol(argv[1]));
    (void)seen;
    return 0;
  }
  close(ends[1]);
  char byte;
  return read(ends[0], &byte, 1) == 0 ? 0 : 1;
}
