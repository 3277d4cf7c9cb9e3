// dispecer-account: who may sign in. `first` makes an operator account where there is none and
// prints its password once.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>

#include "adapters/store/accounts.h"

int main(int argc, char** argv) {
  using namespace dispecer;
  CLI::App app{"Accounts of people who may sign in", "dispecer-account"};
  std::string state_dir;
  std::string person;
  std::string role = "operator";
  app.add_option("--state-dir", state_dir, "Folder of what is kept")->required();
  auto* first = app.add_subcommand("first", "Makes the account 'operator' where there is none");
  auto* set = app.add_subcommand("set", "Makes or changes an account and prints its new password");
  set->add_option("person", person, "Name to sign in with")->required();
  set->add_option("role", role, "viewer, operator, supervisor, police, maintainer or admin");
  app.require_subcommand(1);
  CLI11_PARSE(app, argc, argv);
  const auto file = state_dir + "/accounts";
  auto accounts = store::Accounts::load(file);
  if (!accounts) {
    std::cerr << "dispecer-account: " << accounts.error().message() << "\n";
    return 2;
  }
  if (*first && !accounts->empty()) {
    std::cout << "dispecer: sign in to the console as before; a new password: " << argv[0]
              << " --state-dir " << state_dir << " set NAME ROLE\n";
    return 0;
  }
  const auto known = from_name<Role>(role);
  if (!known || *known == Role::unknown || *known == Role::automaton) {
    std::cerr << "dispecer-account: no role '" << role << "'\n";
    return 2;
  }
  if (*first) person = "operator";
  if (person.find_first_of(" \t\n") != std::string::npos) {
    std::cerr << "dispecer-account: a name has no spaces\n";
    return 2;
  }
  const auto password = store::make_password();
  accounts->set(PersonId{person}, *known, password);
  if (const auto saved = accounts->save(file); !saved) {
    std::cerr << "dispecer-account: " << saved.error().message() << "\n";
    return 2;
  }
  std::cout << "dispecer: sign in to the console as '" << person << "' (" << role
            << ") with password " << password << " (shown once; dispecer-account set changes it)\n";
  return 0;
}
