#include "sim/street/sumo_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "adapters/http/held_port.h"

namespace dispecer::sim {
namespace {

// Is somebody listening? Read from the kernel's table, since a trial connection would be taken for
// the client.
bool listening(int port) {
  std::ifstream table("/proc/net/tcp");
  std::string line;
  char wanted[8];
  std::snprintf(wanted, sizeof wanted, ":%04X", port);
  for (std::getline(table, line); std::getline(table, line);) {
    std::string number, local, remote, state;
    std::istringstream(line) >> number >> local >> remote >> state;
    if (state == "0A" && local.ends_with(wanted)) return true;
  }
  return false;
}

std::string tail(const std::string& file) {
  std::ifstream in(file);
  std::string text, line;
  while (std::getline(in, line)) {
    if (line.find("Error") != std::string::npos || line.find("Assertion") != std::string::npos)
      text += (text.empty() ? "" : "; ") + line.substr(0, 300);
  }
  return text.substr(0, 1000);
}

}  // namespace

void ensure_sumo_home() {
  if (std::getenv("SUMO_HOME") == nullptr && std::filesystem::exists("/usr/share/sumo"))
    ::setenv("SUMO_HOME", "/usr/share/sumo", 0);
}

Undisturbed::Undisturbed() {
  sigset_t every;
  ::sigfillset(&every);
  // A fault of our own must still be seen as one.
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) ::sigdelset(&every, fault);
  ::pthread_sigmask(SIG_BLOCK, &every, &before_);
}
Undisturbed::~Undisturbed() {
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

Result<SumoProcess> SumoProcess::start(std::vector<std::string> options,
                                       const std::string& log_file) {
  ensure_sumo_home();
  // Held until SUMO listens there.
  const auto held = http::HeldPort::hold("127.0.0.1", 0);
  if (!held) return Error{"sumo_start", held.error().what, held.error().where};
  const int port = held->port();
  options.insert(options.begin(), "sumo");
  options.insert(options.end(), {"--remote-port", std::to_string(port)});
  std::vector<char*> argv;
  for (auto& o : options) argv.push_back(o.data());
  argv.push_back(nullptr);
  const auto log = log_file.empty() ? std::string("/dev/null") : log_file;
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return Error{"sumo_start", std::strerror(errno), ""};
  if (pid == 0) {
    sigset_t none;
    ::sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    // Its own group, so that Ctrl-C reaches it through us.
    ::setpgid(0, 0);
    const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd >= 0) {
      ::dup2(fd, 1);
      ::dup2(fd, 2);
    }
    ::execvp("sumo", argv.data());
    ::_exit(127);
  }
  SumoProcess process(pid, port);
  // A day of demand for a town loads in well under a minute.
  for (int i = 0; i < 6000; ++i) {
    if (listening(port)) return process;
    if (const auto how = process.ended(); !how.empty()) {
      const auto words = tail(log);
      return Error{"sumo_start",
                   how + (how.ends_with("127") ? ": is the Debian package sumo installed?" : "") +
                       (words.empty() ? "" : ": " + words),
                   log_file};
    }
    ::usleep(20'000);
  }
  return Error{"sumo_start", "does not listen after two minutes", log_file};
}

SumoProcess::SumoProcess(SumoProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), port_(other.port_), how_(std::move(other.how_)) {}

SumoProcess::~SumoProcess() {
  if (pid_ <= 0 || !ended().empty()) return;
  // It ends by itself when the client closes; not for ever.
  for (int i = 0; i < 100; ++i) {
    if (!ended().empty()) return;
    ::usleep(20'000);
  }
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

std::string SumoProcess::ended() {
  if (pid_ <= 0) return how_;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return "";
  pid_ = -1;
  how_ = WIFSIGNALED(status) ? "sumo was ended by signal " + std::to_string(WTERMSIG(status))
                             : "sumo ended with code " + std::to_string(WEXITSTATUS(status));
  return how_;
}

}  // namespace dispecer::sim
