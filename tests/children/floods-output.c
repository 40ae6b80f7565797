// Writes argv[1] MiB as fast as it can, on both streams in turn.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char** argv) {
  char line[1024];
  memset(line, 'x', sizeof line);
  line[sizeof line - 1] = '\n';
  const long lines = (argc > 1 ? atol(argv[1]) : 1) * 1024;
  for (long at = 0; at < lines; ++at)
    if (write(at % 2 == 0 ? STDOUT_FILENO : STDERR_FILENO, line, sizeof line) != (ssize_t)sizeof line)
      return 1;
  return 0;
}
