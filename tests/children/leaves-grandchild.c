// Ends at once, but leaves a grandchild that keeps the output open for a minute. Prints the grandchild's
// process id.
#include <stdio.h>
#include <unistd.h>

int main(void) {
  const pid_t child = fork();
  if (child < 0) return 1;
  if (child == 0) {
    for (int second = 0; second < 60; ++second) sleep(1);
    return 0;
  }
  printf("%d\n", (int)child);
  return 0;
}
