#include "tests/bench/estimate/children.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <sstream>

namespace dispecer::bench {
namespace {

struct Child {
  std::size_t run = 0;
  pid_t pid = 0;
  std::string text;
};

std::string pack(const Result<Sums>& result) {
  if (!result) return "error " + result.error().message() + "\n";
  std::ostringstream out;
  out.precision(17);
  for (const auto& [name, value] : *result) out << name << ' ' << value << '\n';
  out << "end 1\n";
  return out.str();
}

Result<Sums> unpack(const std::string& text, int status) {
  if (text.starts_with("error ")) return Error{"run", text.substr(6, text.size() - 7), ""};
  std::istringstream in(text);
  Sums sums;
  std::string name;
  double value = 0;
  while (in >> name >> value) sums[name] = value;
  if (sums.erase("end") == 1) return sums;
  return Error{"child_died", "status " + std::to_string(status), "run"};
}

[[noreturn]] void be_child(const EstimateOptions& options, int out) {
  const auto text = pack(run_estimate(options));
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

}  // namespace

std::vector<Result<Sums>> run_estimates(const std::vector<EstimateOptions>& runs,
                                        unsigned at_once) {
  std::vector<Result<Sums>> results(runs.size(),
                                    Result<Sums>(Error{"not_run", "no child was started", "run"}));
  std::map<int, Child> open;  // by the reading end of its pipe
  std::size_t next = 0;
  while (next < runs.size() || !open.empty()) {
    while (next < runs.size() && open.size() < std::max(1U, at_once)) {
      int ends[2];
      if (::pipe(ends) != 0) return results;
      std::fflush(nullptr);
      const pid_t pid = ::fork();
      if (pid == 0) {
        ::close(ends[0]);
        be_child(runs[next], ends[1]);
      }
      ::close(ends[1]);
      if (pid < 0) {
        ::close(ends[0]);
        return results;
      }
      open[ends[0]] = {next++, pid, ""};
    }
    std::vector<pollfd> waits;
    for (const auto& [fd, child] : open) waits.push_back({fd, POLLIN, 0});
    if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) return results;
    for (const auto& wait : waits) {
      if (wait.revents == 0) continue;
      char buffer[4096];
      const auto n = ::read(wait.fd, buffer, sizeof buffer);
      auto& child = open[wait.fd];
      if (n > 0) {
        child.text.append(buffer, static_cast<std::size_t>(n));
        continue;
      }
      if (n < 0 && errno == EINTR) continue;
      int status = 0;
      ::waitpid(child.pid, &status, 0);
      results[child.run] = unpack(child.text, status);
      ::close(wait.fd);
      open.erase(wait.fd);
    }
  }
  return results;
}

}  // namespace dispecer::bench
