#include "os/user_db.h"

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace sv::os {
namespace {

class UserDb : public ::testing::Test {
 protected:
  test::TempDir dir_;
  UserDbPaths paths_{
      dir_.write("passwd",
                 "root:x:0:0:root:/root:/bin/bash\n"
                 "broken line\n"
                 "mop:x:441:444:Mop,,,:/mnt/home:/bin/sh\n"
                 "1000:x:55:55::/:/bin/false\n"
                 "second:x:441:1::/:/bin/sh\n"),
      dir_.write("group",
                 "root:x:0:\n"
                 "mop:x:444:\n"
                 "video:x:44:alice,mop\n"
                 "mop2:x:444:mop\n"
                 "moppet:x:45:moppet,amop\n"
                 "last:x:46:mop\n"),
  };
};

TEST_F(UserDb, FindsByNameAndByNumber) {
  const auto by_name = find_user("mop", paths_);
  ASSERT_TRUE(by_name);
  EXPECT_EQ(by_name->uid, uid_t{441});
  EXPECT_EQ(by_name->gid, gid_t{444});
  EXPECT_EQ(by_name->home, "/mnt/home");
  EXPECT_EQ(by_name->shell, "/bin/sh");
  const auto by_number = find_user("441", paths_);
  ASSERT_TRUE(by_number);
  EXPECT_EQ(by_number->name, "mop") << "the first entry counts";
}

TEST_F(UserDb, DigitsAreANumberEvenIfAUserIsCalledThat) {
  EXPECT_FALSE(find_user("1000", paths_));
  EXPECT_EQ(find_user("55", paths_)->name, "1000");
}

TEST_F(UserDb, UnknownIsNothing) {
  EXPECT_FALSE(find_user("nobody-here", paths_));
  EXPECT_FALSE(find_user("", paths_));
  EXPECT_FALSE(find_user("4294967295", paths_)) << "the kernel's 'unchanged' is no user";
  EXPECT_FALSE(find_user("99999999999", paths_));
  EXPECT_FALSE(find_user("mop", {dir_ / "missing", dir_ / "missing"}));
  EXPECT_FALSE(find_group("none", paths_));
}

TEST_F(UserDb, FindsGroups) {
  EXPECT_EQ(find_group("video", paths_), gid_t{44});
  EXPECT_EQ(find_group("45", paths_), gid_t{45});
}

TEST_F(UserDb, GroupListHasThePrimaryFirstAndNothingTwice) {
  EXPECT_EQ(group_list(*find_user("mop", paths_), paths_), (std::vector<gid_t>{444, 44, 46}));
  EXPECT_EQ(group_list(*find_user("root", paths_), paths_), (std::vector<gid_t>{0}));
}

TEST_F(UserDb, WithoutAGroupFileThePrimaryGroupRemains) {
  EXPECT_EQ(group_list(*find_user("mop", paths_), {paths_.passwd, dir_ / "missing"}),
            (std::vector<gid_t>{444}));
}

TEST_F(UserDb, LongLinesAreNotCut) {
  std::string members;
  for (int i = 0; i < 5000; ++i) {
    members += "user" + std::to_string(i) + ",";
  }
  const UserDbPaths paths{paths_.passwd, dir_.write("big", "huge:x:77:" + members + "mop\n")};
  EXPECT_EQ(group_list(*find_user("mop", paths), paths), (std::vector<gid_t>{444, 77}));
}

}  // namespace
}  // namespace sv::os
