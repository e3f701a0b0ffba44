# The three kinds of target. Sources are globbed with CONFIGURE_DEPENDS: a layer is its folder, and
# the architecture test checks what may be included from where.

# sv_add_layer(NAME core DIR core LINK sv_base ... [PRIVATE_LINK sv_dep_x ...])
function(sv_add_layer)
  cmake_parse_arguments(A "" "NAME;DIR" "LINK;PRIVATE_LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${A_DIR}/*.cc ${A_DIR}/*/*.cc)
  if(sources)
    add_library(sv_${A_NAME} STATIC ${sources})
    target_include_directories(sv_${A_NAME} PUBLIC ${CMAKE_SOURCE_DIR}/supervisor)
    target_link_libraries(sv_${A_NAME} PUBLIC ${A_LINK} PRIVATE sv_warnings ${A_PRIVATE_LINK})
  else()
    add_library(sv_${A_NAME} INTERFACE)
    target_include_directories(sv_${A_NAME} INTERFACE ${CMAKE_SOURCE_DIR}/supervisor)
    target_link_libraries(sv_${A_NAME} INTERFACE ${A_LINK})
  endif()
endfunction()

# The files in DIR become part of a layer: a generated source file with the table of web/asset.h.
function(sv_embed_assets target dir)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}_assets.cc)
  set(script ${CMAKE_SOURCE_DIR}/scripts/cmake/embed_assets.cmake)
  file(GLOB assets CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${dir}/*)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DDIR=${CMAKE_CURRENT_SOURCE_DIR}/${dir} -P ${script}
    DEPENDS ${script} ${assets} VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()

# sv_add_program(NAME modctl MAIN main.cc LINK ... [ALIASES supervisorctl])
# Aliases are relative links laid beside the program, in the build folder and on install.
function(sv_add_program)
  cmake_parse_arguments(A "" "NAME;MAIN" "LINK;ALIASES" ${ARGN})
  add_executable(${A_NAME} ${A_MAIN} $<$<BOOL:${SV_STATIC}>:${CMAKE_SOURCE_DIR}/supervisor/static_link.c>)
  target_link_libraries(${A_NAME} PRIVATE sv_warnings ${A_LINK})
  set_target_properties(${A_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  install(TARGETS ${A_NAME} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  foreach(alias ${A_ALIASES})
    add_custom_command(TARGET ${A_NAME} POST_BUILD
      COMMAND ${CMAKE_COMMAND} -E create_symlink ${A_NAME} ${CMAKE_BINARY_DIR}/bin/${alias})
    install(CODE "
      set(bin \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
      file(MAKE_DIRECTORY \"\${bin}\")
      file(CREATE_LINK ${A_NAME} \"\${bin}/${alias}\" SYMBOLIC)
      message(STATUS \"Installing link: \${bin}/${alias}\")")
  endforeach()
endfunction()

# Tests run once and are built often: no optimiser, and line numbers only. What they test is built as
# the preset says.
function(sv_fast_to_build target)
  target_compile_options(${target} PRIVATE -O0 -g1 -U_FORTIFY_SOURCE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-clobbered>)  # vfork in a test of the spawner
endfunction()

# sv_add_tests(LAYER core LINK sv_core ...): one executable per x_test.cc in tests/unit/<layer>,
# linked against its layer only, so that a test cannot reach upwards.
function(sv_add_tests)
  cmake_parse_arguments(A "" "LAYER" "LINK" ${ARGN})
  file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${A_LAYER}/*_test.cc)
  foreach(test ${tests})
    get_filename_component(stem ${test} NAME_WE)
    set(target ${A_LAYER}_${stem})
    add_executable(${target} ${test})
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_link_libraries(${target} PRIVATE sv_warnings ${A_LINK} GTest::gmock GTest::gtest_main)
    sv_fast_to_build(${target})
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    gtest_discover_tests(${target} TEST_PREFIX ${A_LAYER}. DISCOVERY_TIMEOUT 60
      PROPERTIES LABELS "unit;${A_LAYER}" TIMEOUT 60)
  endforeach()
endfunction()
