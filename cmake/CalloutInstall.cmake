# cmake --install BUILD [--prefix DIR] [--strip]: the command and the daemons, the shipped policies and calendars, the documentation.
include(GNUInstallDirs)
foreach(program callout callout-intake callout-sla callout-dispatch callout-notify)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  endif()
endforeach()
foreach(room policies calendars)
  install(DIRECTORY "${CMAKE_SOURCE_DIR}/${room}" DESTINATION "${CMAKE_INSTALL_DATADIR}/callout" FILES_MATCHING PATTERN "*.yaml")
endforeach()
install(DIRECTORY "${CMAKE_SOURCE_DIR}/docs/" DESTINATION "${CMAKE_INSTALL_DOCDIR}" OPTIONAL FILES_MATCHING PATTERN "*.md")

# Man pages, where somebody asked for them: cmake --build build --target man.
add_custom_target(man COMMAND "${CMAKE_SOURCE_DIR}/scripts/man-pages" "${CMAKE_BINARY_DIR}" "${CMAKE_BINARY_DIR}/man" VERBATIM
                  DEPENDS callout callout-intake callout-sla callout-dispatch callout-notify)
install(DIRECTORY "${CMAKE_BINARY_DIR}/man/" DESTINATION "${CMAKE_INSTALL_MANDIR}" OPTIONAL)
