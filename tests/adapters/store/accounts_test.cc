#include "adapters/store/accounts.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/folder.h"

namespace dispecer::store {
namespace {

TEST(Accounts, APersonSignsInWithTheRightPasswordOnly) {
  const test::Folder f("accounts");
  auto accounts = Accounts::load(f.file("accounts"));
  ASSERT_TRUE(accounts.ok());
  EXPECT_TRUE(accounts->empty());
  accounts->set(PersonId{"ana"}, Role::op, "secret-word");
  ASSERT_TRUE(accounts->save(f.file("accounts")).ok());
  struct stat info {};
  ASSERT_EQ(::stat(f.file("accounts").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  const auto again = Accounts::load(f.file("accounts"));
  ASSERT_TRUE(again.ok());
  const auto actor = again->sign_in(PersonId{"ana"}, "secret-word", WorkplaceId{"seat-1"});
  ASSERT_TRUE(actor.has_value());
  EXPECT_EQ(*actor, (Actor{PersonId{"ana"}, Role::op, WorkplaceId{"seat-1"}}));
  EXPECT_FALSE(again->sign_in(PersonId{"ana"}, "Secret-word", {}).has_value());
  EXPECT_FALSE(again->sign_in(PersonId{"dan"}, "secret-word", {}).has_value());
  EXPECT_EQ(again->role_of(PersonId{"ana"}), Role::op);
}

TEST(Accounts, ABrokenLineIsNamed) {
  const test::Folder f("accounts");
  f.write("accounts", "ana operator $argon2id$x\nbroken\n");
  const auto r = Accounts::load(f.file("accounts"));
  ASSERT_FALSE(r.ok());
  EXPECT_EQ(r.error().cause, "accounts_line");
  EXPECT_NE(r.error().where.find("line 2"), std::string::npos);
}

TEST(Accounts, PasswordsDiffer) {
  EXPECT_NE(make_password(), make_password());
}

}  // namespace
}  // namespace dispecer::store
