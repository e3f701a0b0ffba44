# Language level, warnings, hardening and sanitizers, as directory-wide defaults.
# All of the tree is ours, so nothing here needs to be per target; third-party headers come in as
# SYSTEM (SvDependencies.cmake) and are not subject to the warnings.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

# Rebuilding the same file in another tree costs nothing where ccache is installed. Not in a clone elsewhere: tests find
# the sources by __FILE__, which has to be absolute.
find_program(SV_CCACHE ccache)
if(SV_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${SV_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SV_CCACHE})
endif()

add_library(sv_warnings INTERFACE)
target_compile_options(sv_warnings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
  -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual -Wswitch-enum
  -Wimplicit-fallthrough -Wundef>)
if(SV_WERROR)
  target_compile_options(sv_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()

# Unused functions go; what libraries refer to nevertheless is met by supervisor/static_link.c.
add_compile_options(-ffunction-sections -fdata-sections)
add_link_options(-Wl,--gc-sections)

if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
elseif(NOT SV_SANITIZE)
  add_compile_definitions(_FORTIFY_SOURCE=2)
endif()

if(NOT SV_SANITIZE)
  add_compile_options(-fstack-protector-strong -fstack-clash-protection)
  # Nothing checks the marks in a static program: neither its libc nor the kernel. They are 28 kB.
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|i.86" AND NOT SV_STATIC)
    add_compile_options(-fcf-protection)
  endif()
  add_link_options(-Wl,-z,relro,-z,now)
endif()

if(SV_SANITIZE)
  add_compile_options(-fsanitize=${SV_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SV_SANITIZE})
endif()

if(SV_STATIC)
  add_link_options(-static)
  # Templates make many functions of the same code: folding them saves 61 kB of modinit's 2.5 MB.
  # "safe" leaves alone what has its address compared.
  include(CheckLinkerFlag)
  check_linker_flag(CXX "-fuse-ld=gold;-Wl,--icf=safe" SV_HAVE_ICF)
  if(SV_HAVE_ICF)
    add_link_options(-fuse-ld=gold -Wl,--icf=safe)
  endif()
elseif(NOT SV_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # "Mostly static": only glibc stays shared, so one binary serves every Debian-like image.
  add_link_options(-static-libstdc++ -static-libgcc)
endif()
