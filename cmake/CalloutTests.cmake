# All unit tests, without the daemons: what a build with sanitizers makes.
add_custom_target(unit_tests)

# callout_add_unit_test(name LIB...): tests/unit/<name>.c, a Check program without socket, database or clock.
function(callout_add_unit_test name)
  add_executable(${name} "${name}.c")
  target_link_libraries(${name} PRIVATE ${ARGN} PkgConfig::check callout::flags)
  target_compile_options(${name} PRIVATE -Wno-pedantic) # Check's macros use GNU variadics
  add_dependencies(unit_tests ${name})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS unit)
endfunction()

# callout_add_integration_test(name LIB...): tests/integration/<name>.c, a Check program that needs sockets, files or
# processes of this machine but no set-up.
function(callout_add_integration_test name)
  add_executable(${name} "${name}.c")
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}/tests/unit") # check_main.h
  target_link_libraries(${name} PRIVATE ${ARGN} PkgConfig::check callout::flags)
  target_compile_options(${name} PRIVATE -Wno-pedantic) # Check's macros use GNU variadics
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS integration TIMEOUT 300)
endfunction()

# callout_add_script_test(name LABEL COMMAND...): a script that needs the PostgreSQL of the run (tests/README.md).
function(callout_add_script_test name label)
  add_test(NAME ${name} COMMAND ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS ${label})
endfunction()
