#include "adapters/store/accounts.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace dispecer::store {

Result<Accounts> Accounts::load(const std::string& file) {
  Accounts accounts;
  if (!std::filesystem::exists(file)) return accounts;
  std::ifstream in(file);
  if (!in) return Error{"accounts_open", "cannot be read", file};
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.empty()) continue;
    std::istringstream words(line);
    std::string person;
    std::string role;
    std::string hash;
    words >> person >> role >> hash;
    const auto known = from_name<Role>(role);
    if (hash.empty() || !known) {
      return Error{"accounts_line", "expected 'name role hash'",
                   file + " line " + std::to_string(number)};
    }
    accounts.accounts_[PersonId{person}] = {PersonId{person}, *known, hash};
  }
  return accounts;
}

Result<> Accounts::save(const std::string& file) const {
  const auto draft = file + ".new";
  std::string text;
  for (const auto& [person, account] : accounts_) {
    text += person.str() + " " + std::string(to_name(account.role)) + " " + account.hash + "\n";
  }
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written = fd >= 0 &&
                       ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!written || ::rename(draft.c_str(), file.c_str()) != 0)
    return Error{"accounts_open", "cannot be written", file};
  return Ok{};
}

void Accounts::set(const PersonId& person, Role role, const std::string& password) {
  ensure(sodium_init() >= 0);
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  ensure(crypto_pwhash_str(hash.data(), password.data(), password.size(),
                           crypto_pwhash_OPSLIMIT_INTERACTIVE,
                           crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0);
  hash.resize(hash.find('\0'));
  accounts_[person] = {person, role, hash};
}

std::optional<Actor> Accounts::sign_in(const PersonId& person, const std::string& password,
                                       const WorkplaceId& workplace) const {
  ensure(sodium_init() >= 0);
  const auto it = accounts_.find(person);
  if (it == accounts_.end() ||
      crypto_pwhash_str_verify(it->second.hash.c_str(), password.data(), password.size()) != 0) {
    return std::nullopt;
  }
  return Actor{person, it->second.role, workplace};
}

std::optional<Role> Accounts::role_of(const PersonId& person) const {
  const auto it = accounts_.find(person);
  return it == accounts_.end() ? std::nullopt : std::optional<Role>(it->second.role);
}

std::string make_password() {
  ensure(sodium_init() >= 0);
  static constexpr std::string_view kLetters = "abcdefghijkmnpqrstuvwxyz23456789";
  std::string text;
  for (int i = 0; i < 12; ++i) {
    if (i == 4 || i == 8) text += '-';
    text += kLetters[randombytes_uniform(static_cast<std::uint32_t>(kLetters.size()))];
  }
  return text;
}

}  // namespace dispecer::store
