// Writes without a line end, then dies by a signal.
#include <signal.h>
#include <unistd.h>

int main(void) {
  const char text[] = "half a line";
  if (write(STDOUT_FILENO, text, sizeof text - 1) < 0) return 1;
  raise(SIGSEGV);
  return 0;
}
