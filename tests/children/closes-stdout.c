// Closes its output at once, goes on for a while, ends with exit code 3.
#include <unistd.h>

int main(void) {
  close(STDOUT_FILENO);
  close(STDERR_FILENO);
  usleep(200 * 1000);
  return 3;
}
