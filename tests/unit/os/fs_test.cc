#include "os/fs.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temp_dir.h"

namespace sv::os {
namespace {

using test::read_all;
using test::TempDir;

std::size_t entries(const TempDir& dir) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(dir.path())) {
    ++count;
  }
  return count;
}

mode_t mode_of(const std::string& path) {
  struct stat info {};
  ::stat(path.c_str(), &info);
  return info.st_mode & 07777U;
}

TEST(WriteFileAtomically, ReplacesTheFileAndLeavesNothingElse) {
  TempDir dir;
  const std::string file = dir.write("f", "old and longer");
  const UniqueFd reader(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_TRUE(write_file_atomically(file, "new", 0600));
  EXPECT_EQ(read_all(file), "new");
  EXPECT_EQ(mode_of(file), mode_t{0600});
  char old[32] = {};
  EXPECT_EQ(::read(reader.get(), old, sizeof old), 14) << "who had it open keeps the old content";
  EXPECT_EQ(entries(dir), 1U);
}

TEST(WriteFileAtomically, ReplacesASymbolicLinkInsteadOfFollowingIt) {
  TempDir dir;
  const std::string target = dir.write("target", "precious");
  ASSERT_EQ(::symlink(target.c_str(), (dir / "link").c_str()), 0);
  ASSERT_TRUE(write_file_atomically(dir / "link", "x", 0644));
  EXPECT_EQ(read_all(target), "precious");
  EXPECT_EQ(read_all(dir / "link"), "x");
}

TEST(WriteFileAtomically, NeverReplacesADeviceOrDirectory) {
  TempDir dir;
  ASSERT_EQ(::mkfifo((dir / "fifo").c_str(), 0600), 0);
  const auto result = write_file_atomically(dir / "fifo", "x", 0644);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::already_exists);
  EXPECT_FALSE(write_file_atomically(dir.path().string(), "x", 0644));
  EXPECT_EQ(entries(dir), 1U);
}

TEST(WriteFileAtomically, NamesTheReason) {
  const auto result = write_file_atomically("/no/such/dir/f", "x", 0644);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::not_found);
  EXPECT_EQ(result.error().message,
            "cannot create a file beside '/no/such/dir/f': No such file or directory");
}

TEST(Pidfile, HoldsThePidAndIsRemovedOnlyByItsOwner) {
  TempDir dir;
  const std::string file = dir.write("pid", "999999999 something longer");
  ASSERT_TRUE(write_pidfile(file, 123));
  EXPECT_EQ(read_all(file), "123\n");
  remove_pidfile(file, 124);
  EXPECT_EQ(read_all(file), "123\n");
  remove_pidfile(file, 123);
  EXPECT_EQ(read_all(file), "<missing>");
}

TEST(Pidfile, MayBeADevice) {
  ASSERT_TRUE(write_pidfile("/dev/null", 123));
  remove_pidfile("/dev/null", 123);
  struct stat info {};
  ASSERT_EQ(::stat("/dev/null", &info), 0);
  EXPECT_TRUE(S_ISCHR(info.st_mode));
}

TEST(OpenAppend, DoesNotBlockOnAFifoWithoutReader) {
  TempDir dir;
  ASSERT_EQ(::mkfifo((dir / "fifo").c_str(), 0600), 0);
  const auto fd = open_append(dir / "fifo", 0666);
  ASSERT_FALSE(fd);
  EXPECT_EQ(fd.error(), ENXIO);
}

TEST(WriteAll, ReportsWhatADiskThatIsFullTook) {
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  const Written written = write_all(full.get(), "abc");
  EXPECT_EQ(written.bytes, 0U);
  EXPECT_EQ(written.err, ENOSPC);
}

TEST(ReadFile, ReadsARange) {
  TempDir dir;
  const std::string file = dir.write("f", "0123456789");
  EXPECT_EQ(file_size(file), 10U);
  EXPECT_EQ(read_file(file, 0, 100), "0123456789");
  EXPECT_EQ(read_file(file, 3, 4), "3456");
  EXPECT_EQ(read_file(file, 10, 1), "");
  EXPECT_EQ(read_file(file, 11, 1), "");
  EXPECT_EQ(read_file(file, ~0ULL, ~0ULL), "");
}

TEST(ReadFile, RefusesWhatCouldBlock) {
  TempDir dir;
  ASSERT_EQ(::mkfifo((dir / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(read_file(dir / "fifo", 0, 1).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(file_size("/dev/zero").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(read_file(dir / "none", 0, 1).error().code, ErrorCode::not_found);
  EXPECT_EQ(file_size(dir / "none").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace sv::os
