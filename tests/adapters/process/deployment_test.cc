#include "adapters/process/deployment.h"

#include <gtest/gtest.h>

#include "tests/support/folder.h"

namespace dispecer::process {
namespace {

TEST(Deployment, TablesBecomeDottedKeysAndAddressesAreResolved) {
  const test::Folder f("deploy");
  f.write("deploy.toml",
          "[address]\navl = \"127.0.0.1:8001\"\n[journal]\nmax_mib = 100\nlive = true\n");
  f.write("secrets/avl", "hush\n");
  const auto d = Deployment::load(f.file("deploy.toml"), f.file("secrets"));
  ASSERT_TRUE(d.ok()) << d.error().message();
  EXPECT_EQ(d->value("journal.max_mib"), "100");
  EXPECT_EQ(d->value("journal.live"), "true");
  EXPECT_EQ(d->value("nothing"), "");
  EXPECT_EQ(d->resolve("@avl"), "127.0.0.1:8001");
  EXPECT_EQ(d->resolve("@avl/feed"), "127.0.0.1:8001/feed");
  EXPECT_EQ(d->resolve("10.0.0.1:5"), "10.0.0.1:5");
  EXPECT_EQ(d->secret("avl"), "hush");
  EXPECT_EQ(d->secret("../deploy.toml"), "") << "a name is no path";
}

TEST(Deployment, AMissingFileMeansDefaultsAndABadOneIsToldByLineOrKey) {
  const test::Folder f("deploy");
  EXPECT_TRUE(Deployment::load(f.file("none.toml"), f.str()).ok());
  f.write("bad.toml", "[address]\navl = \n");
  const auto bad = Deployment::load(f.file("bad.toml"), f.str());
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().cause, "deploy_syntax");
  EXPECT_NE(bad.error().where.find("line 2"), std::string::npos) << bad.error().where;
  f.write("list.toml", "[address]\navl = [1, 2]\n");
  const auto list = Deployment::load(f.file("list.toml"), f.str());
  EXPECT_EQ(list.error().cause, "deploy_type");
  EXPECT_NE(list.error().where.find("address.avl"), std::string::npos);
}

}  // namespace
}  // namespace dispecer::process
