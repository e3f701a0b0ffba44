/* For fully static binaries only: what Debian's libuv and pugixml archives refer to in functions we
 * never call. Their objects are linked whole, and these references would bring the C library's user
 * databases (plug-ins of another libc: a crash) and the C++ library's streams and locales (0.5 MB).
 * Calls are a mistake of ours and end at once; tests/packaging/static_binaries checks the result.
 *
 *   libuv     uv_os_homedir(), uv_os_get_passwd()
 *   pugixml   loading from and saving to streams
 *
 * Also here: what the C++ library does about an exception that nothing catches. Its own handler
 * brings a demangler and the printing that goes with it (60 kB).
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

int getpwuid_r(void);
int getpwuid_r(void) {
  return ENOSYS;
}

#define NEVER_CALLED(name, symbol) \
  void name(void) __asm__(symbol); \
  void name(void) {                \
    abort();                       \
  }

NEVER_CALLED(sv_ostream_write, "_ZNSo5writeEPKcl")
NEVER_CALLED(sv_istream_read, "_ZNSi4readEPcl")
NEVER_CALLED(sv_istream_seekg, "_ZNSi5seekgElSt12_Ios_Seekdir")
NEVER_CALLED(sv_istream_seekg_to, "_ZNSi5seekgESt4fposI11__mbstate_tE")
NEVER_CALLED(sv_istream_tellg, "_ZNSi5tellgEv")
NEVER_CALLED(sv_ios_clear, "_ZNSt9basic_iosIcSt11char_traitsIcEE5clearESt12_Ios_Iostate")
NEVER_CALLED(sv_wostream_write, "_ZNSt13basic_ostreamIwSt11char_traitsIwEE5writeEPKwl")
NEVER_CALLED(sv_wistream_read, "_ZNSt13basic_istreamIwSt11char_traitsIwEE4readEPwl")
NEVER_CALLED(sv_wistream_seekg, "_ZNSt13basic_istreamIwSt11char_traitsIwEE5seekgElSt12_Ios_Seekdir")
NEVER_CALLED(sv_wistream_seekg_to,
             "_ZNSt13basic_istreamIwSt11char_traitsIwEE5seekgESt4fposI11__mbstate_tE")
NEVER_CALLED(sv_wistream_tellg, "_ZNSt13basic_istreamIwSt11char_traitsIwEE5tellgEv")
NEVER_CALLED(sv_wios_clear, "_ZNSt9basic_iosIwSt11char_traitsIwEE5clearESt12_Ios_Iostate")

void sv_terminate(void) __asm__("_ZN9__gnu_cxx27__verbose_terminate_handlerEv");
void sv_terminate(void) {
  static const char kMessage[] = "terminated by an exception that nothing caught\n";
  (void)!write(STDERR_FILENO, kMessage, sizeof kMessage - 1);
  abort();
}
