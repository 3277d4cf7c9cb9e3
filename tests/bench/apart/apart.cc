#include "tests/bench/apart/apart.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <map>

namespace dispecer::bench {
namespace {

struct Child {
  std::size_t number = 0;
  pid_t pid = 0;
};

[[noreturn]] void be_child(const std::string& text, int out) {
  std::size_t done = 0;
  while (done < text.size()) {
    const auto n = ::write(out, text.data() + done, text.size() - done);
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  std::fflush(stderr);
  // Neither destructors nor exit handlers of the parent may run here.
  ::_exit(0);
}

// One more child; its reading end, or below 0 where there could be none.
int start(std::size_t number, const std::function<std::string(std::size_t)>& work,
          std::map<int, Child>& open) {
  int ends[2];
  if (::pipe(ends) != 0) return -1;
  std::fflush(nullptr);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(ends[0]);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    be_child(work(number), ends[1]);
  }
  ::close(ends[1]);
  if (pid < 0) {
    ::close(ends[0]);
    return -1;
  }
  open[ends[0]] = {number, pid};
  return ends[0];
}

}  // namespace

std::vector<std::string> run_apart(std::size_t count, unsigned at_once,
                                   const std::function<std::string(std::size_t)>& work) {
  std::vector<std::string> texts(count);
  std::map<int, Child> open;  // by the reading end of its pipe
  std::size_t next = 0;
  while (next < count || !open.empty()) {
    while (next < count && open.size() < std::max(1U, at_once)) {
      if (start(next, work, open) < 0) return texts;
      ++next;
    }
    std::vector<pollfd> waits;
    for (const auto& [fd, child] : open) waits.push_back({fd, POLLIN, 0});
    if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) return texts;
    for (const auto& wait : waits) {
      if (wait.revents == 0) continue;
      char buffer[4096];
      const auto n = ::read(wait.fd, buffer, sizeof buffer);
      const auto child = open.at(wait.fd);
      if (n > 0) {
        texts[child.number].append(buffer, static_cast<std::size_t>(n));
        continue;
      }
      if (n < 0 && errno == EINTR) continue;
      ::waitpid(child.pid, nullptr, 0);
      ::close(wait.fd);
      open.erase(wait.fd);
    }
  }
  return texts;
}

}  // namespace dispecer::bench
