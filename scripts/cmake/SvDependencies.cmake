# Every third-party library, one interface target each, from Debian's packages.
# The archives are linked in every flavour: an image then needs nothing but the binaries.
# Traps these definitions avoid are listed in docs/design/architecture.md ("Libraries").

find_package(Threads REQUIRED)

function(sv_find_archive target archive header)
  find_library(${target}_ARCHIVE NAMES ${archive} REQUIRED)
  find_path(${target}_INCLUDE ${header} REQUIRED)
  add_library(${target} INTERFACE)
  target_include_directories(${target} SYSTEM INTERFACE ${${target}_INCLUDE})
  target_link_libraries(${target} INTERFACE ${${target}_ARCHIVE})
endfunction()

sv_find_archive(sv_dep_uv libuv_a.a uv.h)
target_link_libraries(sv_dep_uv INTERFACE Threads::Threads ${CMAKE_DL_LIBS})
sv_find_archive(sv_dep_inih libinih.a ini.h)
sv_find_archive(sv_dep_pugixml libpugixml.a pugixml.hpp)

# Debian ships no static spdlog or fmt, and spdlog::spdlog_header_only links the *shared* libfmt. The
# separator keeps fmt away from std::locale, which is half a megabyte.
find_path(SV_SPDLOG_INCLUDE spdlog/spdlog.h REQUIRED)
find_path(SV_FMT_INCLUDE fmt/core.h REQUIRED)
add_library(sv_dep_spdlog INTERFACE)
target_include_directories(sv_dep_spdlog SYSTEM INTERFACE ${SV_SPDLOG_INCLUDE} ${SV_FMT_INCLUDE})
target_compile_definitions(sv_dep_spdlog INTERFACE SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY=1
  "FMT_STATIC_THOUSANDS_SEPARATOR=','")
target_link_libraries(sv_dep_spdlog INTERFACE Threads::Threads)

find_path(SV_JSON_INCLUDE nlohmann/json.hpp REQUIRED)
add_library(sv_dep_json INTERFACE)
target_include_directories(sv_dep_json SYSTEM INTERFACE ${SV_JSON_INCLUDE})

find_path(SV_EXPECTED_INCLUDE tl/expected.hpp REQUIRED)
add_library(sv_dep_expected INTERFACE)
target_include_directories(sv_dep_expected SYSTEM INTERFACE ${SV_EXPECTED_INCLUDE})

# llhttp comes as generated C in Debian's node-llhttp; three files, compiled here.
find_path(SV_LLHTTP_SOURCE llhttp.c PATHS /usr/share/llhttp REQUIRED)
find_path(SV_LLHTTP_INCLUDE llhttp.h PATHS /usr/share/include/llhttp /usr/include REQUIRED)
add_library(sv_dep_llhttp STATIC
  ${SV_LLHTTP_SOURCE}/llhttp.c ${SV_LLHTTP_SOURCE}/http.c ${SV_LLHTTP_SOURCE}/api.c)
target_include_directories(sv_dep_llhttp SYSTEM PUBLIC ${SV_LLHTTP_INCLUDE})

# Line editing for the client's shell; without it the shell reads plain lines.
find_library(SV_EDIT_ARCHIVE NAMES libedit.a)
find_path(SV_EDIT_INCLUDE histedit.h)
add_library(sv_dep_edit INTERFACE)
if(SV_EDIT_ARCHIVE AND SV_EDIT_INCLUDE)
  find_library(SV_TINFO_ARCHIVE NAMES libtinfo.a REQUIRED)
  find_library(SV_BSD_ARCHIVE NAMES libbsd.a REQUIRED)
  find_library(SV_MD_ARCHIVE NAMES libmd.a REQUIRED)
  target_include_directories(sv_dep_edit SYSTEM INTERFACE ${SV_EDIT_INCLUDE})
  target_compile_definitions(sv_dep_edit INTERFACE SV_HAVE_LIBEDIT=1)
  target_link_libraries(sv_dep_edit INTERFACE
    ${SV_EDIT_ARCHIVE} ${SV_TINFO_ARCHIVE} ${SV_BSD_ARCHIVE} ${SV_MD_ARCHIVE})
else()
  message(STATUS "libedit not found: modctl's shell will have no line editing")
  target_compile_definitions(sv_dep_edit INTERFACE SV_HAVE_LIBEDIT=0)
endif()
