// Accounts of people who may sign in. Kept in one file of the state folder (mode 0600), a line
// each: name, role, and a password hash (Argon2id, libsodium crypto_pwhash_str).
#pragma once

#include <map>
#include <optional>
#include <string>

#include "fusion/model/actor.h"
#include "fusion/model/result.h"

namespace dispecer::store {

struct Account {
  PersonId person;
  Role role = Role::unknown;
  std::string hash;
};

class Accounts {
 public:
  // A missing file means no accounts. Causes: "accounts_line" (names the line), "accounts_open".
  static Result<Accounts> load(const std::string& file);
  Result<> save(const std::string& file) const;

  void set(const PersonId& person, Role role, const std::string& password);
  // The actor, or nothing where name or password are wrong.
  [[nodiscard]] std::optional<Actor> sign_in(const PersonId& person, const std::string& password,
                                             const WorkplaceId& workplace) const;
  [[nodiscard]] std::optional<Role> role_of(const PersonId& person) const;
  [[nodiscard]] bool empty() const { return accounts_.empty(); }

 private:
  std::map<PersonId, Account> accounts_;
};

// A password that a person can type, from the system's random source.
std::string make_password();

}  // namespace dispecer::store
