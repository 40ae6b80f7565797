// Has a child that computes for argv[1] milliseconds, says "ready" and sleeps. Nobody waits for that child
// (SIGCHLD is ignored), so what it used is lost when SIGINT ends it; this process ends a moment after it.
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  signal(SIGCHLD, SIG_IGN);
  const pid_t child = fork();
  if (child < 0) return 1;
  if (child == 0) {
    while (clock() / (CLOCKS_PER_SEC / 1000) < atol(argv[1])) {
    }
    if (write(STDOUT_FILENO, "ready\n", 6) != 6) return 1;
    pause();
    return 0;
  }
  signal(SIGINT, SIG_IGN);
  while (waitpid(child, NULL, 0) > 0) {
  }
  return 0;
}
